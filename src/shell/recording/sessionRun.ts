import type { GrowingFile } from '../../core/audio/growingAudio';
import type { CaptureEntry } from '../../core/capture/captureEntry';
import type { RecordingTarget, UnfinishedRecording } from '../../core/capture/recordings';
import type { Recording } from '../../core/model';

/** Where a new recording is written, and what it is made for. */
export interface RecordingPlace {
  readonly folder: string;
  /** The file's name without its ending. */
  readonly name: string;
  readonly target: RecordingTarget;
}

/** Who learns of a recording while it is made. */
export interface RecordingListener {
  /** Called when the file is there, before its first new sample; the audio in it grows until the recording ends. */
  readonly onFile?: (file: GrowingFile, channels: readonly GrowingFile[]) => void;
  /** Called, in order, with what becomes of the audio: captured, paused, muted, lost. For the log. */
  readonly onCapture?: (entry: CaptureEntry) => void;
}

/** What was recorded. */
export interface Recorded {
  readonly recording: Recording;
  /** Of each channel, with what a continued recording had before. */
  readonly sampleCount: number;
  /** Why the recording ended before the user ended it. The audio until then is there. */
  readonly failure?: unknown;
}

/** One dictation or meeting, from its command to its text. It has the microphone until its recording is stopped. */
export interface SessionRun {
  /**
   * Records until the session is stopped. Resolves to the recording on disk, or to undefined where it was discarded. The file is
   * removed only by a discard, or where the recording has no sample. From the stop on the run counts as work.
   *
   * A meeting whose microphone is lost goes on, and tries again until it is stopped; the listener is told of the hole.
   *
   * @param place where; or the unfinished recording that goes on, which no discard removes
   * @throws MinutesError where nothing could be recorded at all
   */
  readonly record: (
    place: RecordingPlace | UnfinishedRecording,
    listener?: RecordingListener,
  ) => Promise<Recorded | undefined>;
  /** How much of the recording has become text, in [0, 1]. Means nothing before the stop. */
  readonly tellShare: (share: number) => void;
  /** The text is in its place, or there is none. To be called in any case; only the first call counts. */
  readonly end: (how: 'done' | 'fail') => void;
  /** Ends the run at once. A recording that goes on is removed; the caller ends the work itself. */
  readonly discard: () => void;
}
