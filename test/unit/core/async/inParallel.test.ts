import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import { inParallel, type ItemEvent } from '../../../../src/core/async/inParallel';
import { readAll } from '../expectations';
import { turn } from '../fakes';
import { SEED } from '../random';
import { endless, namesOf, Source, twoEvents, upTo, Work } from './parallelWork';

describe('inParallel', () => {
  it('gives the events of every item, each with its number', async () => {
    const { values, error } = await readAll(
      inParallel(
        () => new Source(3).items(),
        upTo(1),
        (item) => twoEvents(item),
        NEVER,
      ),
    );
    assert.isUndefined(error);
    assert.deepStrictEqual(
      values,
      ['0a', '0b', '1a', '1b', '2a', '2b'].map((event) => ({ index: Number(event.charAt(0)), event })),
    );
  });

  it('lets a quick item overtake a slow one', async () => {
    const events = inParallel(
      () => new Source(2).items(),
      upTo(2),
      (item) => twoEvents(item, item === 0 ? 50 : 1),
      NEVER,
    );
    assert.deepStrictEqual(namesOf((await readAll(events)).values), ['1a', '1b', '0a', '0b']);
  });

  it('ends at once without items', async () => {
    const { values, error } = await readAll(inParallel(() => new Source(0).items(), upTo(4), endless, NEVER));
    assert.isEmpty(values);
    assert.isUndefined(error);
  });

  it('takes any number at once where there is no limit', async () => {
    const work = new Work((item) => twoEvents(item));
    const source = new Source(30);
    const { values } = await readAll(inParallel(() => source.items(), upTo(Number.POSITIVE_INFINITY), work.on, NEVER));
    assert.lengthOf(values, 60);
    assert.isTrue(source.isClosed);
  });

  it('takes from its source no more than it works on', async () => {
    for (const limit of [1, 2, 5]) {
      const source = new Source(20);
      const controller = new AbortController();
      const reading = readAll(inParallel(() => source.items(), upTo(limit), endless, controller.signal));
      await turn();
      assert.strictEqual(source.taken, limit);
      controller.abort();
      await reading;
    }
  });

  it('starts nothing before it is read', async () => {
    const source = new Source(3);
    const work = new Work((item) => twoEvents(item));
    const events = inParallel(() => source.items(), upTo(2), work.on, NEVER);
    await turn();
    assert.strictEqual(source.taken, 0);
    await events.return(undefined);
    assert.strictEqual(work.started, 0);
  });

  it('asks for the limit before each item', async () => {
    let limit = 1;
    const work = new Work(async function* (item) {
      yield* twoEvents(item, 3);
      limit = 3;
    });
    await readAll(inParallel(() => new Source(9).items(), { ...upTo(1), limit: () => limit }, work.on, NEVER));
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
          for await (const event of inParallel(() => source.items(), upTo(limit), work.on, controller.signal)) {
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
