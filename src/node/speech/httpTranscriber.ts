import { Places } from '../../core/async/places';
import { MinutesError } from '../../core/errors';
import type { Answer, TranscriptionRequest } from '../../core/model';
import type { RequestEvent, Transcriber } from '../../core/transcription/transcriber';
import { dialect, type AnswerFormat, type UploadFormat } from '../../core/endpoints/dialects';
import type { Lease, RateLimiter } from '../../core/pacing/rateLimiter';
import { richestShape, type RequestShape } from '../../core/endpoints/requestShape';
import { PAUSE_ABOVE_MS } from '../../core/pacing/retryPolicy';
import { encodedAudio, type EncodedAudio } from './encodedAudio';
import { audioSeconds } from './speechBody';
import type { LearnedShapes } from './learnedShapes';
import type { OpenServer } from './openServer';
import { paused, RequestAttempt, type AttemptParts, type Progress, type Result } from './requestAttempt';

/** What all requests of a window share. */
export interface RequestParts extends AttemptParts {
  readonly shapes: LearnedShapes;
  readonly limiterFor: (server: OpenServer) => RateLimiter;
  readonly nextNumber: () => number;
}

/** Whether the shapes differ in what is remembered of a server: all but the prompt. */
function isOtherRequest(one: RequestShape, other: RequestShape): boolean {
  return one.dialect !== other.dialect || one.format !== other.format || one.upload !== other.upload;
}

/**
 * How many FLAC files are made ahead of their requests. Four answers may come at the same time, and four requests are then sent without
 * an encoder's pause: 4 MB at most.
 */
const AHEAD = 4;

/** Shorter waits for the quota are not shown. */
const SHOWN_WAIT_MS = 1000;

/**
 * Sends requests to any endpoint over HTTP: the cloud, a server at home and the embedded engine take the same path. It paces requests by
 * the endpoint's quota, repeats a request that fails in a way that passes, and changes a request's shape where the endpoint refuses it.
 */
export class HttpTranscriber implements Transcriber {
  private readonly attempts: RequestAttempt;
  /** The shape of the last request that was answered. */
  private taken: RequestShape | undefined;
  private readonly places = new Places(() => this.parallel);

  /**
   * @param open makes the server ready: starts the engine, or reads the key. Called for every attempt
   * @param most the highest number of requests at once
   * @param usualUpload what chunks become for this server, as far as is known before its first answer
   */
  constructor(
    private readonly parts: RequestParts,
    private readonly open: (signal: AbortSignal) => Promise<OpenServer>,
    private readonly most: number,
    private readonly usualUpload: UploadFormat = 'wav',
  ) {
    this.attempts = new RequestAttempt(parts);
  }

  /** One until the first answer, so that a refusal of the request's shape happens only once. */
  get parallel(): number {
    return this.taken && !dialect(this.taken.dialect).isSerial ? this.most : 1;
  }

  /** None where a chunk is sent as it lies on the disk: nothing could be made ready. */
  get ahead(): number {
    return this.upload === 'flac' ? AHEAD : 0;
  }

  private get upload(): UploadFormat {
    return this.taken?.upload ?? this.usualUpload;
  }

  async lastStartMs(requestS: readonly number[], signal: AbortSignal): Promise<number> {
    return this.parts.limiterFor(await this.open(signal)).estimateStartMs(...requestS);
  }

  async *transcribe(request: TranscriptionRequest, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    const place = this.places.take();
    const encoded = encodedAudio(request.audio, signal);
    try {
      if (!place.isFree) {
        yield { kind: 'queued' };
        await encoded.prepare(this.upload);
        await place.come(signal);
        yield { kind: 'asking' };
      }
      for await (const event of this.send(request, encoded, signal)) {
        // The next request goes while this answer is written down.
        if (event.kind === 'answered') place.leave();
        yield event;
      }
      place.leave();
    } finally {
      // Whoever asks learns of a failure first, and may end the requests that are queued.
      setImmediate(place.leave);
    }
  }

