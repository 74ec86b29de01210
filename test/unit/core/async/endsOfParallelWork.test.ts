import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { inParallel } from '../../../../src/core/async/inParallel';
import { readAll } from '../expectations';
import { turn, untilAborted } from '../fakes';
import { endless, failing, namesOf, Source, twoEvents, upTo, Work } from './parallelWork';

describe('inParallel', () => {
  it('passes an item’s failure on behind the events before it, and aborts the others', async () => {
    const failure = new Error('no');
    const source = new Source(20);
    const work = new Work((item, signal) => {
      if (item === 0) return twoEvents(0);
      return item === 1 ? endless(1, signal) : failing(failure);
    });
    const { values, error } = await readAll(inParallel(() => source.items(), upTo(2), work.on, NEVER));
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
      inParallel(
        () => new Source(2).items(),
        upTo(2),
        (item) => failing(failures[item]),
        NEVER,
      ),
    );
    assert.strictEqual(error, failures[0]);
  });

  it('passes on what work throws before it gives an iterable', async () => {
    const failure = new Error('at once');
    const { error } = await readAll(
      inParallel(
        () => new Source(3).items(),
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
    const { error } = await readAll(
      inParallel(
        () => new Source(1).items(),
        upTo(1),
        () => failing('a word'),
        NEVER,
      ),
    );
    if (!(error instanceof Error)) assert.fail(String(error));
    assert.strictEqual(error.cause, 'a word');
  });

  it('ends the reading of a source that waits for its next item, also where the work under way may finish', async () => {
    const failure = new Error('no');
    async function* waiting(signal: AbortSignal): AsyncGenerator<number> {
      yield 0;
      await untilAborted(signal);
    }
    const options = { ...upTo(2), endsGently: () => true };
    const { error } = await readAll(inParallel(waiting, options, () => failing(failure), NEVER));
    assert.strictEqual(error, failure);
  });

  it('passes on its source’s failure, and aborts what is under way', async () => {
    const failure = new Error('the disk is gone');
    const work = new Work(endless);
    const { error } = await readAll(inParallel(() => new Source(2, failure).items(), upTo(5), work.on, NEVER));
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
    for await (const { event } of inParallel(() => source.items(), upTo(2), work.on, NEVER)) {
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

  it('throws the signal’s reason when aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('the user closed the window');
    const work = new Work(endless);
    const source = new Source(20);
    const reading = readAll(inParallel(() => source.items(), upTo(3), work.on, controller.signal));
    await turn();
    controller.abort(reason);
    assert.strictEqual((await reading).error, reason);
    assert.sameMembers(work.aborted, [0, 1, 2]);
    assert.isTrue(source.isClosed);
  });

  it('works on nothing when aborted before', async () => {
    const work = new Work((item) => twoEvents(item));
    const signal = AbortSignal.abort();
    const { values, error } = await readAll(inParallel(() => new Source(3).items(), upTo(2), work.on, signal));
    assert.isEmpty(values);
    assert.strictEqual(error, signal.reason);
    assert.strictEqual(work.started, 0);
  });

  it('lets what is under way come to its end after a gentle failure, and begins nothing new', async () => {
    const source = new Source(9);
    const work = new Work((item) => (item === 1 ? failing(new Error('no more')) : twoEvents(item, 20)));
    const options = { ...upTo(3), endsGently: () => true };
    const { values, error } = await readAll(inParallel(() => source.items(), options, work.on, NEVER));
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
    const { values, error } = await readAll(inParallel(() => new Source(9).items(), options, work.on, NEVER));
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
    const reading = readAll(inParallel(() => new Source(9).items(), options, work.on, controller.signal));
    await turn();
    controller.abort();
    assert.strictEqual(((await reading).error as Error).message, 'no more');
    assert.sameMembers(work.aborted, [1, 2]);
  });
});
