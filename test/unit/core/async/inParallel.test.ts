import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import { inParallel, type ItemEvent, type ParallelOptions } from '../../../../src/core/async/inParallel';
import { readAll } from '../expectations';
import { turn, untilAborted } from '../fakes';
import { SEED } from '../random';

/** Counts what was taken from it, and notes whether it was closed. */
class Source {
  taken = 0;
  isClosed = false;

  constructor(
    private readonly count: number,
    private readonly failure?: Error,
  ) {}

  async *items(): AsyncGenerator<number> {
    try {
      for (; this.taken < this.count;) {
        await Promise.resolve();
        yield this.taken++;
      }
      if (this.failure !== undefined) throw this.failure;
    } finally {
      this.isClosed = true;
    }
  }
}

/** Work on items, with its traces. */
class Work {
  inFlight = 0;
  mostInFlight = 0;
  started = 0;
  readonly aborted: number[] = [];

  constructor(private readonly events: (item: number, signal: AbortSignal) => AsyncIterable<string>) {}

  readonly on = async function* (this: Work, item: number, signal: AbortSignal): AsyncGenerator<string> {
    this.started++;
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      yield* this.events(item, signal);
    } catch (error) {
      if (signal.aborted) this.aborted.push(item);
      throw error;
    } finally {
      this.inFlight--;
    }
  }.bind(this);
}

/** Two events with some turns between. */
async function* twoEvents(item: number, turns = 1): AsyncGenerator<string> {
  for (let i = 0; i < turns; i++) await Promise.resolve();
  yield `${item}a`;
  for (let i = 0; i < turns; i++) await Promise.resolve();
  yield `${item}b`;
}

// eslint-disable-next-line require-yield -- waits for its end
async function* endless(_item: number, signal: AbortSignal): AsyncGenerator<string> {
  await untilAborted(signal);
}

// eslint-disable-next-line require-yield -- fails
async function* failing(error: unknown): AsyncGenerator<string> {
  await Promise.resolve();
  throw error;
}

/** The first failure ends all at once. */
function upTo(limit: number): ParallelOptions<string> {
  return { limit: () => limit, isIdle: () => false, endsGently: () => false };
}

function namesOf(values: readonly ItemEvent<string>[]): string[] {
  return values.map(({ event }) => event);
}

