import { EventEmitter, type Disposable, type Event } from 'vscode';
import { isAbort } from '../../core/errors';
import type { Recording } from '../../core/model';
import type { AudioSource, Capture } from '../../core/capture/audioSource';
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
  /** Loading the microphone's code is its first use. */
  readonly loadMicrophone: () => Promise<AudioSource>;
  readonly loadStore: () => Promise<RecordingStore>;
}

/** Where a recording goes and what it is for. */
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
  /** Why it ended before the user ended it. The audio until then is there. */
  readonly failure?: unknown;
}

/** One use of the microphone, from its command to its text. */
export interface SessionRun {
  /**
   * Records until {@link RecordingSession.stop}; resolves to what is on disk then, or to undefined where it was discarded. The file
   * is kept whatever happens; only a discard, or a recording without a single sample, removes it.
   *
   * @throws MinutesError where nothing could be recorded at all
   */
  readonly record: (place: RecordingPlace) => Promise<Recorded | undefined>;
  readonly end: (how: 'done' | 'fail') => void;
}

/** The window's one microphone session: its state for everybody to see, and the recording on its way to the disk. */
export class RecordingSession implements Disposable {
  private current: SessionState = IDLE;
  private readonly changed = new EventEmitter<SessionState>();
  readonly onDidChange: Event<SessionState> = this.changed.event;
  private running: { readonly abort: AbortController; capture?: Capture; ended?: Promise<unknown> } | undefined;

  private isClosing = false;
  /** The run that has the microphone, or is turning into text what it recorded. */
  private owner: SessionRun | undefined;

  constructor(private readonly dependencies: RecordingSessionDependencies) {}

  get state(): SessionState {
    return this.current;
  }

  /**
   * Takes the microphone for one run, at once, so that nothing else begins while files are made and questions asked. Undefined where
   * another run has it.
   */
  reserve(purpose: SessionPurpose): SessionRun | undefined {
    if (this.owner !== undefined || this.running !== undefined) return undefined;
    const run: SessionRun = {
      record: (place) => (this.owner === run ? this.record(place, run) : Promise.resolve(undefined)),
      end: (how) => {
        // A run that was discarded has ended already, and the next may be under way.
        if (this.owner !== run) return;
        this.owner = undefined;
        this.apply({ kind: how });
      },
    };
    this.owner = run;
    this.apply({ kind: 'start', purpose });
    return run;
  }

  /** A later attempt succeeded: what is shown as failed is no longer so. */
  settle(): void {
    if (this.current.kind === 'failed') this.apply({ kind: 'done' });
  }

  /** Ends the recording; what was said until now is kept. */
  stop(): void {
    if (!isCapturing(this.current)) return;
    // Before the first sound there is nothing to keep.
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

  /** The window closes: the recording ends as it is and is offered at the next start. */
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
      // The window goes: nobody may take the audio for dealt with. The next start offers it.
      if (this.isClosing) await new Promise(() => undefined);
      // Also where the recorder ended by itself.
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
    // Where even closing the file fails, audio and sidecar stay as they are: the next start repairs and offers them.
    const recording = await writer.finish();
    return failure === undefined ? { recording, sampleCount } : { recording, sampleCount, failure };
  }

  private async write(capture: Capture, writer: RecordingWriter): Promise<void> {
    for await (const event of capture.events) {
      if (event.kind === 'audio') {
        await writer.append(event.pcm);
        this.apply({ kind: 'firstSound', atMs: Date.now() });
      } else {
        const code = event.kind === 'silent' ? 'microphoneSilent' : 'microphoneStalled';
        void showWarning(describeProblem({ code }));
      }
    }
  }
}
