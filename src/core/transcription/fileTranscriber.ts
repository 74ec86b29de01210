import type { ChineseScriptChoice, Chunk, Recording, RequestPrompt, SpeechTask, Transcript } from '../model';
import type { Endpoint } from '../endpoints/endpoint';
import type { EndpointProbe } from './endpointProbe';
import type { WaitCause } from './transcriber';

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
  /** As in `TranscriptionRequest`; absent: nobody does. */
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
