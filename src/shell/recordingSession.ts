import { EventEmitter, type Disposable, type Event } from 'vscode';
import { isAbort, MinutesError } from '../core/errors';
import type { Recording } from '../core/model';
import type { AudioSource, Capture, RecordingStore, RecordingTarget, RecordingWriter } from '../core/ports';
import {
  IDLE,
  isCapturing,
  nextSession,
  type SessionEvent,
  type SessionPurpose,
  type SessionState,
} from '../core/session';
import { describeProblem, showWarning } from './messages';

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

/** The window's one microphone session: its state for everybody to see, and the recording on its way to the disk. */
export class RecordingSession implements Disposable {
  private current: SessionState = IDLE;
  private readonly changed = new EventEmitter<SessionState>();
  readonly onDidChange: Event<SessionState> = this.changed.event;
  private running: { readonly abort: AbortController; capture?: Capture; ended?: Promise<unknown> } | undefined;

  private isClosing = false;

  constructor(private readonly dependencies: RecordingSessionDependencies) {}

  get state(): SessionState {
    return this.current;
  }

  apply(event: SessionEvent): void {
    const next = nextSession(this.current, event);
    if (next === this.current) return;
    this.current = next;
    this.changed.fire(next);
  }

  /**
   * Records until {@link stop}; resolves to what is on disk then, or to undefined where the user discarded it. The file is kept
   * whatever happens; only a discard removes it.
   *
   * @throws MinutesError where nothing could be recorded at all
   */
  async record(purpose: SessionPurpose, place: RecordingPlace): Promise<Recorded | undefined> {
    const abort = new AbortController();
    const running: NonNullable<typeof this.running> = { abort };
    this.running = running;
    this.apply({ kind: 'start', purpose });
    const work = this.recordTo(place, running);
    running.ended = work.catch(() => undefined);
    try {
      const recorded = await work;
      // The window goes: nobody may take the audio for dealt with. The next start offers it.
      if (this.isClosing) await new Promise(() => undefined);
      return recorded;
    } finally {
      this.running = undefined;
    }
  }

  /** Ends the recording; what was said until now is kept. */
  stop(): void {
    if (!isCapturing(this.current)) return;
    this.apply({ kind: 'stop' });
    // Before the first sound there is nothing to keep.
    if (this.running?.capture) void this.running.capture.stop();
    else this.running?.abort.abort();
  }

  /** Ends the recording and removes it. */
  discard(): void {
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
    const recording = await finish(writer);
    const { sampleCount } = writer;
    if (isAbort(failure) || !recording || sampleCount === 0) {
      await store.remove(writer.path);
      if (failure === undefined || isAbort(failure)) return undefined;
      throw failure instanceof Error ? failure : new Error('recording failed', { cause: failure });
    }
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

/** The finished file; undefined where not even that is possible, as with a file that is gone. */
async function finish(writer: RecordingWriter): Promise<Recording | undefined> {
  try {
    return await writer.finish();
  } catch (error) {
    if (error instanceof MinutesError || error instanceof Error) return undefined;
    throw error;
  }
}
