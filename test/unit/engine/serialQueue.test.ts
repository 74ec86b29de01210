import assert from 'node:assert/strict';
import { SerialQueue } from '../../../src/engine/serialQueue';
import { assertAborts } from '../node/problems';

const never = new AbortController().signal;

/** A task that ends when told. */
function held(): { task: () => Promise<void>; isStarted: () => boolean; started: Promise<void>; end: () => void } {
  let [started, end] = [(): void => undefined, (): void => undefined];
  let isStarted = false;
  const begun = new Promise<void>((resolve) => (started = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  const task = async (): Promise<void> => {
    isStarted = true;
    started();
    await ended;
  };
  return {
    task,
    isStarted: () => isStarted,
    started: begun,
    end: () => {
      end();
    },
  };
}

const turns = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
};

describe('SerialQueue', () => {
  it('runs one task at a time, in order of arrival, and gives each its own result', async () => {
    const queue = new SerialQueue();
    let running = 0;
    const order: number[] = [];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        queue.run(async () => {
          assert.equal(++running, 1);
          await turns();
          running--;
          order.push(i);
          return i * i;
        }, never),
      ),
    );
    assert.deepEqual(
      order,
      order.map((_, i) => i),
    );
    assert.deepEqual(
      results,
      results.map((_, i) => i * i),
    );
  });

  it('goes on after a failure, which only its own caller hears of', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('no luck')), never);
    const next = queue.run(() => Promise.resolve('fine'), never);
    await assert.rejects(failing, { message: 'no luck' });
    assert.equal(await next, 'fine');
  });

  it('lets who waits leave at once, and never runs what they wanted', async () => {
    const queue = new SerialQueue();
    const first = held();
    const running = queue.run(first.task, never);
    const stop = new AbortController();
    let wasRun = false;
    const waiting = queue.run(() => {
      wasRun = true;
      return Promise.resolve();
    }, stop.signal);
    const third = queue.run(() => Promise.resolve('third'), never);
    stop.abort();
    await assertAborts(waiting);
    first.end();
    await running;
    assert.equal(await third, 'third');
    assert.equal(wasRun, false);
  });

  it('tells who runs at once, but begins the next only when the work has ended', async () => {
    const queue = new SerialQueue();
    const [first, second] = [held(), held()];
    const stop = new AbortController();
    const running = queue.run(first.task, stop.signal);
    const next = queue.run(second.task, never);
    await first.started;
    stop.abort();
    await assertAborts(running);
    await turns();
    assert.equal(second.isStarted(), false);
    first.end();
    await second.started;
    second.end();
    await next;
  });

  it('runs nothing for who has left already', async () => {
    const queue = new SerialQueue();
    const task = held();
    await assertAborts(queue.run(task.task, AbortSignal.abort()));
    assert.equal(task.isStarted(), false);
    assert.equal(await queue.run(() => Promise.resolve(1), never), 1);
  });
});
