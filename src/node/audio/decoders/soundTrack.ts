/** Some decoded sound. */
export interface SoundBlock {
  /** Where it begins by the file's own clock, in seconds; absent where it follows the block before. */
  readonly startS?: number;
  readonly rateHz: number;
  /** Samples in [-1, 1], a list for each channel, all of one length. */
  readonly channels: readonly Float32Array[];
}

/** What is known of a track behind its last block. */
export interface TrackFacts {
  /** Whether something in it could not be decoded. */
  readonly isDamaged: boolean;
  /** Whether the file ends before it should. */
  readonly isTruncated: boolean;
  /** When the recording began, as the file tells: milliseconds since 1970. */
  readonly recordedMs?: number | undefined;
}

/** A track that is being decoded. */
export interface SoundTrack {
  /** May be read once. */
  readonly blocks: AsyncIterable<SoundBlock>;
  /** To be called after the last block. */
  readonly facts: () => TrackFacts;
}

/** A recording, or a track of it, that the decoders here do not know. Another program may. */
export class UnknownSoundError extends Error {
  override readonly name = 'UnknownSoundError';
}

/** A file is cut short where so much less came than it says itself. */
export const MISSING_S = 1;

/** Silence, in blocks of a second at most. */
export function* silence(rateHz: number, channelCount: number, sampleCount: number): Generator<SoundBlock> {
  for (let left = sampleCount; left > 0; left -= rateHz) {
    const length = Math.min(left, rateHz);
    yield { rateHz, channels: Array.from({ length: channelCount }, () => new Float32Array(length)) };
  }
}

/**
 * Decodes without a word: the packages tell faults to the console as well as in their result. The work must not wait for anything.
 */
export function quietly<Result>(work: () => Result): Result {
  const tell = console.error;
  console.error = () => undefined;
  try {
    return work();
  } finally {
    console.error = tell;
  }
}
