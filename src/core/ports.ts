import type { InstalledModel, InstallEvent, ModelOffer, UnfinishedModel } from './engineModels/engineModel';
import type { EndpointProbe } from './endpointProbe';
import type {
  Answer,
  ChineseScriptChoice,
  Chunk,
  ChunkTranscription,
  FileAudio,
  PreparedAudio,
  Recording,
  RequestPrompt,
  SpeechTask,
  Transcript,
  TranscriptionRequest,
} from './model';
import type { Endpoint } from './speech/endpoint';
import type { Term } from './vocabulary/term';

/** What core needs from outside, told as roles. Every wait takes an `AbortSignal` last and throws its reason when aborted. */

export type PreparationEvent =
  /** How much audio has been brought to 16 kHz mono so far. */
  | { readonly kind: 'preparing'; readonly doneS: number }
  /** The last event. */
  | { readonly kind: 'prepared'; readonly audio: PreparedAudio }
  /** The last event where nothing here can read the file: it is one that endpoints take as it is. */
  | { readonly kind: 'asIs'; readonly file: FileAudio };

/** Brings a recording of any format to 16 kHz mono. */
export interface AudioPreparer {
  /** @throws MinutesError `fileEmpty`, `fileUnreadable`, `notAudio`, `noAudioTrack`, `ffmpegMissing`, `diskFull` */
  prepare(recording: Recording, signal: AbortSignal): AsyncIterable<PreparationEvent>;
}

/** Reads prepared audio from its start to its end, a block at a time. */
export interface SampleReader {
  read(audio: PreparedAudio, signal: AbortSignal): AsyncIterable<Int16Array>;
}

/** What happens to one request until its answer is there. */
export type RequestEvent =
  /** Nothing is sent before `untilMs` (milliseconds since 1970). */
  | { readonly kind: 'waiting'; readonly host: string; readonly untilMs: number; readonly cause: WaitCause }
  /** The wait is over: the request is on its way. */
  | { readonly kind: 'asking' }
  /** The last event. */
  | { readonly kind: 'answered'; readonly answer: Answer };

/** `quota`: paced so that the endpoint need not refuse; `refused`: it asked for the wait; `failed`: it failed, in a way that passes. */
export type WaitCause = 'quota' | 'refused' | 'failed';

/** Turns speech into text, a request at a time. */
export interface Transcriber {
  /** How many requests at once are worth it; may change with every answer. */
  readonly parallel: number;
  /** @throws MinutesError any code that names an endpoint, the engine or a file */
  transcribe(request: TranscriptionRequest, signal: AbortSignal): AsyncIterable<RequestEvent>;
}

/** Time as it passes. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** @throws the signal's reason, at once, when aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Knows the words of what the user works on. */
export interface VocabularySource {
  /** The most important first; none where they may not be read. What cannot be read in a moment is left out. */
  collect(signal: AbortSignal): Promise<readonly Term[]>;
}

/** Keeps the answers of an unfinished run, so that a crash, a cancel or a failure costs no piece twice. */
export interface ChunkJournal {
  load(): Promise<readonly ChunkTranscription[]>;
  append(piece: ChunkTranscription): Promise<void>;
}

/** What an open microphone tells, in order. */
export type CaptureEvent =
  /** The next samples, whole ones: 16 kHz mono signed 16-bit little-endian, nothing left out since the last. */
  | {
      readonly kind: 'audio';
      readonly pcm: Uint8Array;
      /** The loudest sample as a part of full scale, in [0, 1]. */
      readonly peak: number;
    }
  /** Told once at most: nothing but zeros since the start. Never once signal was seen. The recording goes on. */
  | { readonly kind: 'silent' }
  /** Nothing arrives any more, not even silence. The recording goes on, and so do the events when sound comes back. */
  | { readonly kind: 'stalled' };

/** An open microphone. */
export interface Capture {
  /**
   * To be read once, by one reader. Ends after {@link Capture.stop}. What was not read yet is still there then, and after a failure
   * comes before it; a reader that leaves its loop early ends the recorder.
   *
   * @throws MinutesError `recorderEnded` where the recorder ended though nobody asked; the signal's reason when aborted
   */
  readonly events: AsyncIterable<CaptureEvent>;
  /**
   * Records a moment longer, since people press the key on their last syllable, then ends. Resolves when no recorder is left, also
   * where it had failed before.
   */
  stop(): Promise<void>;
}

/** Where live audio comes from. */
export interface AudioSource {
  /**
   * Resolves when the first samples have arrived: what the user sees as recording is recording. The signal ends the capture at
   * any time, at once, and drops what was not read.
   *
   * @throws MinutesError `recorderMissing`, `microphoneMissing`, `microphoneBusy`, `recorderFailed`
   */
  open(signal: AbortSignal): Promise<Capture>;
}

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

