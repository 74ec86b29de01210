import { MinutesError, problemOf } from '../core/errors';
import type { Answer, SpeechTask, TranscriptionRequest } from '../core/model';
import type { Clock, RequestEvent, RequestLog, Transcriber, WaitCause } from '../core/ports';
import { changeShape, type Refusal } from '../core/speech/changeShape';
import { classifyFailure } from '../core/speech/classifyFailure';
import { dialect, type AnswerFormat } from '../core/speech/dialects';
import type { Provider } from '../core/speech/endpoint';
import { parseErrorBody, parseResponse } from '../core/speech/parseResponse';
import type { Lease, RateLimiter } from '../core/speech/rateLimiter';
import { requestFields, richestShape, type RequestShape } from '../core/speech/requestShape';
import { parseRetryAfter, waitInMessage } from '../core/speech/retryAfter';
import {
  afterBrokenConnection,
  afterRefusal,
  PAUSE_ABOVE_MS,
  type AttemptFacts,
  type Verdict,
} from '../core/speech/retryPolicy';
import { remainingQuota, requestIdOf } from './http/answerFacts';
import { audioSeconds, speechBody } from './http/speechBody';
import { TransportFailure, type HttpAnswer, type HttpTransport } from './http/transport';
import type { LearnedShapes } from './learnedShapes';

/** A server that can be asked now. */
export interface OpenServer {
  readonly baseUrl: string;
  /** What the user is shown. */
  readonly host: string;
  readonly provider: Provider;
  /** What is asked for where the request names none. */
  readonly defaultModel: (task: TranscriptionRequest['task']) => string;
  readonly key?: string;
  /** The attempt is over, well or badly. */
  readonly release: () => void;
  /** The error for a connection that failed, where it is not the network's. */
  readonly broken?: (reason: string) => MinutesError;
}

/** What all requests of a window share. */
export interface RequestParts {
  readonly transport: HttpTransport;
  readonly clock: Clock;
  readonly shapes: LearnedShapes;
  readonly log: RequestLog;
  /** Some servers refuse requests without a product's name. */
  readonly userAgent: string;
  readonly limiterFor: (server: OpenServer) => RateLimiter;
  /** The base addresses that have answered anything. */
  readonly answered: Set<string>;
  readonly nextNumber: () => number;
}

/** Shorter waits for a turn are not worth a word. */
const SHOWN_WAIT_MS = 1000;

/** Where a request stands. */
interface Progress {
  readonly server: OpenServer;
  readonly request: TranscriptionRequest;
  readonly model: string;
  readonly shape: RequestShape;
  /** As the log tells it. */
  readonly facts: { readonly request: number; readonly attempt: number; readonly host: string };
}

/** What comes of an attempt; where it is no answer yet, with the error that it would be. */
type Result =
  | { readonly kind: 'done'; readonly answer: Answer }
  /** The same request put otherwise, at once. */
  | { readonly kind: 'changed'; readonly shape: RequestShape; readonly error: MinutesError }
  /** The same once more, after a wait. */
  | { readonly kind: 'again'; readonly waitMs: number; readonly cause: WaitCause; readonly error: MinutesError };

/**
 * Asks any endpoint over HTTP: one path for the cloud, for a server at home and for the embedded engine. Paces requests by the
 * endpoint's quota, repeats what fails in a way that passes, and puts a request otherwise where the endpoint refuses its form.
 */
export class HttpTranscriber implements Transcriber {
  /** @param open makes the server ready: starts the engine, or reads the key; called for every attempt */
  constructor(
    private readonly parts: RequestParts,
    private readonly open: (signal: AbortSignal) => Promise<OpenServer>,
    readonly parallel: number,
  ) {}

