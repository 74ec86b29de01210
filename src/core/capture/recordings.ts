import type { GrowingFile } from '../audio/growingAudio';
import type { Recording } from '../model';

/** What a recording is made for. The store keeps it, so that a later start knows what to do with the recording. */
export type RecordingTarget =
  | { readonly kind: 'dictation' }
  /** The note's URI. */
  | { readonly kind: 'meeting'; readonly note: string };

/** A recording on disk that grows. What was appended stays readable, however this process ends. */
export interface RecordingWriter {
  /** Absolute path of the WAV file. */
  readonly path: string;
  /** In the file so far, of each channel. */
  readonly sampleCount: number;
  /** How many seconds of audio the disk had room for at the start. */
  readonly roomS: number;
  /** The first channel from the file's beginning, read from the disk while it grows and afterwards. Ends with `finish`; fails where an append failed. */
  readonly audio: GrowingFile;
  /** Every channel in the same way; the first is {@link audio}. */
  readonly channels: readonly GrowingFile[];
  /**
   * @param pcm whole samples; those of several channels side by side
   * @throws MinutesError `diskFull`, `recordingUnwritable`; what was written before stays, and the caller must still call `finish`
   */
  append(pcm: Uint8Array): Promise<void>;
  /**
   * Closes the file. The recording counts as unfinished until it is settled or removed. A second call gives the same result.
   *
   * @param isCutOff whether nobody stopped the recording: its window closes
   */
  finish(isCutOff?: boolean): Promise<Recording>;
}

/** A recording that nobody has dealt with: its process died, or it was never transcribed. */
export interface UnfinishedRecording {
  readonly recording: Recording;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** Of each channel. */
  readonly sampleCount: number;
  readonly channelCount: number;
  readonly target: RecordingTarget;
  /** When its window was closed or died while it was recorded or paused, milliseconds since 1970. Absent where it was stopped. */
  readonly cutOffMs?: number;
}

/** Keeps recordings on this machine's disk, and remembers which of them nobody has dealt with. */
export interface RecordingStore {
  /**
   * Begins a recording in a folder, which is made where needed. A name that is taken gets a number; no file is overwritten.
   *
   * @param name the file's name without its ending
   * @param channelCount absent: 1
   * @throws MinutesError `alreadyRecording`, `diskFull`, `recordingUnwritable`
   */
  create(folder: string, name: string, target: RecordingTarget, channelCount?: number): Promise<RecordingWriter>;
  /**
   * Goes on with a recording behind its last sample. Its audio is read from the file's beginning, and a name or a target that it was begun
   * with stays.
   *
   * @throws MinutesError `alreadyRecording`, `recordingGone`, `diskFull`, `recordingUnwritable`
   */
  reopen(unfinished: UnfinishedRecording): Promise<RecordingWriter>;
  /**
   * Recordings of this and of earlier runs that no living window works on, oldest first. Their headers are repaired first. From now on
   * they belong to this window, and no other is given them.
   *
   * @param wants which recordings the window takes; absent: all
   */
  unfinished(wants?: (target: RecordingTarget) => boolean): Promise<readonly UnfinishedRecording[]>;
  /** Never offers the recording again: it is transcribed, or the user keeps it as it is. The audio stays where it lies. */
  settle(file: string): Promise<void>;
  /** Deletes the audio. Call it only where the user asked for it, or where the text is safe. */
  remove(file: string): Promise<void>;
}
