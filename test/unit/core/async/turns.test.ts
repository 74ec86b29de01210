import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import { Turns, type Turn } from '../../../../src/core/async/turns';
import { isAbort } from '../../../../src/core/errors';
import { turn } from '../fakes';
import { SEED } from '../random';

/** Waits for a turn, and writes down that it came. */
function note(came: string[], name: string, mine: Turn, signal = NEVER): void {
  mine.come(signal).then(
    () => came.push(name),
    (error: unknown) => came.push(isAbort(error) ? `${name} aborted` : `${name} failed`),
  );
}

describe('Turns', () => {
  const [here, there] = [{}, {}];

  it('come at once where nobody is before', async () => {
    const came: string[] = [];
    note(came, 'first', new Turns().take(here));
    await turn();
    assert.deepEqual(came, ['first']);
  });

  it('come in the order in which they were taken, however they are waited for', async () => {
    const turns = new Turns();
    const [first, second, third] = [turns.take(here), turns.take(here), turns.take(here)];
    const came: string[] = [];
    note(came, 'third', third);
    note(came, 'second', second);
    await turn();
    assert.deepEqual(came, []);
    note(came, 'first', first);
    second.end();
    await turn();
    assert.deepEqual(came, ['first'], 'an end out of turn lets nobody pass by those before');
    first.end();
    first.end();
    await turn();
    assert.sameMembers(came, ['first', 'second', 'third']);
  });

  it('of one thing wait for none of another', async () => {
    const turns = new Turns();
    turns.take(here);
    const came: string[] = [];
    note(came, 'there', turns.take(there));
    await turn();
    assert.deepEqual(came, ['there']);
  });

  it('throw the signal’s reason at once, and let those behind go on when they end', async () => {
    const turns = new Turns();
    const [first, second, third] = [turns.take(here), turns.take(here), turns.take(here)];
    const stop = new AbortController();
    const came: string[] = [];
    note(came, 'second', second, stop.signal);
    note(came, 'third', third);
    stop.abort();
    await turn();
    assert.deepEqual(came, ['second aborted']);
    note(came, 'never', second, AbortSignal.abort());
    second.end();
    first.end();
    await turn();
    assert.deepEqual(came, ['second aborted', 'never aborted', 'third']);
  });

  it('are never two at once, whoever ends when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 6 }), async (waits) => {
        const turns = new Turns();
        const order: number[] = [];
        let atOnce = 0;
        const all = waits.map((wait, i) => ({ wait, i, mine: turns.take(here) }));
        await Promise.all(
          all.map(async ({ wait, i, mine }) => {
            for (let n = 0; n < wait; n++) await turn();
            await mine.come(NEVER);
            assert.strictEqual(++atOnce, 1);
            order.push(i);
            await turn();
            atOnce--;
            mine.end();
          }),
        );
        assert.deepEqual(
          order,
          waits.map((_, i) => i),
        );
      }),
      { seed: SEED, numRuns: 30 },
    );
  });
});
