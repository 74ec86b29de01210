import { comparableWords, wordErrors } from '../wordErrorRate';

export interface Errors {
  readonly errors: number;
  /** Words of the reference; its characters where the script has no spaces, or uses them as it likes. */
  readonly units: number;
}

/** Chinese and Japanese have no spaces; Korean writers set them differently for the same words. */
const BY_CHARACTERS = new Set(['zh', 'ja', 'ko']);

export function countErrors(reference: string, heard: string, language: string): Errors {
  const units = (text: string): string[] =>
    BY_CHARACTERS.has(language) ? Array.from(comparableWords(text).join('')) : comparableWords(text);
  const wanted = units(reference);
  return { errors: wordErrors(wanted, units(heard)), units: wanted.length };
}

/** In percent. */
export function errorRate(all: readonly Errors[]): number {
  const total = (value: (one: Errors) => number): number => all.reduce((sum, one) => sum + value(one), 0);
  return (100 * total(({ errors }) => errors)) / total(({ units }) => units);
}
