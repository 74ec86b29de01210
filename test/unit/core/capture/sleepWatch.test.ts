import { assert } from 'chai';
import { SleepWatch, type Slept } from '../../../../src/core/capture/sleepWatch';

const RATE = 16_000;

/** What is told at these ticks: seconds, and seconds of sound until then. */
function told(...ticks: readonly (readonly [atS: number, soundS: number])[]): Slept[] {
  const watch = new SleepWatch();
  return ticks.flatMap(([atS, soundS]) => watch.tick(atS * 1000, soundS * RATE) ?? []);
}

describe('SleepWatch', () => {
  it('says nothing while ticks come in time, or a little late', () => {
    assert.deepEqual(told([0, 0], [1, 1], [2, 2], [6, 6], [7, 7]), []);
  });

  it('tells a sleep: how long it was, and the first sample behind it', () => {
    assert.deepEqual(told([0, 0], [1, 1], [101, 1], [102, 2]), [{ fromSample: RATE, fromMs: 1000, toMs: 101_000 }]);
  });

  it('takes a machine that was busy for none, whose sound comes later', () => {
    assert.deepEqual(told([0, 0], [1, 1], [9, 3], [10, 9.5], [11, 11]), []);
  });

  it('does not count what lies before a reset', () => {
    const watch = new SleepWatch();
    watch.tick(0, 0);
    watch.reset();
    assert.isUndefined(watch.tick(100_000, 0));
    assert.isUndefined(watch.tick(101_000, RATE));
  });
});
