/** This many words in a row do not match by chance. Of 45 clips of noise, 23 gave a prompt's sentence, nearly always in full. */
const FEWEST_WORDS = 3;
/** The least share of the text that comes from the prompt: a further word or a full stop does not matter. A choice, not a measurement. */
const LEAST_SHARE = 0.8;

/**
 * Whether a text repeats a part of the prompt word for word. Whisper writes such text on silence and noise.
 *
 * @param text the text of one window
 */
export function isEcho(text: string, prompt: string): boolean {
  const said = bareWords(text);
  const given = bareWords(prompt);
  if (said.length < Math.min(FEWEST_WORDS, given.length) || said.length === 0) return false;
  return longestCommonRun(said, given) >= LEAST_SHARE * said.length;
}

/** A word; in scripts without blanks between words, a character. */
const BARE_WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}]+/gu;

function bareWords(text: string): readonly string[] {
  return text.toLowerCase().match(BARE_WORD) ?? [];
}

function longestCommonRun(some: readonly string[], others: readonly string[]): number {
  let longest = 0;
  let before: number[] = [];
  for (const word of some) {
    const runs = others.map((other, i) => (other === word ? 1 + (i > 0 ? (before[i - 1] ?? 0) : 0) : 0));
    longest = Math.max(longest, ...runs);
    before = runs;
  }
  return longest;
}
