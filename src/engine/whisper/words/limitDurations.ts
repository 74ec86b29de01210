/** A word with its time in seconds from the window's start. */
export interface TimedWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  /** The probability of its least probable token, in [0, 1]. */
  readonly probability: number;
  /** The index of its first token in the window's tokens. */
  readonly token: number;
}

/** In the reference, the usual duration of a word is at most 0.7 s (openai/whisper, timing.py). */
const USUAL_AT_MOST_S = 0.7;
const LONGEST_PER_USUAL = 2;

const SENTENCE_END = /[.!?。！？]["'”’)\]]*\s*$/;

/**
 * Shortens words at pauses. The alignment adds a pause to the word before or behind it, which then seems seconds long. Such a word is cut to
 * twice the usual duration. The end that is cut depends on where the pause is.
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
    // A word behind a pause is cut at its start; a word before a pause is cut at its end.
    if (SENTENCE_END.test(text) && !isFirst) return { ...word, endS: startS + longestS };
    return isFirst ? { ...word, startS: endS - longestS } : word;
  });
}
