import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { readAhead } from '../../../../src/core/async/readAhead';

interface Item {
  readonly number: number;
}

describe('readAhead', () => {
  it('reads on while an item is worked on, and keeps the order', async () => {
    const read: number[] = [];
    const source = async function* (): AsyncGenerator<Item> {
      for (let number = 0; number < 5; number++) {
        read.push(number);
        yield await Promise.resolve({ number });
      }
    };
    const taken: number[] = [];
    for await (const { number } of readAhead(source, NEVER)) {
      taken.push(number);
      for (let i = 0; i < 100; i++) await Promise.resolve();
      assert.lengthOf(read, 5);
    }
    assert.deepStrictEqual(taken, [0, 1, 2, 3, 4]);
  });

  it('throws what the source throws, behind the items before it', async () => {
    const broken = new Error('broken');
    const source = async function* (): AsyncGenerator<Item> {
      yield await Promise.resolve({ number: 0 });
      throw broken;
    };
    const taken: number[] = [];
    let caught: unknown;
    try {
      for await (const { number } of readAhead(source, NEVER)) taken.push(number);
    } catch (error) {
      caught = error;
    }
    assert.deepStrictEqual([taken, caught], [[0], broken]);
  });

  it('ends the source when its reader leaves', async () => {
    let isEnded = false;
    const source = async function* (signal: AbortSignal): AsyncGenerator<Item> {
      try {
        for (let number = 0; !signal.aborted; number++) yield await Promise.resolve({ number });
      } finally {
        isEnded = true;
      }
    };
    for await (const { number } of readAhead(source, NEVER)) {
      assert.strictEqual(number, 0);
      break;
    }
    assert.isTrue(isEnded);
  });
});