  async *transcribe(request: TranscriptionRequest, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    const number = this.parts.nextNumber();
    let shape: RequestShape | undefined;
    let isChanged = false;
    for (let attempt = 1; ;) {
      const server = await this.open(signal);
      let result: Result;
      const facts = { request: number, attempt, host: server.host };
      try {
        const model = request.model ?? server.defaultModel(request.task);
        shape ??= await this.knownShape(server, model);
        const lease = yield* this.turn(server, request, facts, signal);
        result = await this.attempt({ server, request, model, shape, facts }, lease, signal);
      } finally {
        server.release();
      }
      if (result.kind === 'done') {
        if (isChanged) await this.parts.shapes.set(server.baseUrl, result.answer.model, shape);
        yield { kind: 'answered', answer: result.answer };
        return;
      }
      if (result.kind === 'changed') {
        isChanged ||= result.shape.dialect !== shape.dialect || result.shape.format !== shape.format;
        shape = result.shape;
        continue;
      }
      const { waitMs, cause } = result;
      const { clock, log } = this.parts;
      log.write({ kind: 'waiting', ...facts, waitMs, cause });
      yield { kind: 'waiting', host: server.host, untilMs: clock.nowMs() + waitMs, cause };
      await clock.sleep(waitMs, signal);
      yield { kind: 'asking' };
      attempt++;
    }
  }

  /**
   * One attempt with one format, for somebody who wants to know whether it works: no wait, no other format in its place.
   *
   * @param isBest the first that works is what the server is asked for from then on
   * @throws MinutesError what is wrong with it
   */
  async tryFormat(
    request: TranscriptionRequest,
    format: AnswerFormat,
    isBest: boolean,
    signal: AbortSignal,
  ): Promise<Answer> {
    const server = await this.open(signal);
    try {
      const model = request.model ?? server.defaultModel(request.task);
      const facts = { request: this.parts.nextNumber(), attempt: 1, host: server.host };
      let shape: RequestShape = { ...richestShape(server.provider, model), format };
      for (;;) {
        this.mayStartSoon(server, request);
        const lease = await this.parts.limiterFor(server).acquire(audioSeconds(request.audio), signal);
        const result = await this.attempt({ server, request, model, shape, facts }, lease, signal);
        if (result.kind === 'done') {
          if (isBest) await this.parts.shapes.set(server.baseUrl, model, shape);
          return result.answer;
        }
        const isOtherDialect = result.kind === 'changed' && result.shape.dialect !== shape.dialect;
        if (!isOtherDialect || !dialect(result.shape.dialect).formats.includes(format)) throw result.error;
        shape = { ...result.shape, format };
      }
    } finally {
      server.release();
    }
  }

  private async knownShape(server: OpenServer, model: string): Promise<RequestShape> {
    const learned = await this.parts.shapes.get(server.baseUrl, model);
    return { ...richestShape(server.provider, model), ...learned };
  }

  /** Waits until the quota has room for the request. */
  private async *turn(
    server: OpenServer,
    request: TranscriptionRequest,
    facts: Progress['facts'],
    signal: AbortSignal,
  ): AsyncGenerator<RequestEvent, Lease> {
    const { clock, log, limiterFor } = this.parts;
    const untilMs = this.mayStartSoon(server, request);
    const waitMs = untilMs - clock.nowMs();
    const isShown = waitMs > SHOWN_WAIT_MS;
    if (isShown) {
      log.write({ kind: 'waiting', ...facts, waitMs, cause: 'quota' });
      yield { kind: 'waiting', host: server.host, untilMs, cause: 'quota' };
    }
    const lease = await limiterFor(server).acquire(audioSeconds(request.audio), signal);
    if (!isShown) return lease;
    let isRead = false;
    try {
      yield { kind: 'asking' };
      isRead = true;
    } finally {
      // The reader has left: nobody will send this one.
      if (!isRead) lease.release();
    }
    return lease;
  }

  /** @returns when, in milliseconds since 1970. @throws MinutesError `paused` */
  private mayStartSoon(server: OpenServer, { audio }: TranscriptionRequest): number {
    const untilMs = this.parts.limiterFor(server).estimateStartMs(audioSeconds(audio));
    if (untilMs - this.parts.clock.nowMs() > PAUSE_ABOVE_MS) throw paused(server.host, untilMs, 'quota');
    return untilMs;
  }

