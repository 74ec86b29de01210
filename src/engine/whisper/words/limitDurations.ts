/** A word with its time in seconds from the window's start. */
export interface TimedWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  /** In [0, 1]: of its least probable token. */
  readonly probability: number;
  /** The first of its tokens, counted in the window's. */
  readonly token: number;
}

/** The reference calls no word longer than 0.7 s usual (openai/whisper, timing.py). */
const USUAL_AT_MOST_S = 0.7;
const LONGEST_PER_USUAL = 2;

const SENTENCE_END = /[.!?。！？]["'”’)\]]*\s*$/;

/**
 * Mends what the alignment does at pauses: the word before or behind one takes it in, and seems seconds long. No word stays longer than
 * twice the usual; which of its ends is cut depends on where the pause is.
 */
export function limitDurations(words: readonly TimedWord[]): TimedWord[] {
  const durations = words
    .map(({ startS, endS }) => endS - startS)
    .filter((durationS) => durationS > 0)
    .sort((a, b) => a - b);
  const usualS = Math.min(USUAL_AT_MOST_S, durations[durations.length >> 1] ?? 0);
  const longestS = LONGEST_PER_USUAL * usualS;
  if (longestS === 0) return [...words];
  return words.map((word, i) => {
    const { startS, endS, text } = word;
    if (endS - startS <= longestS) return word;
    const before = words[i - 1];
    const isFirst = !before || SENTENCE_END.test(before.text);
    // Behind a pause a word begins late; before one it ends early.
    if (SENTENCE_END.test(text) && !isFirst) return { ...word, endS: startS + longestS };
    return isFirst ? { ...word, startS: endS - longestS } : word;
  });
}
