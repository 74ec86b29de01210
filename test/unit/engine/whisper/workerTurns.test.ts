import fc from 'fast-check';
import assert from 'node:assert/strict';
import { PRIORITIES } from '../../../../src/engine/api/recogniser';
import { WorkerTurns } from '../../../../src/engine/whisper/workerTurns';

describe('WorkerTurns', () => {
  it('lets a job go on that is the most urgent, without a wait', () => {
    const turns = new WorkerTurns();
    assert.equal(turns.enter('file').come(), undefined);
    assert.equal(turns.enter('dictation').come(), undefined);
  });

  it('lets the most urgent go on, whoever came when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ priority: fc.constantFrom(...PRIORITIES), steps: fc.nat(5) }), { maxLength: 8 }),
        async (jobs) => {
          const turns = new WorkerTurns();
          const open = new Set<number>();
          const done = jobs.map(async ({ priority, steps }) => {
            const rank = PRIORITIES.indexOf(priority);
            const turn = turns.enter(priority);
            open.add(rank);
            for (let step = 0; step <= steps; step++) {
              // Whoever need not wait goes on in the same moment.
              const wait = turn.come();
              if (wait) await wait;
              assert.ok(
                [...open].every((other) => other >= rank),
                'a more urgent job waits',
              );
              await new Promise((resolve) => setImmediate(resolve));
            }
            turn.end();
            // Jobs of one priority may be open together here; the rank is gone with the last of them.
            counts[rank] = (counts[rank] ?? 0) - 1;
            if (counts[rank] === 0) open.delete(rank);
          });
          const counts = PRIORITIES.map((priority) => jobs.filter((job) => job.priority === priority).length);
          await Promise.all(done);
        },
      ),
      { seed: 12, numRuns: 100 },
    );
  });
});