  private async attempt(progress: Progress, lease: Lease, signal: AbortSignal): Promise<Result> {
    const { server, facts } = progress;
    const startedMs = this.parts.clock.nowMs();
    const durationMs = (): number => this.parts.clock.nowMs() - startedMs;
    let answer: HttpAnswer;
    try {
      answer = await this.send(progress, signal);
    } catch (error) {
      // An abort leaves open how much had arrived; what could not be read never did as a whole.
      const isUnsent =
        error instanceof TransportFailure ? error.problem === 'unreachable' : problemOf(error) !== undefined;
      if (isUnsent) lease.release();
      else lease.failed();
      if (!(error instanceof TransportFailure)) throw error;
      this.parts.log.write({ kind: 'broken', ...facts, durationMs: durationMs(), reason: error.message });
      return this.afterBreak(progress, error);
    }
    this.parts.answered.add(server.baseUrl);
    const shown = withoutKey(answer, server.key);
    const isGood = answer.status >= 200 && answer.status < 300;
    const refusal = isGood ? undefined : parseErrorBody(shown.body);
    this.parts.log.write({
      ...{ kind: 'answered', ...facts, status: answer.status, durationMs: durationMs() },
      ...requestIdOf(shown),
      ...remainingQuota(shown.headers),
      ...(refusal ? { message: refusal.message } : {}),
    });
    if (!refusal) {
      lease.answered(answer.headers);
      return this.read(progress, answer.body, shown.body);
    }
    if (answer.status === 429) {
      const retryAfterMs = parseRetryAfter(answer.headers, this.parts.clock.nowMs()) ?? waitInMessage(refusal.message);
      lease.refused({ message: refusal.message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    } else lease.answered(answer.headers);
    return this.afterRefusal(progress, shown, refusal);
  }

  private send({ server, request, model, shape, facts }: Progress, signal: AbortSignal): Promise<HttpAnswer> {
    const authorization = authorizationOf(server);
    const spoken = dialect(shape.dialect);
    if (request.audio.kind === 'url' && spoken.urlField === undefined) {
      throw new MinutesError({ code: 'urlUnsupported', host: server.host });
    }
    const form = speechBody(requestFields(request, model, shape), request.audio);
    const url = urlOf(server, request.task, shape);
    this.parts.log.write({ kind: 'sent', ...facts, sizeBytes: form.lengthBytes, form: formOf(url, model, shape) });
    const headers = {
      'content-type': form.contentType,
      'user-agent': this.parts.userAgent,
      ...authorization,
    };
    return this.parts.transport.send({ method: 'POST', url, headers, body: form }, signal);
  }

  private read({ server, model, shape }: Progress, body: string, shownBody: string): Result {
    const read = (text: string): Answer => ({ ...parseResponse(text, server.host, shape.format), model });
    // A server may repeat the key as if somebody had said it; a key that is a word may have been said.
    const isWord = /^[a-z ]*$/i.test(server.key ?? '');
    let answer: Answer;
    try {
      answer = read(isWord ? body : shownBody);
    } catch {
      // Once more for the error, which quotes the answer.
      answer = read(shownBody);
    }
    return { kind: 'done', answer };
  }

  private afterBreak({ server, facts }: Progress, failure: TransportFailure): Result {
    const verdict = afterBrokenConnection(failure.problem, this.attemptFacts(server, facts.attempt));
    const error = brokenConnection(server, failure);
    if (verdict.kind === 'again') return { ...verdict, cause: 'failed', error };
    throw error;
  }

  private afterRefusal(
    progress: Progress,
    answer: HttpAnswer,
    { message, code }: { readonly message: string; readonly code?: string },
  ): Result {
    const { server, request, model, facts } = progress;
    const { status, headers } = answer;
    const error = classifyFailure(answer, {
      ...{ host: server.host, model, task: request.task, hasKey: server.key !== undefined },
      ...(request.language === undefined ? {} : { language: request.language }),
      sizeBytes: speechBody([], request.audio).lengthBytes,
    });
    const changed = otherRequest(progress, { status, message, ...(code === undefined ? {} : { code }) });
    if (changed) {
      this.parts.log.write({
        kind: 'changed',
        ...facts,
        to: formOf(urlOf(server, request.task, changed), model, changed),
      });
      return { kind: 'changed', shape: changed, error };
    }
    // An account without credit answers 429 as well, and no wait brings credit.
    const verdict: Verdict =
      error.problem.code === 'quotaExhausted'
        ? { kind: 'giveUp' }
        : afterRefusal(status, headers, message, this.attemptFacts(server, facts.attempt));
    if (verdict.kind === 'again') return { ...verdict, cause: status === 429 ? 'refused' : 'failed', error };
    if (verdict.kind === 'pause') throw paused(server.host, this.parts.clock.nowMs() + verdict.waitMs, message);
    throw error;
  }

  private attemptFacts({ baseUrl }: OpenServer, attempt: number): AttemptFacts {
    const { clock, answered } = this.parts;
    return { attempt, hasAnswered: answered.has(baseUrl), random: Math.random(), nowMs: clock.nowMs() };
  }
}

/** The error for a request without an answer. */
export function brokenConnection(server: Pick<OpenServer, 'host' | 'broken'>, failure: TransportFailure): MinutesError {
  const { host } = server;
  const { problem, reason } = failure;
  if (server.broken) return Object.assign(server.broken(reason), { cause: failure });
  const options = { cause: failure };
  switch (problem) {
    case 'certificate':
      return new MinutesError({ code: 'certificateUntrusted', host, reason }, options);
    case 'timeout':
      return new MinutesError({ code: 'endpointTimedOut', host, reason }, options);
    case 'answerTooLarge':
      return new MinutesError({ code: 'responseUnreadable', host, reason }, options);
    case 'unreachable':
    case 'reset':
      return new MinutesError({ code: 'endpointUnreachable', host, reason }, options);
  }
}

/** The request put so that the refusal does not hit it; undefined where that leaves the very request that was refused. */
function otherRequest({ request, model, shape }: Progress, refusal: Refusal): RequestShape | undefined {
  const said = ({ dialect: id, ...rest }: RequestShape): string =>
    JSON.stringify([id, requestFields(request, model, { dialect: id, ...rest })]);
  let other = changeShape(shape, refusal);
  while (other && said(other) === said(shape)) other = changeShape(other, refusal);
  return other;
}

/** whisper.cpp's server has its one address beside `/v1`, where it was looked for as long as nobody knew what it is. */
function urlOf({ baseUrl, provider }: OpenServer, task: SpeechTask, shape: RequestShape): string {
  const isFoundOut = shape.dialect === 'whisperCpp' && provider !== 'whisperCpp';
  return (isFoundOut ? baseUrl.replace(/\/v1$/, '') : baseUrl) + dialect(shape.dialect).path(task);
}

function paused(host: string, untilMs: number, reason: string): MinutesError {
  return new MinutesError({ code: 'paused', host, untilMs, reason });
}

function formOf(url: string, model: string, { format, prompt }: RequestShape): string {
  return `${new URL(url).pathname} ${model} ${format}${prompt === 'whole' ? '' : `, prompt ${prompt}`}`;
}

/** Other text, such as curly quotes or a line break that came along when a key was pasted, is refused before it is sent. */
const HEADER_TEXT = /^[\x20-\x7e]+$/;

/** @throws MinutesError `keyRejected` where no header can carry the key */
export function authorizationOf({ host, key }: Pick<OpenServer, 'host' | 'key'>): { readonly authorization?: string } {
  if (key === undefined) return {};
  if (!HEADER_TEXT.test(key)) throw new MinutesError({ code: 'keyRejected', host });
  return { authorization: `Bearer ${key}` };
}

/** A shorter word, as servers at home take for a key, is no secret; taking it out would spoil what they say. */
const SHORTEST_SECRET = 8;

/** An answer as it may be shown: some endpoints repeat the key that they refuse, in words or in an address. */
export function withoutKey(answer: HttpAnswer, key: string | undefined): HttpAnswer {
  const secret = key?.trim() ?? '';
  if (secret.length < SHORTEST_SECRET) return answer;
  const spellings = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  const clean = (text: string): string => spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '…'), text);
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, clean(value)] as const);
  const plain = plainJson(answer.body);
  const body = clean(plain);
  return { ...answer, headers: Object.fromEntries(headers), body: body === plain ? answer.body : body };
}

/** JSON can spell every character in several ways; this gives each the shortest. */
function plainJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
