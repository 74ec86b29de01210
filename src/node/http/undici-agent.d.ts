/**
 * The one file of undici that we need. The package's own entry brings fetch, WebSocket, caches and mocks along: bundled it is
 * twice as large and loads for twice as long. Its types name no file but the entry, and no async iterable as a body, which the
 * code takes.
 */
declare module 'undici/lib/dispatcher/agent.js' {
  import type { Agent as WholeAgent, Dispatcher } from 'undici';

  /** A connection pool for any number of servers. */
  export default class Agent {
    constructor(options: WholeAgent.Options);
    dispatch(
      options: Omit<Dispatcher.DispatchOptions, 'body'> & { readonly body: AsyncIterable<Uint8Array> | null },
      handler: Dispatcher.DispatchHandler,
    ): boolean;
    destroy(): Promise<void>;
  }
}
