import { assert } from 'chai';
import { EventQueue } from '../../../../src/core/async/eventQueue';
import { readAll } from '../expectations';
import { turn } from '../fakes';

const event = (number: number): { readonly number: number } => ({ number });

async function numbers(queue: EventQueue<{ readonly number: number }>): Promise<number[]> {
  const { values, error } = await readAll(queue.read());
  assert.isUndefined(error);
  return values.map(({ number }) => number);
}

async function failureOf(queue: EventQueue<{ readonly number: number }>): Promise<string | undefined> {
  const { error } = await readAll(queue.read());
  return error instanceof Error ? error.message : undefined;
}

describe('EventQueue', () => {
  it('gives what was pushed before, while and after somebody waits, in order', async () => {
    const queue = new EventQueue<{ readonly number: number }>();
    queue.push(event(1));
    queue.push(event(2));
    const reading = numbers(queue);
    for (let number = 3; number < 50; number++) {
      if (number % 3 === 0) await turn();
      queue.push(event(number));
    }
    queue.close();
    queue.push(event(99));
    assert.deepStrictEqual(
      await reading,
      Array.from({ length: 49 }, (_, i) => i + 1),
    );
  });

  it('gives a failure behind what was pushed before it; the first end counts', async () => {
    const queue = new EventQueue<{ readonly number: number }>();
    queue.push(event(1));
    queue.close(new Error('first'));
    queue.close();
    queue.close(new Error('second'));
    const { values, error } = await readAll(queue.read());
    assert.deepStrictEqual(values, [event(1)]);
    assert.propertyVal(error, 'message', 'first');
  });

  it('takes nothing behind its end', async () => {
    const queue = new EventQueue<{ readonly number: number }>();
    queue.close();
    queue.push(event(1));
    queue.close(new Error('late'));
    assert.isEmpty(await numbers(queue));
  });

  it('drops what waits when aborted, and wakes who waits', async () => {
    const full = new EventQueue<{ readonly number: number }>();
    full.push(event(1));
    full.abort(new Error('aborted'));
    assert.strictEqual(await failureOf(full), 'aborted');

    const empty = new EventQueue<{ readonly number: number }>();
    const reading = failureOf(empty);
    await turn();
    empty.abort(new Error('aborted'));
    assert.strictEqual(await reading, 'aborted');
  });

  it('fails even where it had ended well, when aborted before that was read', async () => {
    const queue = new EventQueue<{ readonly number: number }>();
    queue.push(event(1));
    queue.close();
    queue.abort(new Error('aborted'));
    assert.strictEqual(await failureOf(queue), 'aborted');
  });
});
