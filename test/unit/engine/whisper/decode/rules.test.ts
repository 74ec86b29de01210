import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyRules, suppressedTokens } from '../../../../../src/engine/whisper/decode/rules';
import { logitsOf, SMALL_FACTS, time } from '../smallFacts';
import { sampledText } from './sampledText';

const { end, firstTimestamp, noTimestamps } = SMALL_FACTS.tokens;
const TEXT = 7;
const isTimestamp = (token: number | undefined): boolean => token !== undefined && token >= firstTimestamp;

/** What may come next. Text and end are so likely that timestamps do not win by their number. */
function allowed(written: readonly number[], suppressed: readonly number[] = []): readonly number[] {
  const logits = logitsOf({ [TEXT]: 20, [end]: 20 });
  applyRules(logits, written, suppressed, SMALL_FACTS);
  return [...logits.keys()].filter((token) => logits[token] !== -Infinity);
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('applyRules', () => {
  it('begins with a timestamp, within the first second', () => {
    assert.deepEqual(allowed([]), range(time(0), time(51)));
  });

  it('writes text behind the first timestamp, no other', () => {
    const next = allowed([time(10)]);
    assert.ok(next.includes(TEXT) && next.includes(end));
    assert.ok(!next.some(isTimestamp));
  });

  it('ends a segment later than it began', () => {
    assert.deepEqual(allowed([time(10), TEXT]).filter(isTimestamp), range(time(11), time(101)));
  });

  it('writes a second timestamp behind a segment’s end, not an earlier one, or ends', () => {
    assert.deepEqual(allowed([time(10), TEXT, time(40)]), [...range(end, noTimestamps), ...range(time(40), time(101))]);
  });

  it('writes text behind a pair', () => {
    const next = allowed([time(10), TEXT, time(40), time(42)]);
    assert.ok(next.includes(TEXT) && !next.some(isTimestamp));
  });

  it('never goes back', () => {
    assert.deepEqual(
      allowed([time(10), TEXT, time(40), time(42), TEXT]).filter(isTimestamp),
      range(time(43), time(101)),
    );
  });

  it('never writes what is suppressed, nor that there are no timestamps', () => {
    for (const written of [[], [time(0)], [time(0), TEXT], [time(0), TEXT, time(4)]]) {
      const next = allowed(written, [3, 5, time(7)]);
      assert.deepEqual(
        next.filter((token) => [3, 5, time(7), noTimestamps].includes(token)),
        [],
      );
    }
  });

  it('writes a timestamp where all together are likelier than the likeliest text', () => {
    const next = (score: number): Float32Array => {
      const logits = logitsOf({ [TEXT]: score });
      applyRules(logits, [time(0), TEXT], [], SMALL_FACTS);
      return logits;
    };
    // A hundred timestamps of score 0: together log(100) = 4.6.
    assert.equal(next(4.5)[TEXT], -Infinity);
    assert.equal(next(4.7)[TEXT], Math.fround(4.7));
  });

  it('lets chance write nothing but segments that follow each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const tokens = sampledText(seed, 60);
        assert.ok((tokens[0] ?? 0) >= firstTimestamp && (tokens[0] ?? 0) <= time(SMALL_FACTS.latestStart));
        let [latest, inARow, starts] = [-1, 0, true];
        for (const [i, token] of tokens.entries()) {
          assert.ok(!SMALL_FACTS.suppressed.includes(token) && (token < end || isTimestamp(token)), `${token}`);
          if (!isTimestamp(token)) {
            inARow = 0;
            continue;
          }
          inARow++;
          assert.ok(inARow <= 2, 'three timestamps in a row');
          if (starts) assert.ok(token >= latest, 'a segment begins before the last one’s end');
          else assert.ok(token > latest, 'an empty segment');
          if (starts && i > 0) assert.equal(inARow, 2, 'no pair');
          starts = !starts;
          latest = token;
        }
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

describe('suppressedTokens', () => {
  const spellings = new Map([
    [3, '_'],
    [4, 'Ġ__'],
    [5, '_#'],
    [21, '_'],
  ]);
  const suppressed = (wanted: string): readonly number[] =>
    suppressedTokens(SMALL_FACTS, (token) => spellings.get(token), new Set(wanted)).toSorted((a, b) => a - b);

  it('are those of the model’s file, and those that steer', () => {
    assert.deepEqual(suppressed(''), [3, 4, 5, 21, 22, 23, 24, 25, 26, 27, 28]);
  });

  it('are not those that the prompt’s characters make up', () => {
    assert.deepEqual(suppressed('user_id'), [5, 21, 22, 23, 24, 25, 26, 27, 28]);
    assert.deepEqual(suppressed('_#'), [21, 22, 23, 24, 25, 26, 27, 28]);
  });
});
