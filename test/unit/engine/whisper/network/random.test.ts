import assert from 'node:assert/strict';
import { seededRandom } from '../../../../../src/engine/whisper/network/random';

const numbers = (seed: number, count: number): readonly number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
};

describe('seededRandom', () => {
  it('repeats with its seed, and with no other', () => {
    for (const seed of [0, 1, -1, 2 ** 31, 123_456_789]) {
      assert.deepEqual(numbers(seed, 50), numbers(seed, 50));
      assert.notDeepEqual(numbers(seed, 50), numbers(seed + 1, 50));
    }
  });

  it('fills [0, 1) evenly', () => {
    const count = 10_000;
    const tenths = new Map<number, number>();
    for (const number of numbers(6, count)) {
      assert.ok(number >= 0 && number < 1);
      const tenth = Math.floor(10 * number);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    // Four standard deviations of a count of which one in ten is expected.
    const chance = 4 * Math.sqrt(count * 0.1 * 0.9);
    for (let tenth = 0; tenth < 10; tenth++) {
      assert.ok(Math.abs((tenths.get(tenth) ?? 0) - count / 10) <= chance, `${tenth}: ${tenths.get(tenth)}`);
    }
  });
});
