import type { Frame } from '../../../core/audio/speechDetector';

/** Frames of 10 ms, `[startFrame, endFrame)`. */
export interface FrameRange {
  readonly startFrame: number;
  readonly endFrame: number;
}

/** A word's place in seconds, counted from the first of the frames. */
export interface WordPlace {
  readonly startS: number;
  readonly endS: number;
}

const FRAMES_PER_S = 100;
/**
 * A word covers what lies so near to it, 0.5 s: quiet consonants, breath, and the alignment's error, which is less for nine tenths of the words
 * (docs/measurements.md).
 */
const NEAR_FRAMES = 50;
/** Nobody speaks on one word for 2 s. The alignment gives a hole to a word beside it: of a longer word only so much at either end counts. */
const WORD_END_S = 1;
/** Detected speech of 2 s without a word is a hole: a short sentence fits in. */
export const HOLE_FRAMES = 200;

/**
 * Where speech was detected and no word stands: every longest run of frames without a word that holds enough speech, from its first to its
 * last frame of speech.
 *
 * @param words in any order
 * @param leastFrames of speech in a run
 */
export function uncoveredSpeech(
  frames: readonly Frame[],
  words: readonly WordPlace[],
  leastFrames = HOLE_FRAMES,
): FrameRange[] {
  const isCovered = coveredFrames(frames.length, words);
  const holes: FrameRange[] = [];
  let speechFrames = 0;
  let startFrame = 0;
  let endFrame = 0;
  const close = (): void => {
    if (speechFrames >= leastFrames) holes.push({ startFrame, endFrame });
    speechFrames = 0;
  };
  frames.forEach(({ isSpeech }, frame) => {
    if (isCovered[frame] === 1) close();
    else if (isSpeech) {
      if (speechFrames === 0) startFrame = frame;
      speechFrames++;
      endFrame = frame + 1;
    }
  });
  close();
  return holes;
}

/** 1 for each frame near a word. */
function coveredFrames(count: number, words: readonly WordPlace[]): Uint8Array {
  const isCovered = new Uint8Array(count);
  const cover = (startS: number, endS: number): void => {
    const first = Math.max(0, Math.round(startS * FRAMES_PER_S) - NEAR_FRAMES);
    isCovered.fill(1, first, Math.max(0, Math.round(endS * FRAMES_PER_S) + NEAR_FRAMES));
  };
  for (const { startS, endS } of words) {
    if (endS - startS <= 2 * WORD_END_S) cover(startS, endS);
    else {
      cover(startS, startS + WORD_END_S);
      cover(endS - WORD_END_S, endS);
    }
  }
  return isCovered;
}
