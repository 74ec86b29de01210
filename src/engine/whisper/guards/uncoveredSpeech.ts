import type { Frame } from '../../../core/audio/speechDetector';

/** Frames of 10 ms, `[startFrame, endFrame)`. */
export interface FrameRange {
  readonly startFrame: number;
  readonly endFrame: number;
}

/** A word's time in seconds from the first frame. */
export interface WordPlace {
  readonly startS: number;
  readonly endS: number;
}

const FRAMES_PER_S = 100;
/**
 * A word covers the frames within 0.5 s of it: quiet consonants, breath, and the alignment's error, which is smaller for nine tenths of
 * the words (docs/measurements.md).
 */
const NEAR_FRAMES = 50;
/** How much of a long word counts at either end. Nobody speaks one word for 2 s: the alignment adds a hole to a word beside it. */
const WORD_END_S = 1;
/** Detected speech of 2 s without a word is a hole: it has room for a short sentence. Exported so that tests name the limit and not the number. */
export const HOLE_FRAMES = 200;

/**
 * Where speech was detected but no word was written. These are the runs of frames without a word that hold enough speech, each from its
 * first to its last frame of speech.
 *
 * @param words in any order
 * @param leastFrames the least number of speech frames in a run
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
