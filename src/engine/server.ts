import { timingSafeEqual } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { SpeechTask } from '../core/model';
import { ApiError } from './apiError';
import { JobQueue } from './jobQueue';
import { parseTranscription } from './parseTranscription';
import { readForm } from './readForm';
import type { Recogniser } from './recogniser';
import { renderAnswer } from './renderAnswer';

/**
 * Longer than the client keeps a connection: one that the server closes in the moment in which the next request is sent would look
 * like an engine that died.
 */
const KEEP_ALIVE_MS = 10 * 60_000;

/** The speech-to-text API over one recogniser. Listens nowhere yet; every request must bear the token. */
export function createServer(recogniser: Recogniser, token: string): http.Server {
  const queue = new JobQueue();
  const server = http.createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
    });
    answer(request, response, recogniser, token, queue, gone.signal).catch((error: unknown) => {
      if (response.headersSent || gone.signal.aborted) {
        response.destroy();
        return;
      }
      const failure = error instanceof ApiError ? error : new ApiError(500, 'internal_error', String(error));
      send(response, failure.status, 'application/json', failure.body);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  recogniser: Recogniser,
  token: string,
  queue: JobQueue,
  signal: AbortSignal,
): Promise<void> {
  if (!bearsToken(request, token)) throw new ApiError(401, 'invalid_api_key', 'Invalid API key.');
  const route = `${request.method ?? ''} ${(request.url ?? '').replace(/\?.*$/, '')}`;
  if (route === 'GET /v1/models') {
    const model = { id: recogniser.modelId, object: 'model', owned_by: 'local' };
    send(response, 200, 'application/json', JSON.stringify({ object: 'list', data: [model] }));
    return;
  }
  const task = TASKS.get(route);
  if (!task) throw new ApiError(404, 'unknown_url', `There is no ${route} here.`);
  const job = parseTranscription(await readForm(request), task, recogniser);
  const { isUrgent } = job.recognition;
  const recognition = await queue.run(() => recogniser.recognise(job.recognition, signal), isUrgent, signal);
  const { contentType, body } = renderAnswer(job, recognition);
  send(response, 200, contentType, body);
}

const TASKS: ReadonlyMap<string, SpeechTask> = new Map([
  ['POST /v1/audio/transcriptions', 'transcribe'],
  ['POST /v1/audio/translations', 'translate'],
]);

function bearsToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}
