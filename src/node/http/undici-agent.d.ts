/**
 * The only file of undici that we need. The package's entry also loads fetch, WebSocket, caches and mocks: bundled, it is twice as large
 * and takes twice as long to load. The package's types cover only the entry, and do not allow an async iterable as a body, which the code
 * accepts.
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
