import type { RecordingTarget, UnfinishedRecording } from '../../core/capture/recordings';

/** Turns a recording that was not finished into what it was made for. */
export type Recovery = (unfinished: UnfinishedRecording) => Promise<void>;

/** Who turns which kind of unfinished recording into text: the features that make them say so. */
export class Recoveries {
  private readonly byKind = new Map<RecordingTarget['kind'], Recovery>();

  set(kind: RecordingTarget['kind'], recovery: Recovery): void {
    this.byKind.set(kind, recovery);
  }

  async recover(unfinished: UnfinishedRecording): Promise<void> {
    await this.byKind.get(unfinished.target.kind)?.(unfinished);
  }
}
