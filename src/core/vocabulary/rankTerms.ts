import type { Term, TermKind } from './term';
import { wordForm, type WordForm } from './wordForm';

/**
 * How many more terms of a form come out right when the prompt holds a project's glossary. From the study of the prompt, with real and
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
 * How many places of a round each kind gets, so that no kind fills the prompt alone. The numbers are a judgement: people talk most about
 * what is on the screen, then about what the project is built on, who works on it, and the other files.
 */
const PLACES: Readonly<Record<TermKind, number>> = { identifier: 5, dependency: 3, person: 2, file: 2 };

/** The factor for terms on the screen: they are said more often than others. */
const AT_HAND = 2;

/** In characters. A term up to this length is as likely to be said in full as a short one. */
const LONG_TERM = 16;

/** In characters. Nobody says a longer term in full, and it takes the room of two or three others. */
const ENDLESS_TERM = 28;

/** Sorts the terms by how much it helps to name them, the most important first: those likely to be said and to be misspelled. */
export function rankTerms(terms: readonly Term[]): Term[] {
  const places = terms.filter((term) => !isLast(term));
  return [...inRounds(places), ...inRounds(terms.filter(isLast))];
}

/** Whether the term comes behind all others: Whisper cannot write it, or nobody would say it. A person's name never does. */
function isLast(term: Term): boolean {
  if (term.kind === 'person') return false;
  return wordForm(term.text) === 'unwritable' || term.text.length > ENDLESS_TERM;
}

/** Sorts each kind by worth, then takes the kinds in turn. Sorting is stable: equal terms keep the order in which they were met. */
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
