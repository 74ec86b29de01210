import { defined } from '../../core/async/defined';
import { MinutesError, problemOf } from '../../core/errors';
import type { Answer, SpeechTask, TranscriptionRequest, Host } from '../../core/model';
import type { Clock } from '../../core/async/clock';
import type { WaitCause } from '../../core/transcription/transcriber';
import type { RequestLog } from '../../core/transcription/requestLog';
import { changeRequest, recogniseServer, type Refusal } from '../../core/endpoints/changeShape';
import { classifyFailure, saysNoSpeech } from '../../core/endpoints/classifyFailure';
import { dialect } from '../../core/endpoints/dialects';
import { parseErrorBody } from '../../core/endpoints/parseErrorBody';
import { parseResponse } from '../../core/endpoints/parseResponse';
import type { Lease } from '../../core/pacing/rateLimiter';
import { requestFields, type RequestShape } from '../../core/endpoints/requestShape';
import { parseRetryAfter, waitInMessage } from '../../core/pacing/retryAfter';
import {
  afterBrokenConnection,
  afterRefusal,
  provesAddress,
  type AttemptFacts,
  type Verdict,
} from '../../core/pacing/retryPolicy';
import { remainingQuota, requestIdOf } from '../http/answerFacts';
import type { MultipartBody } from '../http/multipart';
import type { EncodedAudio } from '../http/encodedAudio';
import { audioSeconds, speechBody } from '../http/speechBody';
import { TransportFailure, type HttpAnswer, type HttpTransport } from '../http/transport';
import { authorizationOf, brokenConnection, withoutKey, type OpenServer } from './openServer';

/** What an attempt needs of the parts that a window's requests share. */
export interface AttemptParts {
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly log: RequestLog;
  /** Some servers refuse requests without a product's name. */
  readonly userAgent: string;
  /** The base addresses at which a server is known to be: it has answered, or a connection to it was open. */
  readonly knownAddresses: Set<string>;
}

/** The state of a request between its attempts. */
export interface Progress {
  readonly server: OpenServer;
  readonly request: TranscriptionRequest;
  /** The request's audio. */
  readonly encoded: EncodedAudio;
  readonly model: string;
  readonly shape: RequestShape;
  /** As the log tells it. */
  readonly facts: { readonly request: number; readonly attempt: number; readonly host: Host };
}

/** The result of an attempt. Where it is not an answer, it holds the error for the case that nothing more is tried. */
export type Result =
  | { readonly kind: 'done'; readonly answer: Answer }
  /** An answer by which the server is known for another one: requests have this shape from now on, and this one too unless the answer is sound. */
  | { readonly kind: 'recognised'; readonly answer: Answer; readonly shape: RequestShape; readonly isSound: boolean }
  /** The same request in another shape, at once. */
  | { readonly kind: 'changed'; readonly shape: RequestShape; readonly error: MinutesError }
  /** The same request again, after a wait. */
  | { readonly kind: 'again'; readonly waitMs: number; readonly cause: WaitCause; readonly error: MinutesError };

type ErrorBody = ReturnType<typeof parseErrorBody>;

/** Sends a request once. The result is an answer, another request, a wait, or an error. */
export class RequestAttempt {
  constructor(private readonly parts: AttemptParts) {}

