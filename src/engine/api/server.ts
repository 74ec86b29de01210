import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { SpeechTask } from '../../core/model';
import { answerBrokenRequests } from './answerBrokenRequests';
import { ApiError } from './apiError';
import { bearsToken } from './bearsToken';
import { JobQueue } from './jobQueue';
import { parseTranscription, requireModel } from './parseTranscription';
import { readForm } from './readForm';
import type { Recogniser } from './recogniser';
import { renderAnswer } from './renderAnswer';
import { newRequestId, REQUEST_ID_HEADER } from './requestId';

/** What the server tells of its model, and its time limits. */
export interface ServerOptions {
  /** When the model was installed on this machine; absent: the time of the call. */
  readonly modelCreatedAt?: Date;
  /** A request that takes longer than this to arrive is refused: over loopback the largest takes a fraction of a second. */
  readonly arrivalTimeoutMs?: number;
  /** Whose tasks the recogniser does, where others use it as well; absent: a new one. */
  readonly queue?: JobQueue;
}

const ARRIVAL_TIMEOUT_MS = 60_000;

/**
 * Longer than the client keeps a connection. If the server closed a connection while the client sends the next request, the client would
 * think that the engine died.
 */
const KEEP_ALIVE_MS = 10 * 60_000;

/** Node's own default: how often it looks for requests that do not arrive. */
const CONNECTIONS_CHECK_MS = 30_000;

/** What answers need besides the request. */
interface Service {
  readonly recogniser: Recogniser;
  readonly token: string;
  readonly queue: JobQueue;
  readonly modelCreatedAt: Date;
}

/**
 * The speech-to-text API over one recogniser. The server does not listen yet. Every request must have the token.
 */
export function createServer(
  recogniser: Recogniser,
  token: string,
  { modelCreatedAt = new Date(), arrivalTimeoutMs = ARRIVAL_TIMEOUT_MS, queue = new JobQueue() }: ServerOptions = {},
): http.Server {
  const service: Service = { recogniser, token, queue, modelCreatedAt };
  const server = http.createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: arrivalTimeoutMs,
    headersTimeout: arrivalTimeoutMs,
    connectionsCheckingInterval: Math.min(CONNECTIONS_CHECK_MS, arrivalTimeoutMs),
  });
  server.on('request', (request, response) => {
    serveRequest(service, request, response);
  });
  // Any expectation other than "100-continue" may be ignored (RFC 9110, 10.1.1). Without this handler Node would refuse it.
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
  const { priority } = job.recognition;
  const recognition = await queue.run((inner) => recogniser.recognise(job.recognition, inner), { priority }, signal);
  const { contentType, body } = renderAnswer(job, recognition, requestId);
  send(response, 200, contentType, body);
}

const MODELS = '/v1/models';

const TASKS: ReadonlyMap<string, SpeechTask> = new Map([
  ['/v1/audio/transcriptions', 'transcribe'],
  ['/v1/audio/translations', 'translate'],
]);

/** The path without its query, and without the `/openai` that Groq's clients put before every path. */
function pathOf({ url = '' }: IncomingMessage): string {
  return url.replace(/\?.*$/, '').replace(/^\/openai(?=\/v1\/)/, '');
}

/** A path without its escapes; where these are malformed, the path as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The model in the shape of OpenAI's API, whose `created` is in seconds since 1970. */
function describeModel({ recogniser, modelCreatedAt }: Service): object {
  const created = Math.floor(modelCreatedAt.getTime() / 1000);
  return { id: recogniser.modelId, object: 'model', created, owned_by: 'local' };
}

function sendJson(response: ServerResponse, body: object): void {
  send(response, 200, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}
