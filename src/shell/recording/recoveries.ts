import type { RecordingTarget, UnfinishedRecording } from '../../core/capture/recordings';

/** Turns an unfinished recording into the text that it was made for. */
export type Recovery = (unfinished: UnfinishedRecording) => Promise<void>;

/** The recovery for each kind of unfinished recording. The feature that makes such recordings registers it. */
export class Recoveries {
  private readonly byKind = new Map<RecordingTarget['kind'], Recovery>();

  set(kind: RecordingTarget['kind'], recovery: Recovery): void {
    this.byKind.set(kind, recovery);
  }

  async recover(unfinished: UnfinishedRecording): Promise<void> {
    await this.byKind.get(unfinished.target.kind)?.(unfinished);
  }
}
