import type { GrowingFile } from '../../core/audio/growingAudio';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import type { TranscriptionRun } from '../transcription/transcribeRecording';

/** Transcribes a recording that grows. Ends at once where the signal is aborted. */
type Transcribe = (
  channels: readonly GrowingFile[],
  signal: AbortSignal,
  onEvent: (event: TranscriptionEvent) => void,
) => Promise<TranscriptionRun>;

/**
 * The transcription of a meeting while it is recorded, so that little is left to do when it is stopped. It works unseen: a failure stops
 * it without a message, and the run after the stop does the rest and tells.
 */
export class EarlyRun {
  private readonly abort = new AbortController();
  private work: Promise<TranscriptionRun> | undefined;
  private onEvent: (event: TranscriptionEvent) => void = () => undefined;
  private last: TranscriptionEvent | undefined;
  private hasFailed = false;
  private isStopped = false;

  constructor(private readonly transcribe: Transcribe) {}

  /** Begins with a recording that grows. @param channels of its file; each is a track of its own */
  begin(channels: readonly GrowingFile[]): void {
    this.work = this.transcribe(channels, this.abort.signal, (event) => {
      this.last = event;
      this.onEvent(event);
    }).then((run) => {
      this.hasFailed = run.failure !== undefined;
      return run;
    });
  }

  /** Whether the user wants nothing more to be sent unasked. */
  get wasStopped(): boolean {
    return this.isStopped;
  }

  /** Sends nothing more. The run over the finished recording does the rest. */
  stopSending(): void {
    this.isStopped = true;
    this.abort.abort();
  }

  /**
   * Waits until all that was recorded is text. Undefined where that failed while the meeting was recorded: then the same log is to be
   * continued. A failure from now on is part of the result.
   *
   * @param signal ends the run; its result then tells so
   * @param onEvent called with the latest event and all further ones, for progress
   */
  async finish(
    signal: AbortSignal,
    onEvent: (event: TranscriptionEvent) => void,
  ): Promise<TranscriptionRun | undefined> {
    if (this.isStopped) await this.work;
    if (this.isStopped || this.hasFailed || !this.work) return undefined;
    if (this.last) onEvent(this.last);
    this.onEvent = onEvent;
    const end = (): void => {
      this.abort.abort(signal.reason);
    };
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    try {
      return await this.work;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  /** Ends the run, and resolves when nothing of it is under way. From then on {@link finish} has no result. */
  async discard(): Promise<void> {
    this.abort.abort();
    await this.work;
    this.work = undefined;
  }
}
