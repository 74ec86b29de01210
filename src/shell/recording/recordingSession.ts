import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { Clock } from '../../core/async/clock';
import { samplesToSeconds } from '../../core/audio/pcm';
import type { AudioInputs } from '../../core/capture/audioSource';
import { LevelMeter, type Level } from '../../core/capture/levelMeter';
import type { LiveEvent, LiveRecording } from '../../core/capture/liveRecording';
import type { RecordingStore, RecordingWriter, UnfinishedRecording } from '../../core/capture/recordings';
import {
  IDLE,
  isCapturing,
  nextSession,
  type SessionEvent,
  type SessionPurpose,
  type SessionState,
} from '../../core/capture/session';
import { isAbort, MinutesError, problemOf } from '../../core/errors';
import type { RequestLog } from '../../core/transcription/requestLog';
import { CaptureNews, logRecorder } from './captureNews';
import { channelCountFor, openLive } from './openLive';
import type { Recorded, RecordingListener, RecordingPlace, SessionRun } from './sessionRun';
import type { WorkItem, WorkState } from './workState';

/** What recording needs, loaded on first use. */
export interface RecordingSessionDependencies {
  /** Loads the microphone's code on its first use. */
  readonly loadInputs: () => Promise<AudioInputs>;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly clock: Clock;
  /** Gets what recorders say when they fail. */
  readonly log: RequestLog;
  /** Learns what becomes of the recordings. */
  readonly work: WorkState;
}

/** A run as the session knows it. */
interface Run {
  readonly purpose: SessionPurpose;
  /** Ends the recording and drops what was recorded. */
  readonly abort: AbortController;
  readonly meter: LevelMeter;
  readonly news: CaptureNews;
  live?: LiveRecording;
  /** In the file so far. */
  capturedMs: number;
  /** Whether the file had audio before the run. */
  isContinued: boolean;
  isStopped: boolean;
  isPaused: boolean;
  work?: WorkItem;
  isOver: boolean;
}

/** The window's only microphone: which run has it, and the recording that is being written. */
export class RecordingSession implements Disposable {
  private current: SessionState = IDLE;
  private readonly changed = new EventEmitter<SessionState>();
  readonly onDidChange: Event<SessionState> = this.changed.event;
  /** The run that has the microphone. */
  private owner: Run | undefined;
  /** Resolves when the recorders of all runs so far are gone and their files are closed. */
  private ended: Promise<unknown> = Promise.resolve();
  private isClosing = false;

  constructor(private readonly dependencies: RecordingSessionDependencies) {}

  get state(): SessionState {
    return this.current;
  }

  /** How loud the microphone is now; undefined where nothing is recorded. */
  get level(): Level | undefined {
    return this.current.kind === 'recording' ? this.owner?.meter.level : undefined;
  }

  /** Whether the microphone of the meeting is muted. */
  get isMuted(): boolean {
    return this.owner?.live?.isMuted ?? false;
  }

  /**
   * Takes the microphone for one run at once, so that no other run begins while files are made and questions are asked. Undefined where
   * another run has it.
   */
  reserve(purpose: SessionPurpose): SessionRun | undefined {
    if (this.owner !== undefined) return undefined;
    const run: Run = {
      purpose,
      abort: new AbortController(),
      meter: new LevelMeter(),
      news: new CaptureNews(),
      capturedMs: 0,
      isContinued: false,
      isStopped: false,
      isPaused: false,
      isOver: false,
    };
    this.owner = run;
    this.apply({ kind: 'start', purpose });
    return {
      record: (place, listener = {}) => this.record(place, run, listener),
      tellShare: (share) => run.work?.tellShare(share),
      end: (how) => {
        this.end(run, how);
      },
      discard: () => {
        this.discard(run);
      },
    };
  }

  /** Ends the recording. The audio until now is kept. */
  stop(): void {
    const { owner } = this;
    if (!owner) return;
    // Before the first sound there is no audio to keep.
    if (this.current.kind === 'starting' && !owner.isContinued) {
      this.discard(owner);
      return;
    }
    owner.isStopped = true;
    this.toWork(owner);
    void owner.live?.stop();
  }

  /** Ends the recording where it is made for this purpose. */
  stopFor(purpose: SessionPurpose): void {
    if (isCapturing(this.current) && this.current.purpose === purpose) this.stop();
  }

  /** Pauses the meeting: the microphone is let go, and the file waits. Does nothing else. */
  pause(): void {
    const { owner } = this;
    if (owner?.purpose !== 'meeting' || !owner.live || owner.isPaused || this.current.kind === 'starting') return;
    owner.isPaused = true;
    void owner.live.pause();
    this.apply({ kind: 'pause', capturedMs: owner.capturedMs });
  }

  /** Goes on with the meeting that is paused, in the same file. */
  resume(): void {
    const { owner } = this;
    if (!owner?.isPaused) return;
    owner.isPaused = false;
    owner.live?.resume();
  }

  /** Mutes the microphone of a meeting, or lets it be heard again. The recording goes on, with silence in its place. */
  toggleMute(): void {
    const live = this.owner?.purpose === 'meeting' ? this.owner.live : undefined;
    if (!live) return;
    live.isMuted = !live.isMuted;
    this.changed.fire(this.current);
  }