  private async *send(
    request: TranscriptionRequest,
    encoded: EncodedAudio,
    signal: AbortSignal,
  ): AsyncGenerator<RequestEvent> {
    const number = this.parts.nextNumber();
    let shape: RequestShape | undefined;
    let isChanged = false;
    for (let attempt = 1; ;) {
      const server = await this.open(signal);
      let result: Result;
      const facts = { request: number, attempt, host: server.host };
      try {
        const { model } = request;
        const lease = yield* this.turn(server, request, facts, signal);
        // The shape is read after the wait, since other requests may have learned it meanwhile.
        shape ??= await this.knownShape(server, model);
        result = await this.attempts.attempt({ server, request, encoded, model, shape, facts }, lease, signal);
      } finally {
        server.release();
      }
      if (result.kind === 'changed' || result.kind === 'recognised') {
        isChanged ||= isOtherRequest(result.shape, shape);
        shape = result.shape;
      }
      if (result.kind === 'done' || (result.kind === 'recognised' && result.isSound)) {
        const { shapes } = this.parts;
        this.taken = shape;
        this.places.fill();
        if (isChanged) await shapes.set(server.baseUrl, result.answer.model, shape);
        if (shape.prompt !== 'whole') shapes.setPrompt(server.baseUrl, result.answer.model, shape.prompt);
        yield { kind: 'answered', answer: result.answer };
        return;
      }
      if (result.kind !== 'again') continue;
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
   * Makes one attempt with one format, to find out whether it works. It tries no other format, and waits only for the quota.
   *
   * @param request with speech: an answer without a word is no success here
   * @param isBest whether the server is asked for this format from now on, if it works
   * @throws MinutesError where the format does not work
   */
  async tryFormat(
    request: TranscriptionRequest,
    format: AnswerFormat,
    isBest: boolean,
    signal: AbortSignal,
  ): Promise<Answer> {
    const server = await this.open(signal);
    try {
      const { model } = request;
      const facts = { request: this.parts.nextNumber(), attempt: 1, host: server.host };
      // The format is not taken from what is known: the test finds out which formats work.
      const known = await this.knownShape(server, model);
      const isSpoken = dialect(known.dialect).formats.includes(format);
      let shape: RequestShape = {
        ...(isSpoken ? known : richestShape(server.provider, model)),
        format,
        prompt: 'whole',
      };
      const encoded = encodedAudio(request.audio, signal);
      for (;;) {
        const limiter = this.parts.limiterFor(server);
        this.soonEnough(server, limiter.estimateStartMs(audioSeconds(request.audio)));
        const lease = await limiter.acquire(audioSeconds(request.audio), signal);
        const result = await this.attempts.attempt({ server, request, encoded, model, shape, facts }, lease, signal);
        const next = result.kind === 'recognised' || result.kind === 'changed' ? result.shape : shape;
        const isKnown = dialect(next.dialect).formats.includes(format);
        // Where a server's own dialect has no such format, its answer to a request in another one holds.
        if (result.kind === 'done' || (result.kind === 'recognised' && (result.isSound || !isKnown))) {
          if (result.answer.text === '' && result.answer.segments.length === 0) {
            throw new MinutesError({ code: 'responseUnreadable', host: server.host, reason: '""' });
          }
          if (isBest) await this.parts.shapes.set(server.baseUrl, model, next);
          return result.answer;
        }
        if (result.kind !== 'recognised' && (!isOtherRequest({ ...next, format }, shape) || !isKnown))
          throw result.error;
        shape = { ...next, format };
      }
    } finally {
      server.release();
    }
  }

  private async knownShape(server: OpenServer, model: string): Promise<RequestShape> {
    const learned = await this.parts.shapes.get(server.baseUrl, model);
    return { ...richestShape(server.provider, model), ...learned };
  }

  /** Waits until the quota has room for the request. The time that is shown changes when something is learned meanwhile. */
  private async *turn(
    server: OpenServer,
    { audio }: TranscriptionRequest,
    facts: Progress['facts'],
    signal: AbortSignal,
  ): AsyncGenerator<RequestEvent, Lease> {
    const { clock, log, limiterFor } = this.parts;
    const limiter = limiterFor(server);
    let untilMs = this.soonEnough(server, limiter.estimateStartMs(audioSeconds(audio)));
    let waitMs = untilMs - clock.nowMs();
    const leaving = new AbortController();
    // The place in the queue is taken before the wait is told.
    const leasing = limiter.acquire(audioSeconds(audio), AbortSignal.any([signal, leaving.signal]));
    let toldMs: number | undefined;
    let isTaken = false;
    try {
      for (;;) {
        if (waitMs > SHOWN_WAIT_MS && Math.abs(untilMs - (toldMs ?? 0)) > SHOWN_WAIT_MS) {
          toldMs = untilMs;
          log.write({ kind: 'waiting', ...facts, waitMs, cause: 'quota' });
          yield { kind: 'waiting', host: server.host, untilMs, cause: 'quota' };
        }
        const lease = await Promise.race([leasing, limiter.nextNews()]);
        if (lease) {
          if (toldMs !== undefined) yield { kind: 'asking' };
          isTaken = true;
          return lease;
        }
        untilMs = this.soonEnough(server, limiter.nextStartMs() ?? clock.nowMs());
        waitMs = untilMs - clock.nowMs();
      }
    } finally {
      // The reader has left, or the wait is too long: this request will not be sent.
      if (!isTaken) {
        leaving.abort();
        await leasing.then(
          (lease) => {
            lease.release();
          },
          () => undefined,
        );
      }
    }
  }

  /** @param startMs milliseconds since 1970. @returns the same. @throws MinutesError `paused` */
  private soonEnough({ host }: OpenServer, startMs: number): number {
    if (startMs - this.parts.clock.nowMs() > PAUSE_ABOVE_MS) throw paused(host, startMs, 'quota');
    return startMs;
  }
}
