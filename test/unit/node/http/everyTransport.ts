import assert from 'node:assert/strict';
import type { Server, Socket } from 'node:net';
import type { ConnectionProblem } from '../../../../src/core/pacing/retryPolicy';
import { FetchTransport } from '../../../../src/node/http/fetchTransport';
import {
  TRANSPORT_TIMEOUTS,
  TransportFailure,
  type HttpTransport,
  type TransportTimeouts,
} from '../../../../src/node/http/transport';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { RawServer } from '../../../fakes/rawServer';
import { ScriptedServer, type ScriptedAnswer, type ScriptedServerOptions } from '../../../fakes/scriptedServer';
import { errorFrom } from '../problems';

/** So short that a test does not wait, so long that a busy machine answers within. */
export const SHORT_MS = 300;

const TRANSPORTS: Readonly<Record<string, (timeouts: TransportTimeouts) => HttpTransport>> = {
  UndiciTransport: (timeouts) => new UndiciTransport(timeouts),
  FetchTransport: (timeouts) => new FetchTransport(timeouts),
};

/** Servers and transports for a test; all are closed behind it. */
export interface TransportTest {
  /** The transport's class. */
  readonly transportName: string;
  readonly transport: (timeouts?: Partial<TransportTimeouts>) => HttpTransport;
  readonly scripted: (answers: readonly ScriptedAnswer[], options?: ScriptedServerOptions) => Promise<ScriptedServer>;
  readonly raw: (onConnection: (socket: Socket) => void, server?: Server) => Promise<RawServer>;
}

/** The same tests for every transport: nobody should notice which of them carries a request. */
export function forEveryTransport(title: string, tests: (test: TransportTest) => void): void {
  for (const [name, make] of Object.entries(TRANSPORTS)) {
    describe(`${name}: ${title}`, () => {
      const opened: (() => Promise<void>)[] = [];
      afterEach(async () => {
        for (const close of opened.splice(0).reverse()) await close();
        // Where a promise was rejected and nobody looked, mocha hears of it now and not in the next test.
        await new Promise((resolve) => setImmediate(resolve));
      });
      tests({
        transportName: name,
        transport: (changes = {}) => {
          const made = make({ ...TRANSPORT_TIMEOUTS, ...changes });
          opened.push(() => made.dispose());
          return made;
        },
        scripted: async (answers, options) => {
          const server = await ScriptedServer.start(answers, options);
          opened.push(() => server.close());
          return server;
        },
        raw: async (onConnection, below) => {
          const server = await RawServer.start(onConnection, below);
          opened.push(() => server.close());
          return server;
        },
      });
    });
  }
}

/** What keeps an answer from coming. */
export async function failure(work: Promise<unknown>): Promise<[problem: ConnectionProblem, reason: string]> {
  const error = await errorFrom(work);
  if (!(error instanceof TransportFailure)) throw error;
  return [error.problem, error.reason];
}

/** Aborts as soon as it is ready; what is thrown has to be the very reason. */
export async function assertAborts(
  start: (signal: AbortSignal) => Promise<unknown>,
  ready: Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  const reason = new Error('enough');
  const outcome = errorFrom(start(stop.signal));
  await ready;
  stop.abort(reason);
  assert.equal(await outcome, reason);
}

/** A promise, and the function that keeps it. */
export function event(): { readonly happened: Promise<void>; readonly happens: () => void } {
  let happens: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => (happens = resolve));
  return { happened, happens };
}
