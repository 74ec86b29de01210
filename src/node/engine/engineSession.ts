import http from 'node:http';
import type { Duplex } from 'node:stream';
import { linesOf } from '../../core/async/linesOf';
import {
  MAXIMUM_LINE_LENGTH,
  parseSessionEvent,
  SESSION_PATH,
  SESSION_PROTOCOL,
  type SessionEvent,
  type SessionLine,
} from '../../core/sessionProtocol';
import type { EngineLease } from './localEngine';

/** The connection ended before the engine had told all: it died, or did not keep to the protocol. */
export class SessionBroken extends Error {
  override readonly name = 'SessionBroken';
}

/**
 * One session with a running engine. The lines are read as quickly as the engine takes them. Ends behind `ended` or `failed`.
 *
 * @throws SessionBroken; the lines' failure; the signal's reason when aborted
 */
export async function* engineSession(
  { baseUrl, token }: Pick<EngineLease, 'baseUrl' | 'token'>,
  lines: (signal: AbortSignal) => AsyncIterable<SessionLine>,
  signal: AbortSignal,
): AsyncGenerator<SessionEvent> {
  const over = new AbortController();
  const inner = AbortSignal.any([signal, over.signal]);
  const socket = await connect(`${baseUrl}${SESSION_PATH}`, token, signal);
  const destroy = (): void => {
    socket.destroy();
  };
  signal.addEventListener('abort', destroy, { once: true });
  let failure: Error | undefined;
  const sending = send(socket, lines(inner), inner).catch((error: unknown) => {
    if (!inner.aborted) failure = error instanceof Error ? error : new Error(String(error));
    socket.destroy();
  });
  try {
    for await (const line of received(socket)) {
      const event = parseSessionEvent(line);
      if (!event) throw new SessionBroken(`the engine said: ${line.slice(0, QUOTED_CHARACTERS)}`);
      yield event;
      if (event.kind === 'ended' || event.kind === 'failed') return;
    }
    signal.throwIfAborted();
    // The reason must have come by then: the socket ends after it.
    await sending;
    if (failure !== undefined) throw failure;
    throw new SessionBroken('the connection ended');
  } finally {
    signal.removeEventListener('abort', destroy);
    over.abort();
    socket.destroy();
    await sending;
  }
}

const QUOTED_CHARACTERS = 200;

/** Node's own client, since the connection becomes a stream of lines in both directions, which undici's agent alone cannot make. */
function connect(url: string, token: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, connection: 'Upgrade', upgrade: SESSION_PROTOCOL };
    const request = http.request(url, { method: 'POST', headers, agent: false, signal });
    request.on('upgrade', (_, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      // A connection that breaks ends the reading.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    request.on('response', (response) => {
      response.destroy();
      reject(new SessionBroken(`the engine answered ${response.statusCode ?? 0}`));
    });
    request.on('error', (error) => {
      reject(signal.aborted ? (signal.reason as Error) : new SessionBroken(error.message));
    });
    request.end();
  });
}

/** Ends early where the connection breaks. */
async function* received(socket: Duplex): AsyncGenerator<string> {
  try {
    yield* linesOf(socket as AsyncIterable<Buffer>, MAXIMUM_LINE_LENGTH);
  } catch (error) {
    if (error instanceof RangeError) throw new SessionBroken(error.message);
  }
}

async function send(socket: Duplex, lines: AsyncIterable<SessionLine>, signal: AbortSignal): Promise<void> {
  for await (const line of lines) {
    signal.throwIfAborted();
    if (socket.destroyed) return;
    if (!socket.write(`${JSON.stringify(line)}\n`)) await drained(socket);
  }
}

function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
    if (socket.destroyed) done();
  });
}
