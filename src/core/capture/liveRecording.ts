import type { Clock } from '../async/clock';
import { EventQueue } from '../async/eventQueue';
import { bytesToInt16, int16ToBytes } from '../audio/pcm';
import { problemOf } from '../errors';
import type { CaptureEntry } from './captureEntry';
import type { RecordingWriter } from './recordings';
import { SleepWatch, TICK_MS } from './sleepWatch';
import { TrackCapture, type TrackEvent, type TrackOptions } from './trackCapture';
import { TrackJoiner } from './trackJoiner';

/** The source that can be muted. */
const MICROPHONE = 0;

/** What happens while a recording is made, in order. The audio of a sound is written before it is told. */
export type LiveEvent =
  | { readonly kind: 'sound'; readonly track: number; readonly samples: Int16Array }
  /** For the log. `failure` is why a source was lost. */
  | { readonly kind: 'entry'; readonly entry: CaptureEntry; readonly failure?: unknown }
  /** All of this source's samples since the start are zero. */
  | { readonly kind: 'silent'; readonly track: number }
  | { readonly kind: 'stalled'; readonly track: number }
  /** The sound server has given the source another device by itself. */
  | { readonly kind: 'moved'; readonly track: number; readonly device: string }
  /** The chosen device is gone, and the default is opened in its place. */
  | { readonly kind: 'replaced'; readonly track: number }
  /** The machine slept: nothing was recorded for so long. The entries for the log follow. */
  | { readonly kind: 'slept'; readonly forMs: number };

/** What a recording is made of. */
export interface LiveRecordingOptions {
  /** One source or two; the first is the microphone. Each is a channel of the file. */
  readonly tracks: readonly Omit<TrackOptions, 'clock'>[];
  readonly writer: RecordingWriter;
  readonly clock: Clock;
}

/** What comes through the queue: a source's event, its end, or that a second has passed. */
type Queued =
  | { readonly kind: 'event'; readonly track: number; readonly event: TrackEvent }
  | { readonly kind: 'ended'; readonly failure?: Error }
  | { readonly kind: 'tick'; readonly nowMs: number };

/** Sources on their way into a file, through pauses and losses, until the stop. */
export class LiveRecording {
  private readonly captures: readonly TrackCapture[];
  private readonly joiner: TrackJoiner;
  private readonly queue = new EventQueue<Queued>();
  private readonly sleep = new SleepWatch();
  /** The sources that have given a signal: they work, whatever they are silent about later. */
  private readonly heard = new Set<number>();
  private isMuteWanted = false;
  /** Where the muted range begins. */
  private mutedFrom: number | undefined;
  private isMicrophoneOpen = false;

  constructor(private readonly options: LiveRecordingOptions) {
    const { tracks, writer, clock } = options;
    this.captures = tracks.map((track) => new TrackCapture({ ...track, clock }));
    this.joiner = new TrackJoiner(tracks.length, writer.sampleCount);
  }

  /**
   * Records. To be read once. Ends behind {@link stop}, when all that was said is in the file; the caller finishes the file in any case.
   *
   * @throws MinutesError where a source cannot be had, or the file cannot be written; the signal's reason when aborted, at once
   */
  async *events(signal: AbortSignal): AsyncGenerator<LiveEvent> {
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    const drop = (): void => {
      this.queue.abort(signal.reason as Error);
    };
    signal.addEventListener('abort', drop);
    const pumps = this.captures.map((capture, track) => this.pump(capture, track, either));
    if (this.options.tracks[MICROPHONE]?.retries !== 'never') void this.tick(either);
    let left = pumps.length;
    try {
      if (this.options.writer.sampleCount > 0) await this.write(this.joiner.hole());
      for await (const queued of this.queue.read()) {
        if (queued.kind === 'event') yield* this.take(queued.track, queued.event);
        else if (queued.kind === 'tick') yield* this.second(queued.nowMs);
        else if (queued.failure !== undefined) throw queued.failure;
        else if (--left === 0) break;
      }
      yield* this.endMuted();
    } finally {
      signal.removeEventListener('abort', drop);
      ending.abort();
      await Promise.all(pumps);
    }
  }

  /** Resolves when the recorders are gone. */
  async stop(): Promise<void> {
    await Promise.all(this.captures.map((capture) => capture.stop()));
  }

  /** Ends the sources until {@link resume}. Resolves when the recorders are gone. */
  async pause(): Promise<void> {
    await Promise.all(this.captures.map((capture) => capture.pause()));
  }

