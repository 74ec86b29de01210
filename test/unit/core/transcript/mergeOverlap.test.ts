import { assert } from 'chai';
import fc from 'fast-check';
import { mergeOverlap, type Neighbours, type Overlap } from '../../../../src/core/transcript/mergeOverlap';
import type { TranscriptSegment, Word } from '../../../../src/core/model';
import { SEED, seededRandom } from '../random';

const OVERLAP: Overlap = { startS: 28, endS: 30 };

describe('mergeOverlap', () => {
  /** Each word takes half a second from where its answer's text begins. */
  const cases: readonly (readonly [why: string, earlier: string, later: string, laterS: number, expected: string])[] = [
    ['writes what both heard once', 'one two three four', 'three four five', 29, 'one two three four five'],
    ['sees no capitals and full stops', 'Then We ask. What', 'we ask what, friend', 28.5, 'Then We ask. what, friend'],
    ['trusts neither edge', 'alpha beta gamma delt', 'eta gamma delta epsilon', 28.5, 'alpha beta gamma delta epsilon'],
    ['keeps all of the earlier where nothing follows', 'one two three four', '', 28, 'one two three four'],
    ['keeps all of the later where nothing is before', '', 'one two', 28, 'one two'],
    ['knows other scripts', 'Zoë и ещё Ёлка', 'ещё ёлка стоит', 29, 'Zoë и ещё ёлка стоит'],
  ];
  for (const [why, one, other, laterS, expected] of cases) {
    it(why, () => {
      const [earlier, later] = [segmentsOf(timed(one, 28)), segmentsOf(timed(other, laterS))];
      assert.strictEqual(textOf(mergeOverlap({ earlier, later }, OVERLAP)), expected);
    });
  }

  it('cuts in the middle of the overlap where no words agree', () => {
    const earlier = segmentsOf(timed('before aaa bbb ccc ddd', 27.5));
    const later = segmentsOf(timed('www xxx yyy zzz behind', 28));
    assert.strictEqual(textOf(mergeOverlap({ earlier, later }, OVERLAP)), 'before aaa bbb yyy zzz behind');
  });

  it('takes no word for the same that is more than a second away', () => {
    const earlier = segmentsOf(timed('the aaa bbb ccc', 28));
    const later = segmentsOf(timed('www xxx yyy the', 28));
    assert.strictEqual(textOf(mergeOverlap({ earlier, later }, OVERLAP)), 'the aaa yyy the');
  });

  it('cuts text and times of a segment alike, and keeps its id', () => {
    const earlier = segmentsOf(timed('one two three four', 28));
    const later = segmentsOf(timed('three four five', 29));
    const merged = mergeOverlap({ earlier, later }, OVERLAP);
    assert.deepStrictEqual(merged.earlier, [
      { ...only(earlier), text: 'one two three', endS: 29.5, words: only(earlier).words.slice(0, 3) },
    ]);
    assert.deepStrictEqual(merged.later, [
      { ...only(later), text: 'four five', startS: 29.5, words: only(later).words.slice(1) },
    ]);
  });

  it('merges segments without words by times that are spread over them', () => {
    const earlier = [untimed('We begin here.', 20, 24), untimed('And then we went to the old harbour', 25, 30)];
    const later = [untimed('to the old harbour of Lisbon.', 28.2, 32), untimed('It rained.', 33, 34)];
    assert.strictEqual(
      textOf(mergeOverlap({ earlier, later }, OVERLAP)),
      'We begin here. And then we went to the old harbour of Lisbon. It rained.',
    );
  });

  it('merges chunks of which nothing but their own time is known', () => {
    const talk = seededTalk(120);
    const inside = (startS: number, endS: number): TranscriptSegment =>
      untimed(joined(talk.filter((word) => middle(word) >= startS && middle(word) < endS)), startS, endS);
    const [earlier, later] = [[inside(0, 30)], [inside(28, 58)]];
    const expected = joined(talk.filter((word) => middle(word) < 58));
    assert.strictEqual(textOf(mergeOverlap({ earlier, later }, OVERLAP)), expected);
  });

  it('takes no single word for the same where times are estimates', () => {
    const earlier = [untimed('so the aaaaa bbbbb', 26, 30)];
    const later = [untimed('wwwww the xxxxx yyyyy', 28, 32)];
    // The middle of the overlap lies behind "aaaaa" and "wwwww".
    assert.strictEqual(textOf(mergeOverlap({ earlier, later }, OVERLAP)), 'so the aaaaa the xxxxx yyyyy');
  });
});

