/**
 * Whether a text is bare words, as recognisers without punctuation give them: no capital letter and no sentence's mark anywhere.
 * Texts in scripts without capitals count as written, also with a foreign word among them.
 */
export function isBareWords(text: string): boolean {
  return /\p{Ll}/u.test(text) && !/[\p{Lu}\p{Lt}\p{Lo}.!?…:;,]/u.test(text);
}

/** Bare words as a sentence: a capital at the beginning, a full stop at the end. */
export function finishSentence(words: string): string {
  return words.replace(/^[^\p{L}\p{N}]*\p{Ll}/u, (start) => start.toUpperCase()).trimEnd() + '.';
}
