import type { Chunk, ChunkTranscription, PreparedAudio, Recording, Transcript, TranscriptionRequest } from './model';
import type { Endpoint } from './speech/endpoint';

/** What core needs from outside, told as roles. Every wait takes an `AbortSignal` last and throws its reason when aborted. */

export type PreparationEvent =
  /** How much audio has been brought to 16 kHz mono so far. */
  | { readonly kind: 'preparing'; readonly doneS: number }
  /** The last event. */
  | { readonly kind: 'prepared'; readonly audio: PreparedAudio };

/** Brings a recording of any format to 16 kHz mono. */
export interface AudioPreparer {
  /** @throws MinutesError `fileEmpty`, `fileUnreadable`, `notAudio`, `noAudioTrack`, `ffmpegMissing`, `diskFull` */
  prepare(recording: Recording, signal: AbortSignal): AsyncIterable<PreparationEvent>;
}

/** Reads prepared audio from its start to its end, a block at a time. */
export interface SampleReader {
  read(audio: PreparedAudio, signal: AbortSignal): AsyncIterable<Int16Array>;
}

/** Turns one chunk of audio into text. */
export interface Transcriber {
  /** @throws MinutesError any code that names an endpoint or the engine */
  transcribe(request: TranscriptionRequest, signal: AbortSignal): Promise<ChunkTranscription>;
}

/** Keeps the answers of an unfinished run, so that a crash, a cancel or a failure costs no piece twice. */
export interface ChunkJournal {
  load(): Promise<readonly ChunkTranscription[]>;
  append(piece: ChunkTranscription): Promise<void>;
}

/** What the caller of a transcription reads while it runs. */
export type TranscriptionEvent =
  | { readonly kind: 'preparing'; readonly doneS: number }
  | { readonly kind: 'prepared'; readonly totalS: number; readonly isTruncated: boolean }
  /** A piece is done: everything heard up to `doneS` is in the transcript. */
  | {
      readonly kind: 'transcribed';
      readonly doneS: number;
      readonly totalS: number;
      readonly chunk: Chunk;
      readonly transcript: Transcript;
    }
  | { readonly kind: 'finished'; readonly totalS: number; readonly transcript: Transcript };

/** What the user chose for a run. */
export interface TranscriptionOptions {
  /** Absent: the endpoint's default. */
  readonly model?: string;
  /** ISO-639-1; absent: the endpoint finds out. */
  readonly language?: string;
}

/** Transcribes whole files; the shell's and the command line's view of everything behind it. */
export interface FileTranscriber {
  /**
   * Looks at a file on this machine.
   *
   * @throws MinutesError `fileUnreadable`, `fileEmpty`
   */
  open(file: string, name: string): Promise<Recording>;

  transcribeFile(
    recording: Recording,
    endpoint: Endpoint,
    options: TranscriptionOptions,
    signal: AbortSignal,
  ): AsyncIterable<TranscriptionEvent>;
  /** The text is safe: forgets what was kept to continue this recording's last run. */
  forget(recording: Recording): Promise<void>;
}
