/** A text that says the same this often in a row has lost the audio. These three are choices: the compression ratio judges what they miss. */
const REPEATS = 4;
/** And at least so many tokens long: "no, no, no, no" is speech. */
const SHORTEST_TOKENS = 20;
/** Longest repeated part, in tokens. Sentences repeat as well. */
const LONGEST_PERIOD = 40;

/**
 * How long the repeated part at the end of a text is; 0 where there is none. Told while the text is written, a loop costs a
 * fifth of what it does when the window's 224 tokens are full.
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

/** The number of tokens to keep so that a loop at the end is said once only. */
export function lengthWithoutLoop(tokens: readonly number[]): number {
  const period = loopPeriod(tokens);
  if (period === 0) return tokens.length;
  let start = tokens.length - period;
  while (start > 0 && tokens[start - 1] === tokens[start - 1 + period]) start--;
  return start + period;
}
