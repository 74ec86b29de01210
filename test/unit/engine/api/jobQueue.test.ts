import fc from 'fast-check';
import assert from 'node:assert/strict';
import { NEVER } from '../../../../src/core/async/never';
import { JobQueue, Overtaken } from '../../../../src/engine/api/jobQueue';
import { PRIORITIES } from '../../../../src/engine/api/recogniser';
import { assertAborts } from '../../node/problems';

const FILE = { priority: 'file' } as const;

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

describe('JobQueue', () => {
  it('runs one task at a time, in order of arrival, and gives each its own result', async () => {
    const queue = new JobQueue();
    let running = 0;
    const order: number[] = [];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        queue.run(
          async () => {
            assert.equal(++running, 1);
            await turns();
            running--;
            order.push(i);
            return i * i;
          },
          FILE,
          NEVER,
        ),
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
    const queue = new JobQueue();
    const failing = queue.run(() => Promise.reject(new Error('no luck')), FILE, NEVER);
    const next = queue.run(() => Promise.resolve('fine'), FILE, NEVER);
    await assert.rejects(failing, { message: 'no luck' });
    assert.equal(await next, 'fine');
  });

  it('lets who waits leave at once, and never runs what they wanted', async () => {
    const queue = new JobQueue();
    const first = held();
    const running = queue.run(first.task, FILE, NEVER);
    const stop = new AbortController();
    let wasRun = false;
    const waiting = queue.run(
      () => {
        wasRun = true;
        return Promise.resolve();
      },
      FILE,
      stop.signal,
    );
    const third = queue.run(() => Promise.resolve('third'), FILE, NEVER);
    stop.abort();
    await assertAborts(waiting);
    first.end();
    await running;
    assert.equal(await third, 'third');
    assert.equal(wasRun, false);
  });

  it('tells who runs at once, but begins the next only when the work has ended', async () => {
    const queue = new JobQueue();
    const [first, second] = [held(), held()];
    const stop = new AbortController();
    const running = queue.run(first.task, FILE, stop.signal);
    const next = queue.run(second.task, FILE, NEVER);
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
    const queue = new JobQueue();
    const task = held();
    await assertAborts(queue.run(task.task, FILE, AbortSignal.abort()));
    assert.equal(task.isStarted(), false);
    assert.equal(await queue.run(() => Promise.resolve(1), FILE, NEVER), 1);
  });

  it('lets the urgent go first, in order of arrival among their like, and interrupts nothing as urgent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PRIORITIES), { maxLength: 12 }), async (priorities) => {
        const queue = new JobQueue();
        const first = held();
        const running = queue.run(first.task, { priority: 'dictation' }, NEVER);
        const order: number[] = [];
        const others = priorities.map((priority, i) =>
          queue.run(
            async () => {
              await turns();
              order.push(i);
            },
            { priority },
            NEVER,
          ),
        );
        await turns();
        assert.deepEqual(order, []);
        first.end();
        await Promise.all([running, ...others]);
        const all = priorities.map((_, i) => i);
        assert.deepEqual(
          order,
          PRIORITIES.flatMap((priority) => all.filter((i) => priorities[i] === priority)),
        );
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it('begins a more urgent task beside those that run, and no other', async () => {
    const queue = new JobQueue();
    const [file, live, dictation, other] = [held(), held(), held(), held()];
    const all = [
      queue.run(file.task, FILE, NEVER),
      queue.run(live.task, { priority: 'live' }, NEVER),
      queue.run(dictation.task, { priority: 'dictation' }, NEVER),
      queue.run(other.task, { priority: 'live' }, NEVER),
    ];
    await Promise.all([file.started, live.started, dictation.started]);
    live.end();
    await all[1];
    await turns();
    assert.equal(other.isStarted(), false, 'a dictation runs');
    dictation.end();
    await other.started;
    other.end();
    file.end();
    await Promise.all(all);
  });

  it('drops what may be dropped for a more urgent task only, and tells who asked for it', async () => {
    const queue = new JobQueue();
    let reason: unknown;
    const draft = queue.run(
      async (signal) => {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            resolve();
          });
        });
      },
      { priority: 'live', isDropped: true },
      NEVER,
    );
    const [live, dictation] = [held(), held()];
    const second = queue.run(live.task, { priority: 'live' }, NEVER);
    await turns();
    assert.equal(reason, undefined);
    const third = queue.run(dictation.task, { priority: 'dictation' }, NEVER);
    await assert.rejects(draft, Overtaken);
    assert.match(String(reason), /Overtaken/);
    await dictation.started;
    dictation.end();
    await third;
    await live.started;
    live.end();
    await second;
  });

  it('runs once, and only once, whatever is aborted when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ priority: fc.constantFrom(...PRIORITIES), isAborted: fc.boolean(), fails: fc.boolean() }),
          {
            maxLength: 10,
          },
        ),
        async (jobs) => {
          const queue = new JobQueue();
          const first = held();
          const running = queue.run(first.task, { priority: 'dictation' }, NEVER);
          const runs = jobs.map(() => 0);
          const results = jobs.map(({ priority, isAborted, fails }, i) => {
            const stop = new AbortController();
            const result = queue.run(
              () => {
                runs[i] = (runs[i] ?? 0) + 1;
                return fails ? Promise.reject(new Error('no luck')) : Promise.resolve(i);
              },
              { priority },
              stop.signal,
            );
            if (isAborted) stop.abort();
            return result;
          });
          const settled = Promise.allSettled(results);
          first.end();
          await running;
          assert.deepEqual(
            (await settled).map(({ status }) => status),
            jobs.map(({ isAborted, fails }) => (isAborted || fails ? 'rejected' : 'fulfilled')),
          );
          assert.deepEqual(
            runs,
            jobs.map(({ isAborted }) => (isAborted ? 0 : 1)),
          );
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });
});
