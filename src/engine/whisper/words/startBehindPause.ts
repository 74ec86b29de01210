import type { TimedWord } from './limitDurations';

/** 10 ms of audio. */
const FRAMES_PER_S = 100;
/**
 * The alignment adds a pause to the word behind it. A word of at least this length that contains a pause (the next two constants: its length,
 * and how much quieter it is than the word's loudest part) begins where the pause ends. On AMI's manual times this reduced the 90th percentile
 * of the starts' error from 0.72 s to 0.39 s. All values from 0.2 to 0.5 s, 50 to 120 ms and 12 to 25 dB gave the same within 0.05 s.
 */
const SHORTEST_WORD_S = 0.3;
const SHORTEST_PAUSE_FRAMES = 8;
const QUIETER_DB = 18;
/** A word is no shorter than this. */
const LEAST_WORD_FRAMES = 5;

const SENTENCE_END = /[.!?。！？]["'”’)\]]*\s*$/;

/**
 * Moves the start of words that contain a pause. A sentence's last word is not changed: its pause is behind it.
 *
 * @param levelsDb one level for each 10 ms of the window
 */
export function startBehindPause(words: readonly TimedWord[], levelsDb: readonly number[]): TimedWord[] {
  return words.map((word) => {
    if (word.endS - word.startS < SHORTEST_WORD_S || SENTENCE_END.test(word.text)) return word;
    const from = Math.round(word.startS * FRAMES_PER_S);
    const inside = levelsDb.slice(from, Math.round(word.endS * FRAMES_PER_S));
    const pauseEnd = lastPauseEnd(inside);
    return pauseEnd === 0 ? word : { ...word, startS: (from + pauseEnd) / FRAMES_PER_S };
  });
}

/** Number of frames up to the end of the last pause; 0 where there is no pause. */
function lastPauseEnd(levelsDb: readonly number[]): number {
  const quietBelowDb = Math.max(...levelsDb) - QUIETER_DB;
  let quiet = 0;
  let end = 0;
  for (let frame = 0; frame < levelsDb.length - LEAST_WORD_FRAMES; frame++) {
    if ((levelsDb[frame] ?? 0) < quietBelowDb) quiet++;
    else {
      if (quiet >= SHORTEST_PAUSE_FRAMES) end = frame;
      quiet = 0;
    }
  }
  return end;
}
