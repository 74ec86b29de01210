import { assert } from 'chai';
import fc from 'fast-check';
import { rankTerms } from '../../../../src/core/vocabulary/rankTerms';
import type { TermKind } from '../../../../src/core/vocabulary/term';
import { SEED } from '../random';
import { term, textsOf } from './terms';

describe('rankTerms', () => {
  const comesFirst = (first: ReturnType<typeof term>, second: ReturnType<typeof term>, why: string): void => {
    it(`puts ${first.text} before ${second.text}: ${why}`, () => {
      assert.deepEqual(textsOf(rankTerms([second, first])), [first.text, second.text]);
    });
  };
  comesFirst(term('planChunks'), term('JWT'), 'camelCase gains most');
  comesFirst(term('planChunks', { count: 9 }), term('readRange'), 'more often');
  comesFirst(term('planChunks', { isAtHand: true }), term('readRange', { count: 2 }), 'on the screen');
  comesFirst(term('planChunks'), term('plan_chunks', { count: 99, isAtHand: true }), 'an underscore cannot be written');
  comesFirst(
    term('Ada Lovelace', { kind: 'person' }),
    term('stopTrackingAllHeapObjectsAtOnce', { count: 50 }),
    'nobody says the other',
  );
  comesFirst(
    term('undici', { kind: 'dependency' }),
    term('createDecipherInitialisationVector'),
    'nobody says the other',
  );

  it('lets no kind fill the list alone', () => {
    const many = (kind: TermKind, stem: string): ReturnType<typeof term>[] =>
      Array.from({ length: 200 }, (_, i) => term(`${stem}Xy${i}`, { kind, count: kind === 'identifier' ? 100 : 1 }));
    const ranked = rankTerms([...many('identifier', 'ident'), ...many('dependency', 'dep'), ...many('person', 'per')]);
    const kinds = ranked.slice(0, 40).map(({ kind }) => kind);
    const count = (kind: TermKind): number => kinds.filter((other) => other === kind).length;
    assert.deepEqual([count('identifier'), count('dependency'), count('person')], [20, 12, 8]);
  });

  it('loses no term, adds none, and gives the same order every time', () => {
    const anyTerm = fc.record({
      text: fc.string({ minLength: 1 }),
      kind: fc.constantFrom<TermKind>('identifier', 'dependency', 'file', 'person'),
      from: fc.constant(['a']),
      count: fc.integer({ min: 1, max: 1000 }),
      isAtHand: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyTerm), (terms) => {
        const ranked = rankTerms(terms);
        assert.sameMembers(ranked, terms);
        assert.deepEqual(rankTerms(terms), ranked);
      }),
      { seed: SEED },
    );
  });
});
