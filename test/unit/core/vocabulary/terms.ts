import type { Term } from '../../../../src/core/vocabulary/term';

/** A term of which only the test's own concern is spelled out. */
export function term(text: string, facts: Partial<Term> = {}): Term {
  return { text, kind: 'identifier', from: ['a.ts'], count: 1, isAtHand: false, ...facts };
}

export function textsOf(terms: readonly Term[]): string[] {
  return terms.map(({ text }) => text);
}
