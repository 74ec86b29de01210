/** A text that repeats itself this often no longer follows the audio. The three values are choices; the compression ratio finds what they miss. */
const REPEATS = 4;
/** A loop has at least this many tokens: "no, no, no, no" is speech. */
const SHORTEST_TOKENS = 20;
/** The longest repeated part that is looked for, in tokens. Whole sentences may repeat. */
const LONGEST_PERIOD = 40;

/**
 * How long the repeated part at the end of a text is; 0 where there is none. A loop that is found while the text is written costs a fifth
 * of one that fills the window's 224 tokens.
 */
export function loopPeriod(tokens: readonly number[]): number {
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    const needed = Math.max(REPEATS * period, SHORTEST_TOKENS);
    if (needed > tokens.length) break;
    let isLoop = true;
    for (let i = tokens.length - 1; isLoop && i >= tokens.length - needed + period; i--) {
      isLoop = tokens[i] === tokens[i - period];
    }
    if (isLoop) return period;
  }
  return 0;
}

/** The number of tokens to keep so that a loop at the end is written only once. */
export function lengthWithoutLoop(tokens: readonly number[]): number {
  const period = loopPeriod(tokens);
  if (period === 0) return tokens.length;
  let start = tokens.length - period;
  while (start > 0 && tokens[start - 1] === tokens[start - 1 + period]) start--;
  return start + period;
}