  /** Opens the sources again; the same file goes on. */
  resume(): void {
    for (const capture of this.captures) capture.resume();
  }

  /** Whether the microphone's samples are silence from now on, whatever it hears. */
  set isMuted(isMuted: boolean) {
    this.isMuteWanted = isMuted;
  }

  get isMuted(): boolean {
    return this.isMuteWanted;
  }

  private async pump(capture: TrackCapture, track: number, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of capture.events(signal)) this.queue.push({ kind: 'event', track, event });
      this.queue.push({ kind: 'ended' });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error('the recording failed', { cause: error });
      this.queue.push({ kind: 'ended', failure });
    }
  }

  private async tick(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    try {
      for (;;) {
        await clock.sleep(TICK_MS, signal);
        this.queue.push({ kind: 'tick', nowMs: clock.nowMs() });
      }
    } catch {
      // The recording is over.
    }
  }

  private async *take(track: number, event: TrackEvent): AsyncGenerator<LiveEvent> {
    switch (event.kind) {
      case 'opened': {
        const { wallTimeMs } = event;
        this.setOpen(track, true);
        this.joiner.open(track, this.options.clock.nowMs() - wallTimeMs);
        yield {
          kind: 'entry',
          entry: { kind: 'captured', track, fromSample: this.joiner.positionOf(track), wallTimeMs },
        };
        return;
      }
      case 'audio':
        yield* this.hear(track, bytesToInt16(event.pcm));
        return;
      case 'paused':
      case 'lost': {
        this.setOpen(track, false);
        const fromSample = this.joiner.positionOf(track);
        await this.write(this.joiner.close(track));
        if (track === MICROPHONE) yield* this.endMuted();
        yield entryOf(event, track, fromSample);
        return;
      }
      case 'silent':
        if (!this.heard.has(track)) yield { kind: 'silent', track };
        return;
      case 'moved':
        yield { kind: 'moved', track, device: event.device };
        return;
      case 'stalled':
      case 'replaced':
        yield { kind: event.kind, track };
    }
  }

  private async *hear(track: number, samples: Int16Array): AsyncGenerator<LiveEvent> {
    if (!this.heard.has(track) && samples.some((sample) => Math.abs(sample) > 1)) this.heard.add(track);
    if (track === MICROPHONE) {
      if (!this.isMuteWanted) yield* this.endMuted();
      else {
        this.mutedFrom ??= this.joiner.positionOf(track);
        samples.fill(0);
      }
    }
    await this.write(this.joiner.push(track, samples));
    yield { kind: 'sound', track, samples };
  }

  private *endMuted(): Generator<LiveEvent> {
    if (this.mutedFrom === undefined) return;
    const entry = {
      kind: 'muted',
      track: MICROPHONE,
      startSample: this.mutedFrom,
      endSample: this.joiner.positionOf(MICROPHONE),
    } as const;
    this.mutedFrom = undefined;
    yield { kind: 'entry', entry };
  }

  private *second(nowMs: number): Generator<LiveEvent> {
    if (!this.isMicrophoneOpen) return;
    const slept = this.sleep.tick(nowMs, this.joiner.positionOf(MICROPHONE));
    if (!slept) return;
    const { fromSample, fromMs, toMs } = slept;
    yield { kind: 'slept', forMs: toMs - fromMs };
    for (const track of this.captures.keys()) {
      const lost = { kind: 'lost', track, fromSample, wallTimeMs: fromMs, reason: 'sleep' } as const;
      yield { kind: 'entry', entry: lost };
      yield { kind: 'entry', entry: { kind: 'captured', track, fromSample, wallTimeMs: toMs } };
    }
  }

  private setOpen(track: number, isOpen: boolean): void {
    if (track !== MICROPHONE) return;
    this.isMicrophoneOpen = isOpen;
    this.sleep.reset();
  }

  private async write(frames: Int16Array): Promise<void> {
    if (frames.length > 0) await this.options.writer.append(int16ToBytes(frames));
  }
}

function entryOf(
  event: Extract<TrackEvent, { readonly kind: 'paused' | 'lost' }>,
  track: number,
  fromSample: number,
): LiveEvent {
  const { wallTimeMs } = event;
  if (event.kind === 'paused') return { kind: 'entry', entry: { kind: 'paused', track, fromSample, wallTimeMs } };
  const reason = problemOf(event.failure)?.code ?? 'unknown';
  return { kind: 'entry', entry: { kind: 'lost', track, fromSample, wallTimeMs, reason }, failure: event.failure };
}
