import { BYTES_PER_SAMPLE, samplesToSeconds } from '../audio/pcm';
import type { Clock } from '../async/clock';
import { MinutesError, problemOf } from '../errors';
import type { AudioSource, Capture, CaptureEvent } from './audioSource';

/** How long a source that was lost is left alone before it is tried again. The first attempt follows at once. */
const RETRY_MS = 1000;

/** What the user wants of a source now. */
type Wish = 'record' | 'pause' | 'stop';

/** What happens to one source, in order. Times are milliseconds since 1970. */
export type TrackEvent =
  /** The source gives sound, or gives it again. Its first sample, which comes next, was captured at this time. */
  | { readonly kind: 'opened'; readonly wallTimeMs: number }
  | Exclude<CaptureEvent, { readonly kind: 'stalled' }>
  /** No samples arrive. Where a source is tried again, it is lost instead. */
  | { readonly kind: 'stalled' }
  /** The source was ended for a pause. */
  | { readonly kind: 'paused'; readonly wallTimeMs: number }
  /** The source ended, or does not open; it is tried again. Told once until it opens. */
  | { readonly kind: 'lost'; readonly wallTimeMs: number; readonly failure: unknown }
  /** The chosen device is gone: the fallback is opened from now on. */
  | { readonly kind: 'replaced' };

/** One source of a recording. */
export interface TrackOptions {
  readonly source: AudioSource;
  /** What is opened where the source's device is gone when it is tried again; absent: nothing else. */
  readonly fallback?: AudioSource;
  /**
   * Whether a loss is no end: `never` for dictations, `onceOpen` for meetings, which fail where the microphone does not open at the start,
   * `always` for a recording that goes on from before and for a second source.
   */
  readonly retries: 'never' | 'onceOpen' | 'always';
  readonly clock: Clock;
}

/** One source through pauses and losses. */
export class TrackCapture {
  private wish: Wish = 'record';
  private capture: Capture | undefined;
  /** Ends an opening that is under way. */
  private opening = new AbortController();
  private wake: () => void = () => undefined;
  private source: AudioSource;
  /** Whether the source was told to end. */
  private isEnding = false;
  private hasOpened = false;
  private isLost = false;
  /** Resolves when the recorder that was told to end is gone. */
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: TrackOptions) {
    this.source = options.source;
  }

  /**
   * To be read once. Ends after {@link stop}, behind what was said until then.
   *
   * @throws MinutesError where the source ends or does not open, and is not tried again; the signal's reason when aborted
   */
  async *events(signal: AbortSignal): AsyncGenerator<TrackEvent> {
    for (;;) {
      signal.throwIfAborted();
      if (this.wants('stop')) return;
      if (this.wants('pause')) await this.change(signal);
      else if ((yield* this.once(signal)) && this.wants('record')) await this.change(signal, RETRY_MS);
    }
  }

  /** Ends the source. Resolves when its recorder is gone. */
  stop(): Promise<void> {
    return this.become('stop');
  }

  /** Ends the source until {@link resume}. Means nothing behind a stop. */
  pause(): Promise<void> {
    return this.become('pause');
  }

  /** Opens the source again. */
  resume(): void {
    if (this.wish === 'pause') void this.become('record');
  }

  /** A method, since the wish changes while events are waited for. */
  private wants(wish: Wish): boolean {
    return this.wish === wish;
  }

  private hasBeenEnded(): boolean {
    return this.isEnding;
  }

  private become(wish: Wish): Promise<void> {
    if (this.wish !== 'stop' && this.wish !== wish) {
      this.wish = wish;
      if (wish !== 'record') {
        if (this.capture) this.end(this.capture);
        else this.opening.abort();
      }
      this.wake();
    }
    return this.ended;
  }

  private end(capture: Capture): void {
    this.isEnding = true;
    this.ended = capture.stop();
  }

  /** Opens the source and gives what it gives. True where it is to be tried again after a while. */
  private async *once(signal: AbortSignal): AsyncGenerator<TrackEvent, boolean> {
    const opening = (this.opening = new AbortController());
    this.isEnding = false;
    const { clock, retries } = this.options;
    let openedMs: number | undefined;
    let lastMs = clock.nowMs();
    try {
      const capture = await this.open(AbortSignal.any([signal, opening.signal]));
      for await (const event of capture.events) {
        if (event.kind === 'stalled' && retries !== 'never') throw new MinutesError({ code: 'microphoneStalled' });
        if (event.kind === 'audio') {
          lastMs = clock.nowMs();
          if (openedMs === undefined) yield { kind: 'opened', wallTimeMs: lastMs - durationMs(event.pcm) };
          openedMs ??= lastMs;
          this.hasOpened = true;
          this.isLost = false;
        }
        yield event;
      }
      if (!this.hasBeenEnded()) throw new Error('the source ended by itself');
      // Behind a pause that was taken back at once there is a hole all the same.
      if (this.wish !== 'stop') yield { kind: 'paused', wallTimeMs: clock.nowMs() };
      return false;
    } catch (failure) {
      signal.throwIfAborted();
      if (opening.signal.aborted) return false;
      if (retries === 'never' || (retries === 'onceOpen' && !this.hasOpened)) throw failure;
      if (!this.isLost) yield { kind: 'lost', wallTimeMs: lastMs, failure };
      this.isLost = true;
      if (this.takeFallback(failure)) yield { kind: 'replaced' };
      else return openedMs === undefined || clock.nowMs() - openedMs < RETRY_MS;
      return false;
    } finally {
      this.capture = undefined;
    }
  }

  private async open(signal: AbortSignal): Promise<Capture> {
    // The recorder before must have let the device go.
    await this.ended;
    this.capture = await this.source.open(signal);
    // The wish may have changed in the moment in which the source opened.
    if (this.wish !== 'record') this.end(this.capture);
    return this.capture;
  }

  private takeFallback(failure: unknown): boolean {
    const { fallback } = this.options;
    if (problemOf(failure)?.code !== 'deviceMissing' || !fallback || this.source === fallback) return false;
    this.source = fallback;
    return true;
  }

  /** Resolves when the wish has changed, or after a time. */
  private async change(signal: AbortSignal, afterMs?: number): Promise<void> {
    const waiting = new AbortController();
    const changed = new Promise<void>((resolve) => (this.wake = resolve));
    const either = AbortSignal.any([signal, waiting.signal]);
    const aborted = new Promise<void>((resolve) => {
      either.addEventListener('abort', () => {
        resolve();
      });
      if (either.aborted) resolve();
    });
    const passed = afterMs === undefined ? aborted : this.options.clock.sleep(afterMs, either).catch(() => undefined);
    await Promise.race([changed, passed, aborted]);
    waiting.abort();
    signal.throwIfAborted();
  }
}

/** How long these samples last. */
function durationMs(pcm: Uint8Array): number {
  return samplesToSeconds(pcm.length / BYTES_PER_SAMPLE) * 1000;
}
