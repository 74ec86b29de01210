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

/** A word as the API tells it: `verbose_json`, in `words`. */
export interface WireWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** In [0, 1]: how likely the word is right. The API of the cloud has no such field. */
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
  /** The language spoken, ISO-639-1 as far as it has a code there. */
  readonly language: string;
  readonly segments: readonly WireSegment[];
  /** Empty where nobody asked for them. */
  readonly words: readonly WireWord[];
  /** Absent or empty where every stretch of speech gave words. The API of the cloud has no such field. */
  readonly unheard?: readonly UnheardStretch[];
}

/** What one request asks a recogniser. */
export interface RecognitionJob {
  /** 16 kHz mono signed 16-bit little-endian samples. */
  readonly pcm: Uint8Array;
  readonly task: SpeechTask;
  /** ISO-639-1; absent: the recogniser finds out. */
  readonly language?: string;
  /** Words that may be said; absent: none. */
  readonly prompt?: string;
  /** The reference reads the prompt in a request's first window only; ours in every one, unless told otherwise. */
  readonly promptScope: 'everyWindow' | 'firstWindow';
  /** In [0, 1]. At 0 it rises by itself where the text looks wrong. */
  readonly temperature: number;
  /** Makes chance repeat. */
  readonly seed: number;
  readonly wantsWords: boolean;
  /** Somebody waits for this text at a cursor: fewer retries. */
  readonly isUrgent: boolean;
  /** Hears everything, also what the gate holds for silence. For those who measure what the gate costs. */
  readonly isUngated?: boolean;
}

/** What the server needs of a recogniser. */
export interface Recogniser {
  /** The model's name, as `model` in a request and in the note. */
  readonly modelId: string;
  /** Codes that it understands, ISO-639-1 as far as they have one there. */
  readonly languages: readonly string[];
  readonly canTranslate: boolean;
  /** @throws the signal's reason when aborted */
  recognise(job: RecognitionJob, signal: AbortSignal): Promise<Recognition>;
}
