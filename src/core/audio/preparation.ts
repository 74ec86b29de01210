import type { FileAudio, PreparedAudio, Recording } from '../model';

/** The events of one recording's preparation, in order. */
export type PreparationEvent =
  /** How much audio has been brought to 16 kHz mono so far. */
  | { readonly kind: 'preparing'; readonly doneS: number }
  /** The last event. `channels` are there where they were asked for and the file has so many. */
  | { readonly kind: 'prepared'; readonly audio: PreparedAudio; readonly channels?: readonly PreparedAudio[] }
  /** The last event where no program here can read the file, and endpoints take it as it is. */
  | { readonly kind: 'asIs'; readonly file: FileAudio };

/** Brings a recording of any format to 16 kHz mono. */
export interface AudioPreparer {
  /**
   * @param channelCount how many channels are wanted each for itself, in a WAV that Minutes recorded; absent or 1: all audio as one
   * @throws MinutesError `fileEmpty`, `fileUnreadable`, `notAudio`, `noAudioTrack`, `ffmpegMissing`, `diskFull`
   */
  prepare(recording: Recording, signal: AbortSignal, channelCount?: number): AsyncIterable<PreparationEvent>;
}

/** Reads prepared audio from its start to its end, a block at a time. */
export interface SampleReader {
  read(audio: PreparedAudio, signal: AbortSignal): AsyncIterable<Int16Array>;
}
