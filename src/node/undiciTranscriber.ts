import { Readable } from 'node:stream';
import { Agent, request as httpRequest } from 'undici';
import { BYTES_PER_SAMPLE } from '../core/audio/pcm';
import { wavHeader } from '../core/audio/wav';
import { MinutesError, isAbort, problemOf } from '../core/errors';
import type { ChunkTranscription, ParsedResponse, TranscriptionRequest } from '../core/model';
import type { Transcriber } from '../core/ports';
import { buildRequestFields } from '../core/speech/buildRequest';
import { classifyFailure } from '../core/speech/classifyFailure';
import { parseResponse } from '../core/speech/parseResponse';
import { errnoOf } from './fileProblems';
import { multipartBody } from './http/multipart';

/** An endpoint that can be asked now. */
export interface OpenEndpoint {
  readonly baseUrl: string;
  /** What the user is shown. */
  readonly host: string;
  readonly defaultModel: string;
  readonly key?: string;
  /** The request is over, well or badly. */
  readonly release: () => void;
  /** The error for a connection that failed, with the system's word for why. */
  readonly unreachable: (reason: string) => MinutesError;
}

export interface UndiciTranscriberOptions {
  /** Makes the endpoint ready: starts the engine, or reads the key. */
  readonly open: (signal: AbortSignal) => Promise<OpenEndpoint>;
  /** Some servers refuse requests without a product's name. */
  readonly userAgent: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A slow server on somebody's own machine may think for minutes about 30 s of audio. */
const ANSWER_TIMEOUT_MS = 5 * 60_000;
/** An answer for 30 s of speech has some kilobytes; a body beyond this is no answer. */
const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** Other text, such as curly quotes or a line break that came along when a key was pasted, is refused before it is sent. */
const HEADER_TEXT = /^[\x20-\x7e]+$/;
/** A shorter word, as servers at home take for a key, is no secret; taking it out would spoil what they say. */
const SHORTEST_SECRET = 8;

/** Asks any endpoint over HTTP: one path for the cloud, for a server at home and for the embedded engine. Follows no redirect. */
export class UndiciTranscriber implements Transcriber {
  private readonly agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    maxResponseSize: MAXIMUM_ANSWER_BYTES,
  });

  constructor(private readonly options: UndiciTranscriberOptions) {}

  async transcribe(request: TranscriptionRequest, signal: AbortSignal): Promise<ChunkTranscription> {
    const endpoint = await this.options.open(signal);
    try {
      if (endpoint.key !== undefined && !HEADER_TEXT.test(endpoint.key)) {
        throw new MinutesError({ code: 'keyRejected', host: endpoint.host });
      }
      const model = request.model ?? endpoint.defaultModel;
      const { status, body } = await this.post(endpoint, request, signal);
      if (status < 200 || status > 299) {
        throw classifyFailure(status, withoutKey(body, endpoint.key), {
          host: endpoint.host,
          model,
          hasKey: endpoint.key !== undefined,
          ...(request.language === undefined ? {} : { language: request.language }),
        });
      }
      return { ...readAnswer(body, endpoint), chunk: request.chunk, model };
    } finally {
      endpoint.release();
    }
  }

  /** Closes the kept connections. */
  async dispose(): Promise<void> {
    await this.agent.destroy();
  }

  private async post(
    endpoint: OpenEndpoint,
    request: TranscriptionRequest,
    signal: AbortSignal,
  ): Promise<{ status: number; body: string }> {
    const { audio, chunk } = request;
    const lengthBytes = (chunk.endSample - chunk.startSample) * BYTES_PER_SAMPLE;
    const form = multipartBody(buildRequestFields(request, endpoint.defaultModel), {
      // Endpoints judge the type by the name's ending.
      fileName: 'audio.wav',
      contentType: 'audio/wav',
      header: wavHeader(lengthBytes),
      path: audio.path,
      offsetBytes: audio.dataOffsetBytes + chunk.startSample * BYTES_PER_SAMPLE,
      lengthBytes,
    });
    try {
      const response = await httpRequest(`${endpoint.baseUrl}/audio/transcriptions`, {
        dispatcher: this.agent,
        method: 'POST',
        headers: {
          'content-type': form.contentType,
          'content-length': String(form.lengthBytes),
          'user-agent': this.options.userAgent,
          ...(endpoint.key === undefined ? {} : { authorization: `Bearer ${endpoint.key}` }),
        },
        body: Readable.from(form.stream(signal), { objectMode: false }),
        signal,
      });
      return { status: response.statusCode, body: await response.body.text() };
    } catch (error) {
      signal.throwIfAborted();
      // The audio's file, not the endpoint, is what failed.
      if (isAbort(error) || problemOf(error)) throw error;
      throw Object.assign(endpoint.unreachable(errnoOf(error) ?? String(error)), { cause: error });
    }
  }
}

function readAnswer(body: string, { host, key }: OpenEndpoint): ParsedResponse {
  try {
    return parseResponse(body, host);
  } catch {
    // Once more for the error, which quotes the answer.
    return parseResponse(withoutKey(body, key), host);
  }
}

/** An endpoint's own words as they may be shown: some repeat the key that they refuse. */
function withoutKey(body: string, key: string | undefined): string {
  return key === undefined || key.length < SHORTEST_SECRET ? body : body.replaceAll(key, '…');
}