describe('inParallel', () => {
  it('gives the events of every item, each with its number', async () => {
    const { values, error } = await readAll(
      inParallel(new Source(3).items(), upTo(1), (item) => twoEvents(item), NEVER),
    );
    assert.isUndefined(error);
    assert.deepStrictEqual(
      values,
      ['0a', '0b', '1a', '1b', '2a', '2b'].map((event) => ({ index: Number(event.charAt(0)), event })),
    );
  });

  it('lets a quick item overtake a slow one', async () => {
    const events = inParallel(new Source(2).items(), upTo(2), (item) => twoEvents(item, item === 0 ? 50 : 1), NEVER);
    assert.deepStrictEqual(namesOf((await readAll(events)).values), ['1a', '1b', '0a', '0b']);
  });

  it('ends at once without items', async () => {
    const { values, error } = await readAll(inParallel(new Source(0).items(), upTo(4), endless, NEVER));
    assert.isEmpty(values);
    assert.isUndefined(error);
  });

  it('takes any number at once where there is no limit', async () => {
    const work = new Work((item) => twoEvents(item));
    const source = new Source(30);
    const { values } = await readAll(inParallel(source.items(), upTo(Number.POSITIVE_INFINITY), work.on, NEVER));
    assert.lengthOf(values, 60);
    assert.isTrue(source.isClosed);
  });

  it('takes from its source no more than it works on', async () => {
    for (const limit of [1, 2, 5]) {
      const source = new Source(20);
      const controller = new AbortController();
      const reading = readAll(inParallel(source.items(), upTo(limit), endless, controller.signal));
      await turn();
      assert.strictEqual(source.taken, limit);
      controller.abort();
      await reading;
    }
  });

  it('passes an item’s failure on behind the events before it, and aborts the others', async () => {
    const failure = new Error('no');
    const source = new Source(20);
    const work = new Work((item, signal) => {
      if (item === 0) return twoEvents(0);
      return item === 1 ? endless(1, signal) : failing(failure);
    });
    const { values, error } = await readAll(inParallel(source.items(), upTo(2), work.on, NEVER));
    assert.strictEqual(error, failure);
    assert.deepStrictEqual(namesOf(values), ['0a', '0b']);
    assert.deepStrictEqual(work.aborted, [1]);
    assert.strictEqual(work.inFlight, 0);
    assert.strictEqual(work.started, 3);
    assert.isTrue(source.isClosed);
  });

  it('passes on the first of two failures', async () => {
    const failures = [new Error('first'), new Error('second')];
    const { error } = await readAll(
      inParallel(new Source(2).items(), upTo(2), (item) => failing(failures[item]), NEVER),
    );
    assert.strictEqual(error, failures[0]);
  });

  it('passes on what work throws before it gives an iterable', async () => {
    const failure = new Error('at once');
    const { error } = await readAll(
      inParallel(
        new Source(3).items(),
        upTo(2),
        () => {
          throw failure;
        },
        NEVER,
      ),
    );
    assert.strictEqual(error, failure);
  });

  it('makes an error of a failure that is none', async () => {
    const { error } = await readAll(inParallel(new Source(1).items(), upTo(1), () => failing('a word'), NEVER));
    if (!(error instanceof Error)) assert.fail(String(error));
    assert.strictEqual(error.cause, 'a word');
  });

  it('passes on its source’s failure, and aborts what is under way', async () => {
    const failure = new Error('the disk is gone');
    const work = new Work(endless);
    const { error } = await readAll(inParallel(new Source(2, failure).items(), upTo(5), work.on, NEVER));
    assert.strictEqual(error, failure);
    assert.deepStrictEqual(work.aborted, [0, 1]);
    assert.strictEqual(work.inFlight, 0);
  });

  it('aborts what is under way where its reader leaves early, and returns only then', async () => {
    let isCleanedUp = false;
    const source = new Source(20);
    const work = new Work(async function* (item, signal) {
      if (item === 0) yield 'first';
      else {
        try {
          await untilAborted(signal);
        } finally {
          await turn();
          isCleanedUp = true;
        }
      }
    });
    for await (const { event } of inParallel(source.items(), upTo(2), work.on, NEVER)) {
      assert.strictEqual(event, 'first');
      await turn();
      break;
    }
    assert.isTrue(isCleanedUp);
    assert.strictEqual(work.inFlight, 0);
    assert.isTrue(source.isClosed);
    const { started } = work;
    await turn();
    assert.strictEqual(work.started, started);
  });

  it('starts nothing before it is read', async () => {
    const source = new Source(3);
    const work = new Work((item) => twoEvents(item));
    const events = inParallel(source.items(), upTo(2), work.on, NEVER);
    await turn();
    assert.strictEqual(source.taken, 0);
    await events.return(undefined);
    assert.strictEqual(work.started, 0);
  });

  it('throws the signal’s reason when aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('the user closed the window');
    const work = new Work(endless);
    const source = new Source(20);
    const reading = readAll(inParallel(source.items(), upTo(3), work.on, controller.signal));
    await turn();
    controller.abort(reason);
    assert.strictEqual((await reading).error, reason);
    assert.sameMembers(work.aborted, [0, 1, 2]);
    assert.isTrue(source.isClosed);
  });

  it('works on nothing when aborted before', async () => {
    const work = new Work((item) => twoEvents(item));
    const signal = AbortSignal.abort();
    const { values, error } = await readAll(inParallel(new Source(3).items(), upTo(2), work.on, signal));
    assert.isEmpty(values);
    assert.strictEqual(error, signal.reason);
    assert.strictEqual(work.started, 0);
  });

  it('lets what is under way come to its end after a gentle failure, and begins nothing new', async () => {
    const source = new Source(9);
    const work = new Work((item) => (item === 1 ? failing(new Error('no more')) : twoEvents(item, 20)));
    const options = { ...upTo(3), endsGently: () => true };
    const { values, error } = await readAll(inParallel(source.items(), options, work.on, NEVER));
    assert.sameMembers(namesOf(values), ['0a', '0b', '2a', '2b']);
    assert.strictEqual((error as Error).message, 'no more');
    assert.isEmpty(work.aborted);
    assert.strictEqual(work.started, 3);
  });

  it('aborts after a gentle failure whatever only waits, or comes to wait', async () => {
    const waiting = async function* (item: number, signal: AbortSignal, turns: number): AsyncGenerator<string> {
      for (let i = 0; i < turns; i++) await Promise.resolve();
      yield `${item} waits`;
      await untilAborted(signal);
    };
    const work = new Work((item, signal) => (item === 1 ? twoThenFail() : waiting(item, signal, item === 0 ? 0 : 60)));
    const options = { ...upTo(3), endsGently: () => true, isIdle: (event: string) => event.endsWith('waits') };
    const { values, error } = await readAll(inParallel(new Source(9).items(), options, work.on, NEVER));
    assert.sameMembers(namesOf(values), ['0 waits', '1a', '1b', '2 waits']);
    assert.strictEqual((error as Error).message, 'no more');
    assert.sameMembers(work.aborted, [0, 2]);

    async function* twoThenFail(): AsyncGenerator<string> {
      yield* twoEvents(1, 5);
      throw new Error('no more');
    }
  });

  it('ends at once when aborted while it ends gently', async () => {
    const controller = new AbortController();
    const work = new Work((item, signal) => (item === 0 ? failing(new Error('no more')) : endless(item, signal)));
    const options = { ...upTo(3), endsGently: () => true };
    const reading = readAll(inParallel(new Source(9).items(), options, work.on, controller.signal));
    await turn();
    controller.abort();
    assert.strictEqual(((await reading).error as Error).message, 'no more');
    assert.sameMembers(work.aborted, [1, 2]);
  });

  it('asks for the limit before each item', async () => {
    let limit = 1;
    const work = new Work(async function* (item) {
      yield* twoEvents(item, 3);
      limit = 3;
    });
    await readAll(inParallel(new Source(9).items(), { ...upTo(1), limit: () => limit }, work.on, NEVER));
    assert.strictEqual(work.mostInFlight, 3);
  });

  it('keeps order within items, limit and first failure, and leaves nothing running, whatever happens when', async () => {
    const item = fc.record({
      turns: fc.nat({ max: 12 }),
      end: fc.oneof({ weight: 8, arbitrary: fc.constant('well') }, { weight: 1, arbitrary: fc.constant('badly') }),
    });
    const facts = fc.record({
      items: fc.array(item, { maxLength: 12 }),
      limit: fc.constantFrom(1, 2, 3, 7, Number.POSITIVE_INFINITY),
      /** After so many events the reader leaves, or aborts. */
      leavesAfter: fc.option(fc.nat({ max: 30 }), { nil: undefined }),
      abortsAfter: fc.option(fc.nat({ max: 30 }), { nil: undefined }),
      sourceFails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(facts, async ({ items, limit, leavesAfter, abortsAfter, sourceFails }) => {
        const controller = new AbortController();
        const sourceFailure = sourceFails ? new Error('source') : undefined;
        const source = new Source(items.length, sourceFailure);
        let firstFailure: Error | undefined;
        const work = new Work(async function* (n, signal) {
          const { turns = 0, end } = items[n] ?? {};
          for await (const event of twoEvents(n, turns)) {
            signal.throwIfAborted();
            yield event;
          }
          if (end !== 'badly') return;
          const failure = new Error(`item ${n}`);
          firstFailure ??= failure;
          throw failure;
        });
        const seen: ItemEvent<string>[] = [];
        let error: unknown;
        let isLeft = false;
        try {
          for await (const event of inParallel(source.items(), upTo(limit), work.on, controller.signal)) {
            assert.isAtMost(source.taken, work.started + 1);
            seen.push(event);
            if (seen.length === abortsAfter) controller.abort();
            if (seen.length === leavesAfter) {
              isLeft = true;
              break;
            }
          }
        } catch (thrown) {
          error = thrown;
        }
        assert.strictEqual(work.inFlight, 0, 'nothing runs any more');
        assert.isAtMost(work.mostInFlight, limit);
        for (let n = 0; n < items.length; n++) {
          const own = seen.filter(({ index }) => index === n).map(({ event }) => event);
          assert.deepStrictEqual(own, [`${n}a`, `${n}b`].slice(0, own.length));
        }
        if (isLeft) assert.isUndefined(error);
        else if (error === undefined) assert.lengthOf(seen, 2 * items.length);
        else assert.include([firstFailure, sourceFailure, controller.signal.reason], error);
        if (!isLeft && !controller.signal.aborted && firstFailure) assert.include([firstFailure, sourceFailure], error);
        const { started } = work;
        await turn();
        assert.strictEqual(work.started, started, 'nothing begins afterwards');
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
