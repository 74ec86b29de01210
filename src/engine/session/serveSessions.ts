import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../core/async/clock';
import { linesOf } from '../../core/async/linesOf';
import { bytesToInt16 } from '../../core/audio/pcm';
import {
  MAXIMUM_LINE_LENGTH,
  parseSessionLine,
  SESSION_PATH,
  SESSION_PROTOCOL,
  type SessionBegin,
  type SessionEvent,
  type SessionLine,
} from '../../core/sessionProtocol';
import { ApiError } from '../api/apiError';
import { bearsToken } from '../api/bearsToken';
import type { JobQueue } from '../api/jobQueue';
import type { Recogniser } from '../api/recogniser';
import { LiveSession } from './liveSession';

/** What sessions share with the requests. */
export interface SessionService {
  readonly recogniser: Recogniser;
  readonly token: string;
  readonly queue: JobQueue;
}

/** A client that does not read so much is gone: an hour of words. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

/** Its time goes on evenly, whatever becomes of the system's. */
const CLOCK: Clock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};

/** Serves sessions on the server's port: see `core/sessionProtocol.ts`. */
export function serveSessions(server: Server, service: SessionService): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A connection that breaks ends the session through `close`.
    socket.on('error', () => undefined);
    const refusal = refusalOf(request, service.token);
    if (refusal) {
      socket.end(answerOf(refusal), () => {
        socket.destroy();
      });
      return;
    }
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${SESSION_PROTOCOL}\r\n\r\n`);
    if (head.length > 0) socket.unshift(head);
    void new SessionConnection(service, socket).serve();
  });
}

function refusalOf(request: IncomingMessage, token: string): ApiError | undefined {
  const { url = '', headers } = request;
  if (!bearsToken(request, token)) return new ApiError(401, 'invalid_api_key', 'Invalid API key.');
  if (url !== `/v1${SESSION_PATH}`) return new ApiError(404, 'unknown_url', `There is no session at ${url}.`);
  if (headers.upgrade === SESSION_PROTOCOL) return undefined;
  return new ApiError(400, 'unknown_protocol', `A session speaks ${SESSION_PROTOCOL}.`);
}

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' };

function answerOf({ status, body }: ApiError): string {
  return [
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

class SessionConnection {
  private readonly gone = new AbortController();
  private readonly room: { wake: () => void } = { wake: () => undefined };
  private session: LiveSession | undefined;

  constructor(
    private readonly service: SessionService,
    private readonly socket: Duplex,
  ) {
    socket.on('close', () => {
      this.gone.abort();
      this.room.wake();
    });
  }

  /** Ends when all is told, or when the client has left. Never rejects. */
  async serve(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      this.fail(error);
    }
  }

  private async read(): Promise<void> {
    // What was said last must still reach the client when the loop is left.
    const blocks = this.socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const text of linesOf(blocks, MAXIMUM_LINE_LENGTH)) {
      const line = parseSessionLine(text);
      if (!line) throw new ApiError(400, 'invalid_line', 'A line of the session cannot be read.');
      if (!this.session) {
        this.session = this.open(line);
        void this.hear(this.session);
      } else await this.take(this.session, line);
    }
    // The client leaves when it has read all.
    this.gone.abort();
  }

  private open(line: SessionLine): LiveSession {
    if (line.kind !== 'begin') throw new ApiError(400, 'invalid_line', 'A session begins with "begin".');
    const { recogniser, queue } = this.service;
    const begin: SessionBegin = line;
    if (begin.language !== undefined && !recogniser.languages.includes(begin.language)) {
      throw new ApiError(400, 'unsupported_language', `The model does not know "${begin.language}".`);
    }
    const say = (event: SessionEvent): void => {
      this.say(event);
    };
    return new LiveSession({ recogniser, queue, say, clock: CLOCK }, begin);
  }

  private async take(session: LiveSession, line: SessionLine): Promise<void> {
    if (line.kind === 'terms') session.setTerms(line.prompt);
    if (line.kind === 'end') session.end();
    if (line.kind !== 'audio') return;
    while (session.isFull && !this.gone.signal.aborted) {
      await new Promise<void>((resolve) => (this.room.wake = resolve));
    }
    session.push(bytesToInt16(Buffer.from(line.pcm, 'base64')));
  }

  private async hear(session: LiveSession): Promise<void> {
    try {
      await session.run(() => {
        this.room.wake();
      }, this.gone.signal);
      this.say({ kind: 'ended' });
      this.socket.end();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.gone.signal.aborted) return;
    const code =
      error instanceof ApiError ? error.code : error instanceof RangeError ? 'invalid_line' : 'internal_error';
    this.say({ kind: 'failed', code, reason: error instanceof Error ? error.message : String(error) });
    this.gone.abort();
    this.socket.end(() => {
      this.socket.destroy();
    });
  }

  private say(event: SessionEvent): void {
    if (this.gone.signal.aborted || this.socket.destroyed) return;
    this.socket.write(`${JSON.stringify(event)}\n`);
    if (this.socket.writableLength > MOST_UNREAD_BYTES) this.socket.destroy();
  }
}
