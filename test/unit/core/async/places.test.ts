import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { Places } from '../../../../src/core/async/places';

/** Lets everything go on that can. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

describe('Places', () => {
  it('gives places in the order in which they were asked for, no more at once than there are', async () => {
    const places = new Places(() => 2);
    const begun: number[] = [];
    const taken = [0, 1, 2, 3, 4].map((number) => {
      const place = places.take();
      void place.come(NEVER).then(() => begun.push(number));
      return place;
    });
    await settled();
    assert.deepStrictEqual(begun, [0, 1]);
    assert.deepStrictEqual(
      taken.map(({ isFree }) => isFree),
      [true, true, false, false, false],
    );
    taken[1]?.leave();
    taken[1]?.leave();
    await settled();
    assert.deepStrictEqual(begun, [0, 1, 2]);
    taken[3]?.leave();
    taken[0]?.leave();
    await settled();
    assert.deepStrictEqual(begun, [0, 1, 2, 4]);
  });

  it('lets more begin when there are more places', async () => {
    let count = 1;
    const places = new Places(() => count);
    const taken = [0, 1, 2].map(() => places.take());
    count = 3;
    assert.deepStrictEqual(
      taken.map(({ isFree }) => isFree),
      [true, false, false],
    );
    places.fill();
    await Promise.all(taken.map(({ come }) => come(NEVER)));
  });

  it('throws the reason of an abort, and gives the place to the next', async () => {
    const places = new Places(() => 1);
    const [first, second, third] = [places.take(), places.take(), places.take()];
    const stop = new AbortController();
    const reason = new Error('enough');
    const waiting = second.come(stop.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    stop.abort(reason);
    assert.strictEqual(await waiting, reason);
    second.leave();
    first.leave();
    await third.come(NEVER);
  });
});
