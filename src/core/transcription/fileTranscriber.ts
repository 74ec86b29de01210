import type {
  AudioRemark,
  ChineseScriptChoice,
  Chunk,
  Recording,
  Gap,
  RequestPrompt,
  SpeechJob,
  TranscriptionRequest,
  Host,
} from '../model';
import type { GrowingFile } from '../audio/growingAudio';
import type { ChosenModels, Endpoint } from '../endpoints/endpoint';
import type { EndpointProbe } from './endpointProbe';
import type { LiveWordsEvent } from './liveWords';
import type { TranscriptLog } from '../transcript/transcriptLog';
import type { WaitCause } from './transcriber';

/** What the caller of a transcription reads while it runs. */
export type TranscriptionEvent =
  | { readonly kind: 'preparing'; readonly doneS: number }
  | { readonly kind: 'prepared'; readonly totalS: number; readonly remarks: readonly AudioRemark[] }
  /** What a finished recording needs. Nothing is sent before the reader asks for the next event. It does not come where requests are sent early. */
  | { readonly kind: 'planned'; readonly plan: RunPlan }
  /** The whole recording goes in one request. Its length is not known before the answer. */
  | { readonly kind: 'uncut' }
  | { readonly kind: 'waiting'; readonly host: Host; readonly untilMs: number; readonly cause: WaitCause }
  /** The wait is over. */
  | { readonly kind: 'asking' }
  /** A chunk of a track (absent: 0) is done: everything up to `doneS` is in the log, as text or as a gap. */
  | {
      readonly kind: 'transcribed';
      readonly doneS: number;
      readonly totalS: number;
      readonly chunk: Chunk;
      readonly track?: number;
    }
  /** What is being said while a meeting is recorded, before it is in the log. Only the embedded engine hears so. */
  | (Extract<LiveWordsEvent, { readonly kind: 'words' }> & { readonly track?: number })
  | { readonly kind: 'finished'; readonly totalS: number };

/** What is about to be sent. */
export interface RunPlan {
  /** Seconds of audio of each request that has no answer yet; long silence is in none. */
  readonly requestS: readonly number[];
  /** When the last of them may be sent as far as the endpoint's quota is known: milliseconds since 1970. */
  readonly lastStartMs: number;
}

/** What the user wants of a run, and the words that may be said. */
export interface TranscriptionWishes {
  readonly job: SpeechJob;
  /** The remote endpoint's models; absent where the user chose none. */
  readonly chosenModels?: ChosenModels;
  /** ISO-639-1; absent: the endpoint finds out. */
  readonly language?: string;
  /** Words that may be said, for every request. A run may continue with other words than it began with. */
  readonly prompt?: RequestPrompt;
  /** In [0, 1]; absent: 0. */
  readonly temperature?: number;
  /** Whether requests may be sent while the rest of a recording of so many seconds is still being cut; absent: not before all is planned. */
  readonly sendsEarly?: (lengthS: number) => boolean;
  /** For a new log; absent: `auto`. */
  readonly chineseScript?: ChineseScriptChoice;
}

/** What all requests of a run say besides their audio, and how the answers are written. */
export interface TranscriptionOptions extends Omit<TranscriptionRequest, 'audio'> {
  /** The model that is asked for the spoken language where a translation's answer does not tell it. */
  readonly languageModel: string;
  /** Who is asked; absent: the embedded engine. */
  readonly host?: string;
  /** Which track of the recording is asked for; absent: 0, the only one of most. */
  readonly track?: number;
  /** As in {@link TranscriptionWishes}. */
  readonly sendsEarly?: (lengthS: number) => boolean;
}

/** Transcribes whole files. The shell and the command line know only this interface. */
export interface FileTranscriber {
  /**
   * Looks at a file on this machine.
   *
   * @throws MinutesError `fileUnreadable`, `fileEmpty`
   */
  open(file: string, name: string): Promise<Recording>;

  /**
   * Transcribes what the log has no answer for.
   *
   * @throws MinutesError any; `translationUnsupported` before anything is sent
   */
  transcribeFile(
    recording: Recording,
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncIterable<TranscriptionEvent>;
  /**
   * Transcribes a recording while it grows, and ends when it has ended and all its text is in the log.
   *
   * @param channels of one file; each is a track of its own
   * @param name the recording's file name, as the user knows it
   * @throws MinutesError any, also the recording's own; `translationUnsupported` before anything is sent
   */
  transcribeGrowing(
    channels: readonly GrowingFile[],
    name: string,
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncIterable<TranscriptionEvent>;
  /**
   * Asks again for the audio of these gaps.
   *
   * @throws MinutesError any; a gap that fails again for reasons of its own stays a gap
   */
  retryGaps(
    recording: Recording,
    gaps: readonly Gap[],
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncIterable<TranscriptionEvent>;
  /**
   * Transcribes audio that the endpoint fetches itself, in one request.
   *
   * @throws MinutesError any; `urlUnsupported` before anything is sent
   */
  transcribeUrl(
    url: string,
    endpoint: Endpoint,
    wishes: TranscriptionWishes,
    log: TranscriptLog,
    signal: AbortSignal,
  ): AsyncIterable<TranscriptionEvent>;
  /** Asks the endpoint about itself. */
  readonly probe: EndpointProbe;
}
