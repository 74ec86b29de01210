import { extractDependencies } from './extractDependencies';
import { extractIdentifiers } from './extractIdentifiers';
import { readMailmap, readReflog, type Mailmap } from './extractPeople';
import { fileTerm } from './fileTerm';
import { isSecretFile } from '../redactSecrets';
import type { FoundTerm, Term, TermKind, VocabularySourceText } from '../term';

/** A term that several sources have is of the kind with the lowest number. */
const RANK_OF_KIND: Readonly<Record<TermKind, number>> = { person: 1, dependency: 2, file: 3, identifier: 4 };

/** One term while its sources are read. */
interface Gathering {
  kind: TermKind;
  isAtHand: boolean;
  readonly spellings: Map<string, number>;
  readonly from: Set<string>;
}

/** The terms of all sources in the order met. Spellings that differ only in case are one term, which gets the commonest spelling. */
export function extractTerms(sources: readonly VocabularySourceText[]): Term[] {
  const mailmap = readMailmap(textOf(sources, 'mailmap'));
  const gatherings = new Map<string, Gathering>();
  for (const source of sources) {
    for (const [{ text, kind }, count] of termsOf(source, mailmap)) {
      const id = text.toLowerCase();
      const known: Gathering = gatherings.get(id) ?? { kind, isAtHand: false, spellings: new Map(), from: new Set() };
      gatherings.set(id, known);
      if (RANK_OF_KIND[kind] < RANK_OF_KIND[known.kind]) known.kind = kind;
      known.isAtHand ||= source.isAtHand ?? false;
      known.spellings.set(text, (known.spellings.get(text) ?? 0) + count);
      known.from.add(source.name);
    }
  }
  return [...gatherings.values()].map(({ kind, isAtHand, spellings, from }) => ({
    text: commonest(spellings),
    kind,
    from: [...from],
    count: [...spellings.values()].reduce((sum, count) => sum + count, 0),
    isAtHand,
  }));
}

function termsOf(source: VocabularySourceText, mailmap: Mailmap): [FoundTerm, number][] {
  const all = (kind: TermKind, counts: Iterable<readonly [string, number]>): [FoundTerm, number][] =>
    [...counts].map(([text, count]) => [{ text, kind }, count]);
  const once = (kind: TermKind, texts: readonly string[]): [FoundTerm, number][] =>
    all(
      kind,
      texts.map((text) => [text, 1]),
    );
  switch (source.kind) {
    case 'manifest':
      return once('dependency', extractDependencies(source.name, source.text));
    case 'fileName':
      return once('file', listOf(fileTerm(source.name)));
    case 'source':
      return isSecretFile(source.name) ? [] : all('identifier', extractIdentifiers(source.text));
    case 'gitLog':
      return all('person', readReflog(source.text, mailmap));
    case 'mailmap':
      return once('person', mailmap.names);
  }
}

function listOf(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function textOf(sources: readonly VocabularySourceText[], kind: VocabularySourceText['kind']): string {
  return sources.flatMap((source) => (source.kind === kind ? [source.text] : [])).join('\n');
}

/** The commonest spelling. Among equals the one with more capitals wins: `TypeScript` tells more than `typescript`. */
function commonest(spellings: ReadonlyMap<string, number>): string {
  const capitals = (text: string): number => text.match(/\p{Lu}/gu)?.length ?? 0;
  const [first] = [...spellings].sort(([a, m], [b, n]) => n - m || capitals(b) - capitals(a));
  return first?.[0] ?? '';
}
