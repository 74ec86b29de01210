import type { Recording } from '../model';

/** What a recording is made for. Kept beside it, so that a later start knows what to do with it. */
export type RecordingTarget =
  | { readonly kind: 'dictation' }
  /** The note's URI. */
  | { readonly kind: 'meeting'; readonly note: string };

/** A recording on disk that grows. Whatever ends this process, what was appended can be read. */
export interface RecordingWriter {
  /** Absolute path of the WAV file. */
  readonly path: string;
  /** Appended so far. */
  readonly sampleCount: number;
  /** How many seconds of audio the disk had room for at the start. */
  readonly roomS: number;
  /** @throws MinutesError `diskFull`, `recordingUnwritable`; what was written before stays, and `finish` is still due */
  append(pcm: Uint8Array): Promise<void>;
  /** Closes the file. It counts as unfinished business until it is settled or removed. Called again, it gives the same result. */
  finish(): Promise<Recording>;
}

/** A recording that nobody has dealt with: its process died, or it was never transcribed. */
export interface UnfinishedRecording {
  readonly recording: Recording;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly sampleCount: number;
  readonly target: RecordingTarget;
}

/** Keeps recordings on this machine's disk, and remembers which still wait for somebody. */
export interface RecordingStore {
  /**
   * Begins a recording in a folder, which is made where needed. A name that is taken gets a number; no file is overwritten.
   *
   * @param name the file's name without its ending
   * @throws MinutesError `alreadyRecording`, `diskFull`, `recordingUnwritable`
   */
  create(folder: string, name: string, target: RecordingTarget): Promise<RecordingWriter>;
  /** Those of this and of earlier runs that no living window works on, oldest first, made readable in their full length. */
  unfinished(): Promise<readonly UnfinishedRecording[]>;
  /** Transcribed, or the user keeps it as it is: never offered again. The audio stays where it lies. */
  settle(file: string): Promise<void>;
  /** Deletes the audio. Only where the user said so, or where its text is safe. */
  remove(file: string): Promise<void>;
}
