import type { Stretch } from './coverage';

/** A segment as a program gave it, with the figures that it was judged by. */
export interface HeardSegment {
  readonly startS: number;
  readonly endS: number;
  readonly text: string;
  readonly temperature: number;
  readonly averageLogProbability: number;
  readonly compressionRatio: number;
  readonly noSpeechProbability: number;
}

export interface HeardWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  /** In [0, 1]. */
  readonly probability: number;
}

export interface Answer {
  /** As the program calls it; empty where it does not say. */
  readonly language: string;
  readonly text: string;
  readonly segments: readonly HeardSegment[];
  readonly words: readonly HeardWord[];
  /** Speech of which it says that it understands none, even at a second hearing; empty for programs that say no such thing. */
  readonly unheard: readonly Stretch[];
  /** From the request to its answer, as whoever asks sees it. */
  readonly wallMs: number;
}

export interface SpeechRequest {
  /** A 16 kHz mono 16-bit WAV. */
  readonly wavFile: string;
  /** ISO-639-1; absent: the program finds out. */
  readonly language?: string;
  readonly task: 'transcribe' | 'translate';
  readonly prompt?: string;
  readonly seed: number;
  /** As a dictation asks: before all others, with fewer retries. For programs that know such a thing. */
  readonly isUrgent?: boolean;
  /** Without the gate in front that drops what holds no speech. For programs that have one. */
  readonly isUngated?: boolean;
}

/** A speech-to-text program that runs, with its model loaded. */
export interface SpeechProgram {
  readonly name: string;
  transcribe(request: SpeechRequest): Promise<Answer>;
  /** The most memory that its processes ever held, in bytes; NaN where the system does not say. */
  peakMemoryBytes(): number;
  stop(): Promise<void>;
}
