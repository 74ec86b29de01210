import { isOpaque } from '../isOpaque';
import { ORDINARY_IDENTIFIERS } from '../ordinaryWords';
import { redactSecrets } from '../redactSecrets';
import { isDistinctive } from '../wordForm';

/** A name, or names joined by dots. */
const CHAIN = /(?<![\p{L}\p{N}_$.@#-])[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*/gu;

/** The longest identifier that anybody would say. */
const LONGEST = 40;

/** A pair joined by a dot is a term only where it is met this often; most pairs are met once. */
const LEAST_DOTTED = 3;

/** Words before a dot that stand for the program's own object. */
const SELF = new Set(['this', 'self', 'super', 'cls', 'it']);

/**
 * Identifiers and acronyms of a source text in any language, each with how often it is met. Strings and everything that may be secret
 * are removed first. Ordinary words and keywords do not look like identifiers and are left out.
 */
export function extractIdentifiers(text: string): Map<string, number> {
  const words = new Map<string, number>();
  const pairs = new Map<string, number>();
  for (const [chain] of redactSecrets(text).matchAll(CHAIN)) {
    const parts = chain.split('.');
    for (const part of parts) add(words, part, 1);
    if (parts.length === 2) add(pairs, chain, 1);
  }
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    const bare = withoutEdges(word);
    if (isIdentifier(bare)) add(counts, bare, count);
  }
  for (const [chain, count] of pairs) {
    if (count < LEAST_DOTTED) continue;
    const parts = chain.split('.').map(withoutEdges);
    const isPair = parts.every(({ length }) => length > 1) && !SELF.has(parts[0] ?? '');
    if (isPair && isIdentifier(parts.join('.'))) add(counts, parts.join('.'), count);
  }
  return counts;
}

/** The word without underscores and dollars at its ends, which nobody says. */
function withoutEdges(word: string): string {
  return word.replace(/^[_$]+|[_$]+$/g, '');
}

function isIdentifier(word: string): boolean {
  return (
    word.length > 2 &&
    word.length <= LONGEST &&
    !word.includes('$') &&
    isDistinctive(word) &&
    !ORDINARY_IDENTIFIERS.has(word.toLowerCase()) &&
    !isOpaque(word)
  );
}

function add(counts: Map<string, number>, word: string, count: number): void {
  counts.set(word, (counts.get(word) ?? 0) + count);
}
