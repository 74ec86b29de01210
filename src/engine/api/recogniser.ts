import type { SpeechTask } from '../../core/model';

/** Text with its time, in the API's own shape. */
export interface WireSegment {
  readonly id: number;
  readonly seek: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokens: readonly number[];
  readonly temperature: number;
  readonly avg_logprob: number;
  readonly compression_ratio: number;
  readonly no_speech_prob: number;
}

/** A word in the API's own shape: in `words` of `verbose_json`. */
export interface WireWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** In [0, 1]: how likely the word is right. Cloud endpoints have no such field. */
  readonly probability: number;
}

/** A stretch of detected speech in which two hearings found no words. Times are seconds from the audio's start. */
export interface UnheardStretch {
  readonly start: number;
  readonly end: number;
}

/** What a recogniser heard, with the API's names. */
export interface Recognition {
  readonly text: string;
  /** The language spoken, as ISO-639-1 where it has such a code. */
  readonly language: string;
  readonly segments: readonly WireSegment[];
  /** Empty where the request did not ask for words. */
  readonly words: readonly WireWord[];
  /** Absent or empty where every stretch of speech gave words. Cloud endpoints have no such field. */
  readonly unheard?: readonly UnheardStretch[];
}

/** What is heard first: a dictation, then live speech, then files. In order, the most urgent first. */
export const PRIORITIES = ['dictation', 'live', 'file'] as const;
/** One of {@link PRIORITIES}. */
export type Priority = (typeof PRIORITIES)[number];

/** What one request asks a recogniser. */
export interface RecognitionJob {
  /** 16 kHz mono signed 16-bit little-endian samples. */
  readonly pcm: Uint8Array;
  readonly task: SpeechTask;
  /** Who goes first where several are asked for. A less urgent job waits in its middle, and goes on with the same text. */
  readonly priority: Priority;
  /** ISO-639-1; absent: the recogniser finds out. */
  readonly language?: string;
  /** The language that was spoken before, where none is told: another one is written only where the recogniser is certain of it. */
  readonly languageBefore?: string;
  /** Words that may be said; absent: none. */
  readonly prompt?: string;
  /** The windows that get the prompt. The reference gives it to a request's first window only; here the default is every window. */
  readonly promptScope: 'everyWindow' | 'firstWindow';
  /** In [0, 1]. From 0 the engine raises it by itself where the text looks wrong. */
  readonly temperature: number;
  /** The seed of the random numbers: the same seed gives the same text. */
  readonly seed: number;
  readonly wantsWords: boolean;
  /** The user waits for this text at a cursor: the engine retries less often. */
  readonly isUrgent: boolean;
  /** Hears everything, including what the gate takes for silence. Set to measure what the gate costs. */
  readonly isUngated?: boolean;
}

/** Speech that still goes on, for a quick look at its words. */
export interface DraftJob {
  /** As in {@link RecognitionJob}: the speech from its start, at most 30 s. */
  readonly pcm: Uint8Array;
  readonly priority: Priority;
  readonly language?: string;
  readonly languageBefore?: string;
  readonly prompt?: string;
  /** Tokens of earlier drafts, from the speech's start, that do not change any more. The draft continues them. */
  readonly written: readonly number[];
  /** When the last of their words ends, in seconds from the speech's start. */
  readonly writtenS: number;
}

/** A word of a draft. Times are seconds from the start of the speech. */
export interface DraftWord {
  /** With the blank before it where there is one. */
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  /** How many of the draft's tokens there are up to its end. */
  readonly tokenEnd: number;
}

/** What stands behind the written tokens. The last words may be wrong: their sound may not be there yet. */
export interface Draft {
  /** Text and timestamps. */
  readonly tokens: readonly number[];
  /** Empty where nobody speaks, and where the text cannot be right. */
  readonly words: readonly DraftWord[];
  readonly language: string;
  /** In [0, 1]; 1 where the language was told. */
  readonly languageProbability: number;
}

/** What the server needs of a recogniser. Several jobs may be asked for at once, of different priorities. */
export interface Recogniser {
  /** The model's name, as in a request's `model` and in the note. */
  readonly modelId: string;
  /** Codes of the languages that it understands, as ISO-639-1 where there is such a code. */
  readonly languages: readonly string[];
  readonly canTranslate: boolean;
  /** @throws the signal's reason when aborted */
  recognise(job: RecognitionJob, signal: AbortSignal): Promise<Recognition>;
  /** One hearing without retries. @throws the signal's reason when aborted */
  draft(job: DraftJob, signal: AbortSignal): Promise<Draft>;
}
