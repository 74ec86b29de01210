import { assert } from 'chai';
import { lazy } from '../../../../src/core/async/lazy';

async function rejects(promise: Promise<unknown>): Promise<void> {
  let isRejected = false;
  await promise.catch(() => (isRejected = true));
  assert.isTrue(isRejected);
}

describe('lazy', () => {
  it('loads nothing before the first use, and once for several uses', async () => {
    let loads = 0;
    const part = lazy(() => Promise.resolve(++loads));
    assert.strictEqual(part.loaded(), undefined);
    assert.strictEqual(loads, 0);
    assert.deepStrictEqual(await Promise.all([part.load(), part.load()]), [1, 1]);
    assert.strictEqual(await part.load(), 1);
    assert.strictEqual(await part.loaded(), 1);
  });

  it('forgets a load that failed, so that the next use tries again', async () => {
    const failures = [new Error('the first'), new Error('the second')];
    const part = lazy(() => {
      const failure = failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve('there');
    });
    await rejects(part.load());
    assert.strictEqual(part.loaded(), undefined);
    await rejects(part.load());
    assert.strictEqual(await part.load(), 'there');
  });

  it('keeps the load that is under way when an earlier one fails late', async () => {
    let failFirst: (error: Error) => void = () => undefined;
    const loads = [new Promise<string>((_, reject) => (failFirst = reject)), Promise.resolve('second')];
    const part = lazy(() => loads.shift() ?? Promise.resolve('third'));
    const first = part.load();
    failFirst(new Error('late'));
    await rejects(first);
    assert.strictEqual(await part.load(), 'second');
    assert.strictEqual(await part.load(), 'second');
  });
});
