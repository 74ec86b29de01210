import { Busboy } from '@fastify/busboy';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where a connection is cut by the server, as a crash or a bad line would. */
export type ResetPoint = 'beforeHeaders' | 'whileHeaders' | 'whileBody';

/** What the server does with one request. The ready-made ones stand in speechAnswers.ts. */
export interface ScriptedAnswer {
  /** 200 where absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Waits so long before the first byte. */
  readonly delayMs?: number;
  /** Never answers; the connection stays open until the client or {@link ScriptedServer.close} ends it. */
  readonly hang?: boolean;
  readonly reset?: ResetPoint;
  /** Sends the body in single bytes, each in a write of its own and this long apart. */
  readonly dripMs?: number;
}

export interface RecordedFile {
  /** The form field's name. */
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Text fields of a multipart form, in the order sent. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: readonly RecordedFile[];
  /** Resolves when the answer is out or the connection is gone, whichever comes first. */
  readonly over: Promise<void>;
}

/** Answers in order, or a function from the request and its number (from 0). */
export type Script =
  readonly ScriptedAnswer[] | ((request: RecordedRequest, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>);

export interface ScriptedServerOptions {
  /** Answers on the headers alone and closes the connection, as a proxy does with a body that is too large. */
  readonly ignoresBody?: boolean;
  /** How long an idle connection stays open; Node's five seconds where absent. */
  readonly keepAliveMs?: number;
  /** A port that is free, such as that of a server that was closed; any where absent. */
  readonly port?: number;
}

/**
 * An HTTP server on loopback that answers from a script and keeps every request. A request behind the script's end is answered
 * with 500 `script_ended`, which no client takes for success.
 */
export class ScriptedServer {
  /** Requests that arrived whole (with `ignoresBody`: whose headers arrived), in order. */
  readonly requests: RecordedRequest[] = [];
  /** Connections ever made, with or without a request. */
  connectionCount = 0;
  private readonly sockets = new Set<Socket>();
  private readonly closing = new AbortController();
  private readonly waiting = new Set<() => void>();
  private answered = 0;

  private constructor(
    private readonly server: http.Server,
    /** Free again after {@link close}. */
    readonly port: number,
    private script: Script,
    private readonly options: ScriptedServerOptions,
  ) {
    server.on('connection', (socket: Socket) => {
      this.connectionCount++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // A client that hangs up in the middle is no fault of the server's.
      this.serve(request, response).catch(() => {
        response.destroy();
      });
    });
  }

  static async start(script: Script = [], options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const server = http.createServer(
      options.keepAliveMs === undefined ? {} : { keepAliveTimeout: options.keepAliveMs },
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return new ScriptedServer(server, (server.address() as AddressInfo).port, script, options);
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get origin(): string {
    return `http://${this.host}`;
  }

  /** What `minutes.endpoint` is set to. */
  get baseUrl(): string {
    return `${this.origin}/v1`;
  }

  /** A new script from the next request on, which counts as number 0. */
  play(script: Script): void {
    this.script = script;
    this.answered = 0;
  }

  /** Waits until so many requests were recorded. */
  async received(count: number, signal?: AbortSignal): Promise<void> {
    while (this.requests.length < count) {
      signal?.throwIfAborted();
      this.closing.signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.waiting.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.waiting.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    }
  }

  /** Ends every connection, whatever it waits for, and the server. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const wake of this.waiting) wake();
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const over = new Promise<void>((resolve) => {
      response.once('close', resolve);
    });
    const body = this.options.ignoresBody ? Buffer.alloc(0) : await readAll(request);
    const recorded: RecordedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body,
      ...(await parseForm(request.headers['content-type'], body)),
      over,
    };
    this.requests.push(recorded);
    for (const wake of this.waiting) wake();
    const index = this.answered++;
    const scripted = typeof this.script === 'function' ? await this.script(recorded, index) : this.script[index];
    await this.answer(response, scripted ?? SCRIPT_ENDED);
    if (this.options.ignoresBody) request.socket.destroySoon();
  }

  private async answer(response: ServerResponse, answer: ScriptedAnswer): Promise<void> {
    const { signal } = this.closing;
    if (answer.hang) return;
    if (answer.delayMs !== undefined) await sleep(answer.delayMs, undefined, { signal });
    const socket = response.socket;
    // The client has gone meanwhile.
    if (!socket) return;
    const body = Buffer.from(answer.body ?? '');
    const status = answer.status ?? 200;
    if (answer.reset === 'beforeHeaders') {
      socket.resetAndDestroy();
      return;
    }
    if (answer.reset === 'whileHeaders') {
      await written(socket, `HTTP/1.1 ${status} Scripted\r\nContent-Ty`);
      await sleep(ARRIVAL_MS, undefined, { signal });
      socket.resetAndDestroy();
      return;
    }
    response.writeHead(status, { 'content-length': String(body.length), ...answer.headers });
    if (answer.reset === 'whileBody') {
      await written(response, body.subarray(0, Math.ceil(body.length / 2)));
      await sleep(ARRIVAL_MS, undefined, { signal });
      socket.resetAndDestroy();
      return;
    }
    if (answer.dripMs === undefined) {
      response.end(body);
      return;
    }
    socket.setNoDelay(true);
    for (const byte of body) {
      if (response.destroyed) return;
      await written(response, Buffer.of(byte));
      await sleep(answer.dripMs, undefined, { signal });
    }
    response.end();
  }
}

/** What was written before a reset has to arrive first: the reset itself overtakes what the other side has not read yet. */
const ARRIVAL_MS = 30;

const SCRIPT_ENDED: ScriptedAnswer = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { message: 'The script has no more answers.', code: 'script_ended' } }),
};

async function written(stream: NodeJS.WritableStream, bytes: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of request) blocks.push(block as Buffer);
  return Buffer.concat(blocks);
}

/** The parts of a multipart form in order of arrival; nothing for any other body. */
export async function parseForm(
  contentType: string | undefined,
  body: Buffer,
): Promise<Pick<RecordedRequest, 'fields' | 'files'>> {
  const fields: [string, string][] = [];
  const files: RecordedFile[] = [];
  if (contentType === undefined || !contentType.startsWith('multipart/form-data') || body.length === 0) {
    return { fields, files };
  }
  await new Promise<void>((resolve, reject) => {
    const parser = new Busboy({ headers: { 'content-type': contentType } });
    parser.on('field', (name, value) => fields.push([name, value]));
    parser.on('file', (field, stream, name, _encoding, type) => {
      const blocks: Buffer[] = [];
      stream.on('data', (block: Buffer) => blocks.push(block));
      stream.on('end', () => files.push({ field, name, type, bytes: Buffer.concat(blocks) }));
    });
    parser.on('error', reject);
    parser.on('finish', resolve);
    parser.end(body);
  });
  return { fields, files };
}
