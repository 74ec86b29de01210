import { ORDINARY_CAPITALS } from './ordinaryWords';
import { splitHumps } from './splitHumps';

/** How a term is written. It decides whether Whisper can write the term at all. */
export type WordForm = 'camel' | 'acronym' | 'dotted' | 'plain' | 'unwritable';

/**
 * Characters that Whisper's default `suppress_tokens` forbid, so that a prompt hardly helps (study of the prompt: 3 of 24 such terms came
 * out right). A later correction has to write them.
 */
const UNWRITABLE = /[_/@#+*=<>|:;()[\]{}~\\"`]/;

/** How a word is written. */
export function wordForm(word: string): WordForm {
  if (UNWRITABLE.test(word)) return 'unwritable';
  if (word.includes('.')) return 'dotted';
  if (/^\p{Lu}[\p{Lu}\p{N}]+$/u.test(word)) return 'acronym';
  return /\p{Ll}\p{N}*\p{Lu}|\p{Lu}{2}\p{Ll}/u.test(word) ? 'camel' : 'plain';
}

/** Whether a word looks like a technical term: humps, capitals, parts. Ordinary words in lower case, of any language, do not. */
export function isDistinctive(word: string): boolean {
  switch (wordForm(word)) {
    case 'acronym':
      return /^(?=.{3,6}$)\p{Lu}{2,}\p{N}{0,4}$/u.test(word) && !ORDINARY_CAPITALS.has(word);
    case 'camel':
      return longParts(word) > 0 && word.length > 3;
    case 'dotted':
      return longParts(word) > 1;
    case 'plain':
    case 'unwritable':
      return longParts(word) > 1 && /[_-]/.test(word);
  }
}

function longParts(word: string): number {
  return splitHumps(word).filter((part) => /^\p{L}{2}/u.test(part)).length;
}
