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

export interface WireWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

export interface Recognition {
  readonly text: string;
  readonly segments: readonly WireSegment[];
  readonly words: readonly WireWord[];
}

/** What the server needs of a recogniser. */
export interface Recogniser {
  /** The model's name, as `model` in a request and in the note. */
  readonly modelId: string;
  /** ISO-639-1 codes it understands. */
  readonly languages: readonly string[];
  /** @param pcm 16 kHz mono signed 16-bit little-endian samples */
  recognise(pcm: Uint8Array, signal: AbortSignal): Promise<Recognition>;
}
