import type { Term, TermKind } from './term';
import { wordForm, type WordForm } from './wordForm';

/**
 * How many of a kind's terms more come out right with a project's glossary in the prompt than without: from the study of the prompt, real and
 * synthetic developer speech (camelCase 36 of 36, dotted 7 of 18, products 41 of 93, acronyms 10 of 36, snake_case none).
 */
const GAIN: Readonly<Record<WordForm, number>> = {
  camel: 1,
  plain: 0.44,
  dotted: 0.39,
  acronym: 0.28,
  unwritable: 0.02,
};

/**
 * How many places of a round each kind gets, so that no kind fills the prompt alone. A judgement: what is on the screen is talked about
 * most, then what the project is built on, who works on it, and the other files.
 */
const PLACES: Readonly<Record<TermKind, number>> = { identifier: 5, dependency: 3, person: 2, file: 2 };

/** What is on the screen is said rather than what is not. */
const AT_HAND = 2;

/** Up to here a term is as likely to be said in full as a short one. In characters. */
const LONG_TERM = 16;

/** From here on nobody says it in full, and it takes the place of two or three others. In characters. */
const ENDLESS_TERM = 28;

/** The terms by how much it helps to name them: likely to be said, and likely to be misspelled. The most important first. */
export function rankTerms(terms: readonly Term[]): Term[] {
  const places = terms.filter((term) => !isLast(term));
  return [...inRounds(places), ...inRounds(terms.filter(isLast))];
}

/** Names and words come before what cannot come out, or would not be said. */
function isLast(term: Term): boolean {
  if (term.kind === 'person') return false;
  return wordForm(term.text) === 'unwritable' || term.text.length > ENDLESS_TERM;
}

/** Each kind by its own worth, then one kind in turn with the others. Sorting is stable: equals keep the order they were met in. */
function inRounds(terms: readonly Term[]): Term[] {
  const taken = new Map<TermKind, number>();
  return terms
    .toSorted((a, b) => worth(b) - worth(a))
    .map((term) => {
      const before = taken.get(term.kind) ?? 0;
      taken.set(term.kind, before + 1);
      return { term, turn: (before + 0.5) / PLACES[term.kind] };
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ term }) => term);
}

function worth(term: Term): number {
  const frequency = 1 + Math.log(term.count);
  const brevity = term.kind === 'person' ? 1 : Math.min(1, LONG_TERM / term.text.length);
  return GAIN[wordForm(term.text)] * frequency * brevity * (term.isAtHand ? AT_HAND : 1);
}
