import type { ChannelPlace } from '../model';

/**
 * Audio at 16 kHz mono whose end need not be known yet. A finished file and a recording that still grows look the same to a reader.
 * There may be several readers at once, each at its own place and pace; none waits for another.
 */
export interface GrowingAudio {
  /**
   * The samples from a position on, in blocks of any size. Waits for more while the audio grows, also where the position is not reached
   * yet, and ends when the audio has ended. The reader may keep every block.
   *
   * @throws the audio's failure, behind the samples before it; MinutesError `fileUnreadable`; the signal's reason when aborted
   */
  samples(fromSample: number, signal: AbortSignal): AsyncIterable<Int16Array>;
}

/** Growing audio in a file, so that its ranges can be sent while it grows. */
export interface GrowingFile extends GrowingAudio {
  readonly path: string;
  /** Which channel of the file it is; absent: the file is mono. */
  readonly channel?: ChannelPlace;
  /** Where the first sample lies in the file. */
  readonly dataOffsetBytes: number;
}
