import { EventEmitter, type Disposable, type Event } from 'vscode';
import { bytesToInt16 } from '../../core/audio/pcm';
import { isAbort } from '../../core/errors';
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
import { describeProblem, showWarning } from '../words/messages';

/** What recording needs, loaded on first use. */
export interface RecordingSessionDependencies {
  /** Loads the microphone's code on its first use. */
  readonly loadMicrophone: () => Promise<AudioSource>;
  readonly loadStore: () => Promise<RecordingStore>;
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

/** One use of the microphone, from its command to its text. */
export interface SessionRun {
  /**
   * Records until {@link RecordingSession.stop}. Resolves to the recording on disk, or to undefined where it was discarded. The file is
   * removed only by a discard, or where the recording has no sample.
   *
   * @throws MinutesError where nothing could be recorded at all
   */
  readonly record: (place: RecordingPlace) => Promise<Recorded | undefined>;
  readonly end: (how: 'done' | 'fail') => void;
}

/** The window's only microphone session: its state, and the recording that is being written. */
export class RecordingSession implements Disposable {
  private current: SessionState = IDLE;
  private readonly changed = new EventEmitter<SessionState>();
  readonly onDidChange: Event<SessionState> = this.changed.event;
  private running: { readonly abort: AbortController; capture?: Capture; ended?: Promise<unknown> } | undefined;

  private isClosing = false;
  /** The run that has the microphone, or that turns its recording into text. */
  private owner: SessionRun | undefined;
  private readonly meter = new LevelMeter();

  constructor(private readonly dependencies: RecordingSessionDependencies) {}

  get state(): SessionState {
    return this.current;
  }

  /** How loud it is now; undefined where nothing is recorded. */
  get level(): Level | undefined {
    return this.current.kind === 'recording' ? this.meter.level : undefined;
  }

  /**
   * Takes the microphone for one run at once, so that no other run begins while files are made and questions are asked. Undefined where
   * another run has it.
   */
  reserve(purpose: SessionPurpose): SessionRun | undefined {
    if (this.owner !== undefined || this.running !== undefined) return undefined;
    const run: SessionRun = {
      record: (place) => (this.owner === run ? this.record(place, run) : Promise.resolve(undefined)),
      end: (how) => {
        // A discarded run has ended already, and the next run may have begun.
        if (this.owner !== run) return;
        this.owner = undefined;
        this.apply({ kind: how });
      },
    };
    this.owner = run;
    this.apply({ kind: 'start', purpose });
    return run;
  }

  /** Ends the state "failed": a later attempt succeeded. */
  settle(): void {
    if (this.current.kind === 'failed') this.apply({ kind: 'done' });
  }

  /** Ends the recording. The audio until now is kept. */
  stop(): void {
    if (!isCapturing(this.current)) return;
    // Before the first sound there is no audio to keep.
    if (this.current.kind === 'starting') {
      this.discard();
      return;
    }
    this.apply({ kind: 'stop' });
    void this.running?.capture?.stop();
  }

  /** Ends the recording and removes it. */
  discard(): void {
    this.owner = undefined;
    this.apply({ kind: 'discard' });
    this.running?.abort.abort();
  }

  /** Ends the recording because the window closes. The next start offers it. */
  async close(): Promise<void> {
    this.isClosing = true;
    const { running } = this;
    if (!running) return;
    await running.capture?.stop();
    if (!running.capture) running.abort.abort();
    await running.ended;
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

  private async record(place: RecordingPlace, run: SessionRun): Promise<Recorded | undefined> {
    const running: NonNullable<typeof this.running> = { abort: new AbortController() };
    this.running = running;
    const work = this.recordTo(place, running);
    running.ended = work.catch(() => undefined);
    try {
      const recorded = await work;
      // The window closes. The caller must not go on and settle the audio: the next start offers it.
      if (this.isClosing) await new Promise(() => undefined);
      // The state changes here too, since the recorder may have ended by itself.
      if (recorded && this.owner === run) this.apply({ kind: 'stop' });
      return recorded;
    } finally {
      this.running = undefined;
    }
  }

  private async recordTo(
    place: RecordingPlace,
    running: NonNullable<typeof this.running>,
  ): Promise<Recorded | undefined> {
    const store = await this.dependencies.loadStore();
    const writer = await store.create(place.folder, place.name, place.target);
    let failure: unknown;
    try {
      const microphone = await this.dependencies.loadMicrophone();
      running.capture = await microphone.open(running.abort.signal);
      await this.write(running.capture, writer);
    } catch (error) {
      failure = error;
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

  private async write(capture: Capture, writer: RecordingWriter): Promise<void> {
    this.meter.reset();
    for await (const event of capture.events) {
      if (event.kind === 'audio') {
        this.meter.push(bytesToInt16(event.pcm));
        await writer.append(event.pcm);
        this.apply({ kind: 'firstSound', atMs: Date.now() });
      } else {
        if (event.kind === 'stalled') this.meter.reset();
        const code = event.kind === 'silent' ? 'microphoneSilent' : 'microphoneStalled';
        void showWarning(describeProblem({ code }));
      }
    }
  }
}