/** What the caller of a transcription reads while it runs. */
export type TranscriptionEvent =
  | { readonly kind: 'preparing'; readonly doneS: number }
  | { readonly kind: 'prepared'; readonly totalS: number; readonly isTruncated: boolean }
  /** The whole of it goes in one request: how long it is nobody knows before the answer. */
  | { readonly kind: 'uncut' }
  | { readonly kind: 'waiting'; readonly host: string; readonly untilMs: number; readonly cause: WaitCause }
  /** The wait is over. */
  | { readonly kind: 'asking' }
  /** A piece is done: everything heard up to `doneS` is in the transcript. */
  | {
      readonly kind: 'transcribed';
      readonly doneS: number;
      readonly totalS: number;
      readonly chunk: Chunk;
      readonly transcript: Transcript;
    }
  | { readonly kind: 'finished'; readonly totalS: number; readonly transcript: Transcript };

/** What the user chose for a run, and what is known of its words. */
export interface TranscriptionOptions {
  /** Absent: `transcribe`. */
  readonly task?: SpeechTask;
  /** Absent: the endpoint's default. */
  readonly model?: string;
  /** Who tells the spoken language where a translation's answer does not. Absent: the endpoint's default. */
  readonly languageModel?: string;
  /** ISO-639-1; absent: the endpoint finds out. */
  readonly language?: string;
  /** Words that may be said, for every request. A run continues with other words than it began with. */
  readonly prompt?: RequestPrompt;
  /** In [0, 1]; absent: 0. */
  readonly temperature?: number;
  /** As in {@link TranscriptionRequest}; absent: nobody does. */
  readonly isUrgent?: boolean;
  /** Absent: `auto`. */
  readonly chineseScript?: ChineseScriptChoice;
}

/** Transcribes whole files; the shell's and the command line's view of everything behind it. */
export interface FileTranscriber {
  /**
   * Looks at a file on this machine.
   *
   * @throws MinutesError `fileUnreadable`, `fileEmpty`
   */
  open(file: string, name: string): Promise<Recording>;

  /** @throws MinutesError any; `translationUnsupported` before anything is sent */
  transcribeFile(
    recording: Recording,
    endpoint: Endpoint,
    options: TranscriptionOptions,
    signal: AbortSignal,
  ): AsyncIterable<TranscriptionEvent>;
  /**
   * Audio that the endpoint fetches itself, in one request.
   *
   * @throws MinutesError any; `urlUnsupported` before anything is sent
   */
  transcribeUrl(
    url: string,
    endpoint: Endpoint,
    options: TranscriptionOptions,
    signal: AbortSignal,
  ): AsyncIterable<TranscriptionEvent>;
  /** The text is safe: forgets what was kept to continue this recording's last run. */
  forget(recording: Recording): Promise<void>;
  /** Asks the endpoint about itself. */
  readonly probe: EndpointProbe;
}

/** The embedded engine's Whisper models on this machine, and those of the hub. */
export interface EngineModels {
  /** In the order of their names, the one that comes with Minutes among them. A folder that is no finished model is none. */
  installed(): Promise<readonly InstalledModel[]>;
  /** What an earlier download left, in the order of their names, without asking the hub: the next `install` goes on from there. */
  unfinished(): Promise<readonly UnfinishedModel[]>;
  /**
   * Asks the hub what an installation would take.
   *
   * @param name "owner/name" as on the hub
   * @throws MinutesError `modelNameInvalid`, `hubInvalid`, `hubUnreachable`, `hubFailed`, `modelUnknown`, `modelIncomplete`,
   * `modelNotWhisper`, `modelsFolderUnusable`, `engineFilesMissing`
   */
  inspect(name: string, signal: AbortSignal): Promise<ModelOffer>;
  /**
   * Downloads, checks, prepares, tests. Broken off at any time, what was fetched is used by the next try.
   *
   * @throws MinutesError those of `inspect`, and `downloadCorrupt`, `downloadBroken`, `modelTooLargeForDisk`, `diskFull`,
   * `modelBusy`, `modelPreparationFailed`
   */
  install(offer: ModelOffer, signal: AbortSignal): AsyncIterable<InstallEvent>;
  /**
   * Prepares a model that lies in a folder, named after that; the folder stays as it is.
   *
   * @throws MinutesError `modelIncomplete`, `modelNotWhisper`, `modelTooLargeForDisk`, `diskFull`, `modelBusy`,
   * `modelPreparationFailed`, `modelsFolderUnusable`
   */
  addFromFolder(folder: string, signal: AbortSignal): AsyncIterable<InstallEvent>;
  /**
   * Measures how quick a model is here, and remembers it.
   *
   * @throws MinutesError `modelNotInstalled`, `modelBusy`, `engineFailed`
   */
  measure(name: string, signal: AbortSignal): Promise<InstalledModel>;
  /**
   * Deletes it with everything that was downloaded of it; of the one that comes with Minutes only a copy in the models folder.
   *
   * @throws MinutesError `modelBusy`, `fileUnreadable` where the disk refuses
   */
  remove(name: string): Promise<void>;
  /** Deletes what a broken download left; a finished model of that name stays. @throws MinutesError those of `remove` */
  removeDownload(name: string): Promise<void>;
}
