import assert from 'node:assert/strict';
import fc from 'fast-check';
import { limitDurations, type TimedWord } from '../../../../../src/engine/whisper/words/limitDurations';

const word = (text: string, startS: number, endS: number): TimedWord => ({
  text,
  startS,
  endS,
  probability: 1,
  token: 0,
});
const times = (words: readonly TimedWord[]): readonly (readonly number[])[] =>
  limitDurations(words).map(({ startS, endS }) => [startS, endS].map((time) => Math.round(time * 100) / 100));

const SHORT = [word(' is', 10, 10.2), word(' all', 10.2, 10.4), word(' right', 10.4, 10.6)];

describe('limitDurations', () => {
  it('leaves usual words alone', () => {
    assert.deepEqual(limitDurations(SHORT), SHORT);
    assert.deepEqual(limitDurations([]), []);
  });

  it('begins the first word late, and the first of a sentence', () => {
    assert.deepEqual(times([word(' This', 2, 10), ...SHORT])[0], [9.6, 10]);
    assert.deepEqual(times([...SHORT, word(' Yes.', 10.6, 10.8), word(' This', 10.8, 15)])[4], [14.6, 15]);
  });

  it('ends a sentence’s last word early', () => {
    assert.deepEqual(times([...SHORT, word(' now.”', 10.6, 15)])[3], [10.6, 11]);
  });

  it('leaves a long word within a sentence as it is', () => {
    assert.deepEqual(times([...SHORT, word(' incomprehensibly', 10.6, 12), word(' so', 12, 12.2)])[3], [10.6, 12]);
  });

  it('calls no word longer than 0.7 s usual', () => {
    assert.deepEqual(times([word(' Slow', 0, 5), word(' speech', 5, 10), word(' is.', 10, 15)]), [
      [3.6, 5],
      [5, 10],
      [10, 11.4],
    ]);
  });

  it('makes no word longer, and moves none beyond its own time', () => {
    const lengths = fc.array(fc.tuple(fc.constantFrom(' a', ' b.', ' c?'), fc.double({ min: 0, max: 9, noNaN: true })));
    fc.assert(
      fc.property(lengths, (parts) => {
        let at = 0;
        const words = parts.map(([text, lengthS]) => word(text, at, (at += lengthS)));
        for (const [i, { startS, endS }] of limitDurations(words).entries()) {
          assert.ok(
            startS >= (words[i]?.startS ?? NaN) - 1e-9 && endS <= (words[i]?.endS ?? NaN) + 1e-9 && startS <= endS,
          );
        }
      }),
      { seed: 6 },
    );
  });
});
