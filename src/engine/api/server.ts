import { createHash, timingSafeEqual } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { SpeechTask } from '../../core/model';
import { answerBrokenRequests } from './answerBrokenRequests';
import { ApiError } from './apiError';
import { JobQueue } from './jobQueue';
import { parseTranscription, requireModel } from './parseTranscription';
import { readForm } from './readForm';
import type { Recogniser } from './recogniser';
import { renderAnswer } from './renderAnswer';
import { newRequestId, REQUEST_ID_HEADER } from './requestId';

/** What the server tells of its model, and how patient it is. */
export interface ServerOptions {
  /** When the model came to be on this machine; the moment of the call where absent. */
  readonly modelCreatedAt?: Date;
  /** A request that takes longer to arrive than this is refused: loopback brings the largest in a fraction of a second. */
  readonly arrivalTimeoutMs?: number;
}

const ARRIVAL_TIMEOUT_MS = 60_000;

/**
 * Longer than the client keeps a connection: one that the server closes in the moment in which the next request is sent would look
 * like an engine that died.
 */
const KEEP_ALIVE_MS = 10 * 60_000;

/** Node's own: how often it looks for requests that do not arrive. */
const CONNECTIONS_CHECK_MS = 30_000;

/** What answers need beside the request. */
interface Service {
  readonly recogniser: Recogniser;
  readonly token: string;
  readonly queue: JobQueue;
  readonly modelCreatedAt: Date;
}

/** The speech-to-text API over one recogniser. Listens nowhere yet; every request must bear the token. */
export function createServer(
  recogniser: Recogniser,
  token: string,
  { modelCreatedAt = new Date(), arrivalTimeoutMs = ARRIVAL_TIMEOUT_MS }: ServerOptions = {},
): http.Server {
  const service: Service = { recogniser, token, queue: new JobQueue(), modelCreatedAt };
  const server = http.createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: arrivalTimeoutMs,
    headersTimeout: arrivalTimeoutMs,
    connectionsCheckingInterval: Math.min(CONNECTIONS_CHECK_MS, arrivalTimeoutMs),
  });
  server.on('request', (request, response) => {
    serveRequest(service, request, response);
  });
  // What else than "100-continue" a client expects may be ignored (RFC 9110, 10.1.1); Node would refuse it by itself.
  server.on('checkExpectation', (request, response) => {
    server.emit('request', request, response);
  });
  answerBrokenRequests(server);
  return server;
}

function serveRequest(service: Service, request: IncomingMessage, response: ServerResponse): void {
  const requestId = newRequestId();
  response.setHeader(REQUEST_ID_HEADER, requestId);
  const gone = new AbortController();
  response.on('close', () => {
    gone.abort();
  });
  answer(service, request, response, requestId, gone.signal).catch((error: unknown) => {
    if (response.headersSent || gone.signal.aborted) {
      response.destroy();
      return;
    }
    const failure = error instanceof ApiError ? error : new ApiError(500, 'internal_error', String(error));
    send(response, failure.status, 'application/json', failure.body);
  });
}

async function answer(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  signal: AbortSignal,
): Promise<void> {
  const { recogniser, token, queue } = service;
  if (!bearsToken(request, token)) throw new ApiError(401, 'invalid_api_key', 'Invalid API key.');
  const method = request.method ?? '';
  const path = pathOf(request);
  if (method === 'GET' && path === MODELS) {
    sendJson(response, { object: 'list', data: [describeModel(service)] });
    return;
  }
  const modelId = method === 'GET' && path.startsWith(`${MODELS}/`) ? path.slice(MODELS.length + 1) : '';
  if (modelId !== '') {
    requireModel(decoded(modelId), recogniser);
    sendJson(response, describeModel(service));
    return;
  }
  const task = method === 'POST' ? TASKS.get(path) : undefined;
  if (!task) throw new ApiError(404, 'unknown_url', `There is no ${method} ${path} here.`);
  const job = parseTranscription(await readForm(request), task, recogniser);
  const { isUrgent } = job.recognition;
  const recognition = await queue.run(() => recogniser.recognise(job.recognition, signal), isUrgent, signal);
  const { contentType, body } = renderAnswer(job, recognition, requestId);
  send(response, 200, contentType, body);
}

const MODELS = '/v1/models';

const TASKS: ReadonlyMap<string, SpeechTask> = new Map([
  ['/v1/audio/transcriptions', 'transcribe'],
  ['/v1/audio/translations', 'translate'],
]);

/** The path without its query, and without the `/openai` that Groq's clients put before every one. */
function pathOf({ url = '' }: IncomingMessage): string {
  return url.replace(/\?.*$/, '').replace(/^\/openai(?=\/v1\/)/, '');
}

/** What a path says; where its escapes are broken, the path itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** In the form of OpenAI's API, whose `created` is in seconds since 1970. */
function describeModel({ recogniser, modelCreatedAt }: Service): object {
  const created = Math.floor(modelCreatedAt.getTime() / 1000);
  return { id: recogniser.modelId, object: 'model', created, owned_by: 'local' };
}

/** Schemes are the same in any case, and any number of blanks may follow (RFC 9110, 11.1 and 11.4). */
function bearsToken({ headers }: IncomingMessage, token: string): boolean {
  const [, given] = /^bearer +(.*)$/i.exec(headers.authorization ?? '') ?? [];
  // Digests are of one length, so that the time to compare tells nothing of the token.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function sendJson(response: ServerResponse, body: object): void {
  send(response, 200, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}
