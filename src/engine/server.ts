import { randomBytes, timingSafeEqual } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { ApiError } from './apiError';
import { parseTranscription, type TranscriptionJob } from './parseTranscription';
import { readForm } from './readForm';
import type { Recogniser, Recognition } from './recogniser';
import { SerialQueue } from './serialQueue';

/** The speech-to-text API over one recogniser. Listens nowhere yet; every request must bear the token. */
export function createServer(recogniser: Recogniser, token: string): http.Server {
  const queue = new SerialQueue();
  return http.createServer((request, response) => {
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
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  recogniser: Recogniser,
  token: string,
  queue: SerialQueue,
  signal: AbortSignal,
): Promise<void> {
  if (!bearsToken(request, token)) throw new ApiError(401, 'invalid_api_key', 'Invalid API key.');
  const route = `${request.method ?? ''} ${(request.url ?? '').replace(/\?.*$/, '')}`;
  if (route === 'GET /v1/models') {
    const model = { id: recogniser.modelId, object: 'model', owned_by: 'local' };
    send(response, 200, 'application/json', JSON.stringify({ object: 'list', data: [model] }));
    return;
  }
  if (route !== 'POST /v1/audio/transcriptions') throw new ApiError(404, 'unknown_url', `There is no ${route} here.`);
  const job = parseTranscription(await readForm(request), recogniser);
  const recognition = await queue.run(() => recogniser.recognise(job.pcm, signal), signal);
  if (job.format === 'text') send(response, 200, 'text/plain; charset=utf-8', recognition.text + '\n');
  else send(response, 200, 'application/json', JSON.stringify(render(job, recognition, recogniser)));
}

function render(job: TranscriptionJob, recognition: Recognition, recogniser: Recogniser): object {
  const id = { x_groq: { id: `req_${randomBytes(13).toString('hex')}` } };
  if (job.format === 'json') return { text: recognition.text, ...id };
  return {
    task: 'transcribe',
    language: recogniser.languages[0],
    duration: job.pcm.length / 32_000,
    text: recognition.text,
    ...(job.wantsSegments ? { segments: recognition.segments } : {}),
    ...(job.wantsWords ? { words: recognition.words } : {}),
    ...id,
  };
}

function bearsToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
}
