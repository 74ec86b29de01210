import assert from 'node:assert/strict';
import { EventQueue } from '../../../src/node/eventQueue';
import { errorFrom } from './problems';

const event = (number: number): { readonly number: number } => ({ number });

async function numbers(queue: EventQueue<{ readonly number: number }>): Promise<number[]> {
  const read: number[] = [];
  for await (const { number } of queue.read()) read.push(number);
  return read;
}

describe('EventQueue', () => {
  it('gives what was pushed before, while and after somebody waits, in order', async () => {
    const queue = new EventQueue<{ readonly number: number }>();
    queue.push(event(1));
    queue.push(event(2));
    const reading = numbers(queue);
    for (let number = 3; number < 50; number++) {
      if (number % 3 === 0) await new Promise(setImmediate);
      queue.push(event(number));
    }
    queue.close();
    queue.push(event(99));
    assert.deepEqual(
      await reading,
      Array.from({ length: 49 }, (_, i) => i + 1),
    );
  });

  it('gives a failure behind what was pushed before it; the first end counts', async () => {
    const queue = new EventQueue<{ readonly number: number }>();
    queue.push(event(1));
    queue.close(new Error('first'));
    queue.close();
    const events = queue.read();
    assert.deepEqual(await events.next(), { done: false, value: event(1) });
    assert.equal((await errorFrom(events.next())).message, 'first');
  });

  it('drops what waits when aborted, and wakes who waits', async () => {
    const full = new EventQueue<{ readonly number: number }>();
    full.push(event(1));
    full.abort(new Error('aborted'));
    assert.equal((await errorFrom(numbers(full))).message, 'aborted');

    const empty = new EventQueue<{ readonly number: number }>();
    const reading = numbers(empty);
    await new Promise(setImmediate);
    empty.abort(new Error('aborted'));
    assert.equal((await errorFrom(reading)).message, 'aborted');
  });
});