  async attempt(progress: Progress, lease: Lease, signal: AbortSignal): Promise<Result> {
    const { server, facts } = progress;
    const startedMs = this.parts.clock.nowMs();
    const durationMs = (): number => this.parts.clock.nowMs() - startedMs;
    let answer: HttpAnswer;
    let form: MultipartBody | undefined;
    try {
      form = await this.form(progress, signal);
      answer = await this.send(progress, form, signal);
    } catch (error) {
      // After an abort the server may have got the whole request. A request whose body could not be read never arrived completely.
      const isUnsent =
        !form || (error instanceof TransportFailure ? error.problem === 'unreachable' : problemOf(error) !== undefined);
      if (isUnsent) lease.release();
      else lease.failed();
      if (!(error instanceof TransportFailure)) throw error;
      this.parts.log.write({ kind: 'broken', ...facts, durationMs: durationMs(), reason: error.message });
      return this.afterBreak(progress, error);
    }
    this.parts.knownAddresses.add(server.baseUrl);
    const shown = withoutKey(answer, server.key);
    const isGood = answer.status >= 200 && answer.status < 300;
    const refusal = isGood ? undefined : parseErrorBody(shown.body);
    this.parts.log.write(
      defined({
        kind: 'answered',
        ...facts,
        status: answer.status,
        durationMs: durationMs(),
        ...requestIdOf(shown),
        ...remainingQuota(shown.headers),
        message: refusal ? refusal.message : undefined,
      }),
    );
    if (!refusal) {
      lease.answered(answer.headers);
      return this.readOrChange(progress, answer, shown.body);
    }
    if (answer.status === 429) {
      const retryAfterMs = parseRetryAfter(answer.headers, this.parts.clock.nowMs()) ?? waitInMessage(refusal.whole);
      lease.refused(defined({ message: refusal.whole, retryAfterMs }));
    } else lease.answered(answer.headers);
    if (progress.request.audio.kind === 'chunk' && saysNoSpeech(shown)) {
      return { kind: 'done', answer: { text: '', segments: [], words: [], model: progress.model } };
    }
    return this.afterRefusal(progress, shown, refusal, form.lengthBytes);
  }

  /** The body, before anything is sent. */
  private async form(
    { server, request, encoded, model, shape }: Progress,
    signal: AbortSignal,
  ): Promise<MultipartBody> {
    if (request.audio.kind === 'url' && dialect(shape.dialect).urlField === undefined) {
      throw new MinutesError({ code: 'urlUnsupported', host: server.host });
    }
    return speechBody(requestFields(request, model, shape), encoded, shape.upload, signal);
  }

  private send(
    { server, request, model, shape, facts }: Progress,
    form: MultipartBody,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const authorization = authorizationOf(server);
    const url = urlOf(server, request.task, shape);
    this.parts.log.write({ kind: 'sent', ...facts, sizeBytes: form.lengthBytes, form: formOf(url, model, shape) });
    const headers = {
      'content-type': form.contentType,
      'user-agent': this.parts.userAgent,
      ...authorization,
    };
    const limits = server.answerMs === undefined ? {} : { answerMs: server.answerMs };
    return this.parts.transport.send({ method: 'POST', url, headers, body: form, ...limits }, signal);
  }

  /** A server may say in an answer of status 200 that it cannot read the audio. */
  private readOrChange(progress: Progress, answer: HttpAnswer, shownBody: string): Result {
    try {
      return this.read(progress, answer, shownBody);
    } catch (error) {
      if (!(error instanceof MinutesError)) throw error;
      const { whole, code } = parseErrorBody(shownBody);
      const shape = this.change(progress, defined({ status: answer.status, message: whole, code }));
      if (!shape) throw error;
      return { kind: 'changed', shape, error };
    }
  }

  private read(progress: Progress, { body, headers }: HttpAnswer, shownBody: string): Result {
    const { server, request, model, shape } = progress;
    const { audio } = request;
    const facts = defined({
      contentType: headers['content-type'],
      lengthS: audio.kind === 'chunk' ? audioSeconds(audio) : undefined,
    });
    const read = (text: string): Answer => ({ ...parseResponse(text, server.host, shape.format, facts), model });
    // A server may repeat the key in the transcript. A key that is a plain word may really have been said.
    const isWord = /^[a-z ]*$/i.test(server.key ?? '');
    let answer: Answer;
    try {
      answer = read(isWord ? body : shownBody);
    } catch {
      // The answer without the key is read again for the error, which quotes it.
      answer = read(shownBody);
    }
    const recognised = recogniseServer(request, shape, defined({ server: headers['server'], body }));
    if (!recognised) return { kind: 'done', answer };
    this.tellChange(progress, recognised.shape);
    return { kind: 'recognised', answer, ...recognised };
  }

