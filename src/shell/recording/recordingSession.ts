import { EventEmitter, type Disposable, type Event } from 'vscode';
import { bytesToInt16 } from '../../core/audio/pcm';
import { isAbort, problemOf, type ProblemCode } from '../../core/errors';
import type { GrowingFile } from '../../core/audio/growingAudio';
import type { Recording } from '../../core/model';
import type { AudioSource, Capture } from '../../core/capture/audioSource';
import { LevelMeter, type Level } from '../../core/capture/levelMeter';
import type { RecordingStore, RecordingTarget, RecordingWriter } from '../../core/capture/recordings';
import {
  IDLE,
  isCapturing,
  nextSession,
  type SessionEvent,
  type SessionPurpose,
  type SessionState,
} from '../../core/capture/session';
import type { RequestLog } from '../../core/transcription/requestLog';
import { describeProblem, showWarning } from '../words/messages';
import type { WorkItem, WorkState } from './workState';

/** The problems whose reason is a recorder's own message. */
const RECORDER_PROBLEMS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'microphoneMissing',
  'microphoneBusy',
  'recorderFailed',
  'recorderEnded',
]);

/** What recording needs, loaded on first use. */
export interface RecordingSessionDependencies {
  /** Loads the microphone's code on its first use. */
  readonly loadMicrophone: () => Promise<AudioSource>;
  readonly loadStore: () => Promise<RecordingStore>;
  /** Gets what recorders say when they fail. */
  readonly log: RequestLog;
  /** Learns what becomes of the recordings. */
  readonly work: WorkState;
}

/** Where a recording is written, and what it is made for. */
export interface RecordingPlace {
  readonly folder: string;
  /** The file's name without its ending. */
  readonly name: string;
  readonly target: RecordingTarget;
}

/** What was recorded. */
export interface Recorded {
  readonly recording: Recording;
  readonly sampleCount: number;
  /** Why the recording ended before the user ended it. The audio until then is there. */
  readonly failure?: unknown;
}

/** One dictation or meeting, from its command to its text. It has the microphone until its recording is stopped. */
export interface SessionRun {
  /**
   * Records until {@link RecordingSession.stop}. Resolves to the recording on disk, or to undefined where it was discarded. The file is
   * removed only by a discard, or where the recording has no sample. From the stop on the run counts as work.
   *
   * @param onFile called when the file is there, before its first sample; the audio in it grows until the recording ends
   * @throws MinutesError where nothing could be recorded at all
   */
  readonly record: (place: RecordingPlace, onFile?: (file: GrowingFile) => void) => Promise<Recorded | undefined>;
  /** The text is in its place, or there is none. To be called in any case; only the first call counts. */
  readonly end: (how: 'done' | 'fail') => void;
  /** Ends the run at once. A recording that goes on is removed; the caller ends the work itself. */
  readonly discard: () => void;
}

/** A run as the session knows it. */
interface Run {
  /** Ends the recording and drops what was recorded. */
  readonly abort: AbortController;
  readonly meter: LevelMeter;
  capture?: Capture;
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

  /** How loud it is now; undefined where nothing is recorded. */
  get level(): Level | undefined {
    return this.current.kind === 'recording' ? this.owner?.meter.level : undefined;
  }

  /**
   * Takes the microphone for one run at once, so that no other run begins while files are made and questions are asked. Undefined where
   * another run has it.
   */
  reserve(purpose: SessionPurpose): SessionRun | undefined {
    if (this.owner !== undefined) return undefined;
    const run: Run = { abort: new AbortController(), meter: new LevelMeter(), isOver: false };
    this.owner = run;
    this.apply({ kind: 'start', purpose });
    return {
      record: (place, onFile) => this.record(place, run, onFile),
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
    if (this.current.kind !== 'recording') {
      this.discard(owner);
      return;
    }
    this.toWork(owner);
    void owner.capture?.stop();
  }

  /** Ends the recording where it is made for this purpose. */
  stopFor(purpose: SessionPurpose): void {
    if (isCapturing(this.current) && this.current.purpose === purpose) this.stop();
  }

  /** Ends the recording because the window closes. The next start offers it. */
  async close(): Promise<void> {
    this.isClosing = true;
    const { owner } = this;
    if (owner?.capture) await owner.capture.stop();
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
    // A run that failed before it recorded anything is shown as failed as well.
    const work = run.work ?? (how === 'fail' ? this.dependencies.work.begin() : undefined);
    work?.end(how);
    this.release(run);
  }

  private discard(run: Run): void {
    this.end(run, 'done');
    run.abort.abort();
  }

  private async record(
    place: RecordingPlace,
    run: Run,
    onFile?: (file: GrowingFile) => void,
  ): Promise<Recorded | undefined> {
    const work = this.recordAfter(this.ended, place, run, onFile);
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
    place: RecordingPlace,
    run: Run,
    onFile: (file: GrowingFile) => void = () => undefined,
  ): Promise<Recorded | undefined> {
    await before;
    if (run.abort.signal.aborted) return undefined;
    const store = await this.dependencies.loadStore();
    const writer = await store.create(place.folder, place.name, place.target);
    onFile(writer.audio);
    let failure: unknown;
    try {
      const microphone = await this.dependencies.loadMicrophone();
      run.capture = await microphone.open(run.abort.signal);
      await this.write(run.capture, writer, run);
    } catch (error) {
      failure = error;
      this.logRecorder(error);
    }
    const { sampleCount } = writer;
    if (isAbort(failure) || sampleCount === 0) {
      await writer.finish().catch(() => undefined);
      await store.remove(writer.path);
      if (failure === undefined || isAbort(failure)) return undefined;
      throw failure instanceof Error ? failure : new Error('recording failed', { cause: failure });
    }
    // Where closing the file fails, audio and sidecar stay as they are: the next start repairs the audio and offers it.
    const recording = await writer.finish();
    return failure === undefined ? { recording, sampleCount } : { recording, sampleCount, failure };
  }

  /** The messages do not have the recorder's words, which only somebody who helps can read. */
  private logRecorder(error: unknown): void {
    const problem = problemOf(error);
    if (problem && RECORDER_PROBLEMS.has(problem.code) && 'reason' in problem)
      this.dependencies.log.write({ kind: 'recorder', problem: problem.code, said: problem.reason });
  }

  private async write(capture: Capture, writer: RecordingWriter, run: Run): Promise<void> {
    for await (const event of capture.events) {
      if (event.kind === 'audio') {
        run.meter.push(bytesToInt16(event.pcm));
        await writer.append(event.pcm);
        // Behind the stop, the next run may be starting already.
        if (this.owner === run) this.apply({ kind: 'firstSound', atMs: Date.now() });
      } else {
        if (event.kind === 'stalled') run.meter.reset();
        const code = event.kind === 'silent' ? 'microphoneSilent' : 'microphoneStalled';
        void showWarning(describeProblem({ code }));
      }
    }
  }
}
