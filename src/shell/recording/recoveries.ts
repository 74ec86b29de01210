import type { RecordingTarget, UnfinishedRecording } from '../../core/capture/recordings';
import type { Resumption } from '../../core/transcript/resumption';

/** What can be done with an unfinished recording of one kind. */
export interface Recovery {
  /** Turns it into the text that it was made for. */
  readonly recover: (unfinished: UnfinishedRecording) => Promise<void>;
  /** Whether its recording goes on; absent: never. */
  readonly resumptionOf?: (unfinished: UnfinishedRecording) => Promise<Resumption>;
  /** Goes on recording, and makes the text at the end. False where the microphone is not free: then the recording is as it was. */
  readonly goOn?: (unfinished: UnfinishedRecording, resumption: Resumption) => Promise<boolean>;
}

/** The recovery for each kind of unfinished recording. The feature that makes such recordings registers it. */
export class Recoveries {
  private readonly byKind = new Map<RecordingTarget['kind'], Recovery>();

  set(kind: RecordingTarget['kind'], recovery: Recovery): void {
    this.byKind.set(kind, recovery);
  }

  of({ target }: UnfinishedRecording): Recovery | undefined {
    return this.byKind.get(target.kind);
  }
}