describe('mergeOverlap, of any talk', () => {
  const talks = fc.record({
    seed: fc.integer(),
    words: fc.integer({ min: 1, max: 160 }),
    jitterS: fc.constantFrom(0, 0.1, 0.3),
  });

  it('gives the talk back where both answers heard it, cut words at the edges or not', () => {
    fc.assert(
      fc.property(talks, fc.boolean(), ({ seed, words, jitterS }, isGarbled) => {
        const random = seededRandom(seed);
        const talk = seededTalk(words, seed);
        const heard = (startS: number, endS: number): TranscriptSegment[] => {
          const inside = talk.filter((word) => word.endS > startS && word.startS < endS);
          const moved = inside.map((word, i) => {
            const byS = (random() - 0.5) * jitterS;
            const isCut = word.startS < startS || word.endS > endS;
            const text = isCut && isGarbled ? `xx${i}` : word.text;
            return { text, startS: word.startS + byS, endS: word.endS + byS };
          });
          return segmentsOf(moved);
        };
        const merged = mergeOverlap({ earlier: heard(0, 30), later: heard(28, 60) }, OVERLAP);
        // A talk that ends in the overlap, or begins in it, has an edge that only one answer holds.
        const whole = talk.filter(({ startS }) => startS < 60);
        const isUncut = ({ startS, endS }: Word): boolean => startS >= 0 && endS <= 60;
        const expected = joined(whole.filter(isUncut));
        const text = textOf(merged);
        assert.isTrue(text === expected || text.startsWith(`${expected} `), `${text}\n${expected}`);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('loses nothing outside of the overlap, whatever the answers are, and never writes backwards', () => {
    const word = fc.constantFrom('a', 'b', 'the', 'Of', '—', 'x.');
    const answer = fc.array(fc.tuple(word, fc.integer({ min: 0, max: 20 })), { maxLength: 60 });
    fc.assert(
      fc.property(answer, answer, fc.boolean(), (one, other, hasWords) => {
        const made = (
          said: readonly (readonly [string, number])[],
          fromS: number,
          toS: number,
        ): TranscriptSegment[] => {
          let atS = fromS;
          const words = said.flatMap(([text, tenths]) => {
            const startS = atS;
            atS += tenths / 10;
            return atS <= toS ? [{ text, startS, endS: atS }] : [];
          });
          return segmentsOf(words).map((segment) => (hasWords ? segment : { ...segment, words: [] }));
        };
        const [earlier, later] = [made(one, 20, 30), made(other, 28, 40)];
        const merged = mergeOverlap({ earlier, later }, OVERLAP);
        assert.isTrue(textOf({ earlier, later: [] }).startsWith(textOf({ earlier: merged.earlier, later: [] })));
        assert.isTrue(textOf({ earlier: [], later }).endsWith(textOf({ earlier: [], later: merged.later })));
        if (!hasWords) return;
        const kept = [...merged.earlier, ...merged.later].flatMap(({ words }) => words);
        for (const word of earlier.flatMap(({ words }) => words)) {
          if (word.endS <= OVERLAP.startS && word.startS < OVERLAP.startS) assert.include(kept, word);
        }
        for (const word of later.flatMap(({ words }) => words)) {
          if (word.startS >= OVERLAP.endS) assert.include(kept, word);
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});

/** Words of half a second each. */
function timed(text: string, startS: number): Word[] {
  return text === ''
    ? []
    : text.split(' ').map((word, i) => ({ text: word, startS: startS + i * 0.5, endS: startS + (i + 1) * 0.5 }));
}

/** One segment with these words; none without words. */
function segmentsOf(words: readonly Word[]): TranscriptSegment[] {
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return [];
  return [{ ...untimed(joined(words), first.startS, last.endS), words }];
}

function untimed(text: string, startS: number, endS: number): TranscriptSegment {
  return { id: `0-${startS}`, track: 0, text, startS, endS, words: [] };
}

function only(segments: readonly TranscriptSegment[]): TranscriptSegment {
  const [segment] = segments;
  assert.isDefined(segment);
  return segment;
}

/** Rare and common words, of 0.1 to 0.6 s, with pauses of up to 0.2 s. */
function seededTalk(count: number, seed = SEED): Word[] {
  const random = seededRandom(seed);
  let atS = 0;
  return Array.from({ length: count }, (_, i) => {
    const startS = atS + random() * 0.2;
    atS = startS + 0.1 + random() * 0.5;
    const text = random() < 0.3 ? (['the', 'of', 'and'][Math.floor(random() * 3)] ?? 'a') : `word${i}`;
    return { text, startS, endS: atS };
  });
}

function middle({ startS, endS }: Word): number {
  return (startS + endS) / 2;
}

function joined(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}

function textOf({ earlier, later }: Neighbours): string {
  return [...earlier, ...later]
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(' ');
}