  /** Ends the recording because the window closes. The next start offers it. */
  async close(): Promise<void> {
    this.isClosing = true;
    const { owner } = this;
    if (owner?.live) await owner.live.stop();
    else owner?.abort.abort();
    await this.ended;
  }

  dispose(): void {
    this.changed.dispose();
  }

  private apply(event: SessionEvent): void {
    const next = nextSession(this.current, event);
    if (next === this.current) return;
    this.current = next;
    this.changed.fire(next);
  }

  /** The run gives the microphone up, unless it has already. */
  private release(run: Run): void {
    if (this.owner !== run) return;
    this.owner = undefined;
    this.apply({ kind: 'stop' });
  }

  /** From now on the run counts as work. Work begins first, so that the window is never without both. */
  private toWork(run: Run): void {
    if (this.owner !== run) return;
    run.work = this.dependencies.work.begin();
    this.release(run);
  }

  private end(run: Run, how: 'done' | 'fail'): void {
    if (run.isOver) return;
    run.isOver = true;
    // Of a run that recorded nothing the message tells; nothing is left to be shown.
    run.work?.end(how);
    this.release(run);
  }

  private discard(run: Run): void {
    this.end(run, 'done');
    run.abort.abort();
  }

  private async record(
    place: RecordingPlace | UnfinishedRecording,
    run: Run,
    listener: RecordingListener,
  ): Promise<Recorded | undefined> {
    run.isContinued = 'recording' in place;
    const work = this.recordAfter(this.ended, place, run, listener);
    this.ended = work.catch(() => undefined);
    const recorded = await work;
    // The window closes. The caller must not go on and settle the audio: the next start offers it.
    if (this.isClosing) await new Promise(() => undefined);
    // The recorder may have ended by itself.
    if (recorded) this.toWork(run);
    return recorded;
  }

  /** @param before resolves when the microphone is free: the last recorder records a moment longer than it is shown */
  private async recordAfter(
    before: Promise<unknown>,
    place: RecordingPlace | UnfinishedRecording,
    run: Run,
    listener: RecordingListener,
  ): Promise<Recorded | undefined> {
    await before;
    if (run.abort.signal.aborted) return undefined;
    const store = await this.dependencies.loadStore();
    const writer =
      'recording' in place
        ? await store.reopen(place)
        : await store.create(place.folder, place.name, place.target, channelCountFor(run.purpose));
    run.capturedMs = capturedMsOf(writer);
    let failure: unknown;
    try {
      listener.onFile?.(writer.audio, writer.channels);
      await this.follow(writer, run, listener);
    } catch (error) {
      failure = error;
      logRecorder(this.dependencies.log, error);
    }
    const { sampleCount } = writer;
    if (sampleCount === 0 || isAbort(failure)) {
      await writer.finish().catch(() => undefined);
      if (!run.isContinued) await store.remove(writer.path);
      if (failure === undefined || isAbort(failure)) return undefined;
      throw forPurpose(failure, run.purpose);
    }
    if (failure !== undefined) {
      const reason = problemOf(failure)?.code ?? 'unknown';
      const wallTimeMs = this.dependencies.clock.nowMs();
      listener.onCapture?.({ kind: 'lost', track: 0, fromSample: sampleCount, wallTimeMs, reason });
    }
    // Where closing the file fails, audio and sidecar stay as they are: the next start repairs the audio and offers it.
    const recording = await writer.finish();
    return failure === undefined ? { recording, sampleCount } : { recording, sampleCount, failure };
  }

  /** Records until the end. */
  private async follow(writer: RecordingWriter, run: Run, listener: RecordingListener): Promise<void> {
    const inputs = await this.dependencies.loadInputs();
    const live = openLive(inputs, writer, this.dependencies.clock, run);
    run.live = live;
    if (run.isStopped) void live.stop();
    for await (const event of live.events(run.abort.signal)) {
      run.capturedMs = capturedMsOf(writer);
      if (event.kind === 'entry') listener.onCapture?.(event.entry);
      this.on(event, run);
    }
  }

  private on(event: LiveEvent, run: Run): void {
    // Behind the stop, the next run may be starting already.
    const isOwner = this.owner === run;
    if (event.kind === 'sound') {
      if (event.track === 0) run.meter.push(event.samples);
      const beforeMs = run.capturedMs - samplesToSeconds(event.samples.length) * 1000;
      if (isOwner && !run.isPaused) this.apply({ kind: 'sound', atMs: this.dependencies.clock.nowMs(), beforeMs });
    }
    if (event.kind === 'entry' && event.entry.kind === 'lost' && event.failure !== undefined) {
      run.meter.reset();
      logRecorder(this.dependencies.log, event.failure);
      if (isOwner && event.entry.track === 0) this.apply({ kind: 'lose', capturedMs: run.capturedMs });
    }
    run.news.tell(event, run.capturedMs);
  }
}

function capturedMsOf({ sampleCount }: RecordingWriter): number {
  return samplesToSeconds(sampleCount) * 1000;
}

/** The failure with what was to be recorded, so that its message can offer that again. */
function forPurpose(failure: unknown, purpose: SessionPurpose): Error {
  const problem = problemOf(failure);
  if (problem?.code === 'deviceMissing') return new MinutesError({ ...problem, purpose }, { cause: failure });
  return failure instanceof Error ? failure : new Error('recording failed', { cause: failure });
}
