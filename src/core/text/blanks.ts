/** Signs of the scripts that put no blanks between words, and of their punctuation. */
export const WITHOUT_BLANKS =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u;

/** Punctuation as wide as a Chinese sign. It brings its own room. */
const WIDE = /[\u3000-\u303f\uff01-\uff60]/;
/** The last and the first sign of a text that tells its script. */
const LAST_SIGN = /[\p{L}\p{M}\p{N}\u3000-\u303f\uff01-\uff60](?=[^\p{L}\p{M}\p{N}\u3000-\u303f\uff01-\uff60]*$)/u;
const FIRST_SIGN = /[\p{L}\p{M}\p{N}\u3000-\u303f\uff01-\uff60]/u;
/** A sign that tells the script is never further from a text's end: only quotation marks and the like stand behind it. */
const NEAR = 16;

/** Whether no blank parts two texts that follow each other: where they meet, one of them is in a script without blanks. */
export function meetWithoutBlank(before: string, behind: string): boolean {
  return (
    isWithoutBlanks(LAST_SIGN.exec(before.slice(-NEAR))?.[0]) ||
    isWithoutBlanks(FIRST_SIGN.exec(behind.slice(0, NEAR))?.[0])
  );
}

/** Texts that were said one after the other, as one: with a blank between two of them, unless their script has none. */
export function joinTexts(texts: readonly string[]): string {
  let whole = '';
  for (const text of texts.map((part) => part.trim())) {
    if (text === '') continue;
    whole += whole === '' || meetWithoutBlank(whole, text) ? text : ` ${text}`;
  }
  return whole;
}

function isWithoutBlanks(sign: string | undefined): boolean {
  return sign !== undefined && (WIDE.test(sign) || WITHOUT_BLANKS.test(sign));
}
