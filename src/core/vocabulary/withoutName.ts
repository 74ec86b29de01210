import type { Term } from './term';

/**
 * The terms without those that are the recording's own name, however they are written. A model that reads the file's name in its prompt
 * tends to write it where it understands nothing.
 *
 * @param name the recording's file name
 */
export function withoutName(terms: readonly Term[], name: string): readonly Term[] {
  // "talk.final.mp3" is called "talk" in the list of files, and "talk.final" by its user.
  const names = [name, name.replace(/(?<=.)\.[^.]*$/, ''), name.replace(/(?<=.)\..*$/, '')];
  const ids = new Set(names.map(idOf).filter((id) => id !== ''));
  return terms.filter(({ text }) => !ids.has(idOf(text)));
}

/** Case, blanks and punctuation do not make another name. */
function idOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