  private tellChange({ server, request, model, facts }: Progress, to: RequestShape): void {
    this.parts.log.write({ kind: 'changed', ...facts, to: formOf(urlOf(server, request.task, to), model, to) });
  }

  private afterBreak({ server, facts }: Progress, failure: TransportFailure): Result {
    if (provesAddress(failure.problem)) this.parts.knownAddresses.add(server.baseUrl);
    // A server that is only slow is kept: its process may be working for other requests as well.
    if (failure.problem !== 'timeout') server.abandon?.();
    const verdict = afterBrokenConnection(failure.problem, this.attemptFacts(server, facts.attempt));
    const error = brokenConnection(server, failure);
    if (verdict.kind === 'again') return { ...verdict, cause: 'failed', error };
    throw error;
  }

  private afterRefusal(
    progress: Progress,
    answer: HttpAnswer,
    { message, whole, code }: ErrorBody,
    sizeBytes: number,
  ): Result {
    const { server, request, model, facts } = progress;
    const { status, headers } = answer;
    const classified = classifyFailure(
      answer,
      defined({
        host: server.host,
        model,
        task: request.task,
        hasKey: server.key !== undefined,
        language: request.language,
        sizeBytes,
        audioKind: request.audio.kind,
      }),
    );
    const error = classified.problem.code === 'endpointFailed' ? (server.broken?.(message) ?? classified) : classified;
    const changed = this.change(progress, defined({ status, message: whole, code }));
    if (changed) return { kind: 'changed', shape: changed, error };
    // For an account without credit the endpoint answers 429 as well, but waiting does not help.
    const verdict: Verdict =
      error.problem.code === 'quotaExhausted'
        ? { kind: 'giveUp' }
        : afterRefusal(status, headers, whole, this.attemptFacts(server, facts.attempt));
    if (verdict.kind === 'again') return { ...verdict, cause: status === 429 ? 'refused' : 'failed', error };
    if (verdict.kind === 'pause') throw paused(server.host, this.parts.clock.nowMs() + verdict.waitMs, message);
    throw error;
  }

  /** The shape in which the request is put next, if there is one. */
  private change(progress: Progress, refusal: Refusal): RequestShape | undefined {
    const { request, model, shape } = progress;
    const changed = changeRequest(request, model, shape, refusal);
    if (changed) this.tellChange(progress, changed);
    return changed;
  }

  private attemptFacts({ baseUrl, maximumAttempts }: OpenServer, attempt: number): AttemptFacts {
    const { clock, knownAddresses } = this.parts;
    return defined({
      attempt,
      isAddressKnown: knownAddresses.has(baseUrl),
      random: Math.random(),
      nowMs: clock.nowMs(),
      maximumAttempts,
    });
  }
}

/** The request's address. whisper.cpp's only path lies beside `/v1`, which is part of the base address until this server is recognised. */
function urlOf({ baseUrl, provider }: OpenServer, task: SpeechTask, shape: RequestShape): string {
  const isFoundOut = shape.dialect === 'whisperCpp' && provider !== 'whisperCpp';
  return (isFoundOut ? baseUrl.replace(/\/v1$/, '') : baseUrl) + dialect(shape.dialect).path(task);
}

/** The error for a wait that nobody sits through. `untilMs`: milliseconds since 1970. */
export function paused(host: Host, untilMs: number, reason: string): MinutesError {
  return new MinutesError({ code: 'paused', host, untilMs, reason });
}

function formOf(url: string, model: string, { dialect: id, format, prompt, upload }: RequestShape): string {
  const plainer = upload === dialect(id).uploads[0] ? '' : `, as ${upload}`;
  return `${new URL(url).pathname} ${model} ${format}${prompt === 'whole' ? '' : `, prompt ${prompt}`}${plainer}`;
}
