import { assert } from 'chai';
import { MinutesError, problemOf } from '../../../../src/core/errors';
import { FakeMicrophone } from '../../../fakes/fakeMicrophone';

import { BLOCK, meeting, MISSING, Recording, runs } from './simulatedRecording';

describe('LiveRecording, of a machine that sleeps and of two sources', () => {
  it('tells how long the machine slept, and where', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 20);
      // Nobody wakes for an hour: time passes without the ticks that were due.
      recording.clock.jump(3_600_000);
      await recording.hear(microphone, 8, 30);
      await recording.live.stop();
    });
    const slept = recording.told.find(({ kind }) => kind === 'slept');
    assert.ok(slept?.kind === 'slept' && Math.abs(slept.forMs - 3_600_000) < 1500, JSON.stringify(slept));
    const [, lost, captured, ...more] = recording.entries;
    assert.deepInclude(lost, { kind: 'lost', reason: 'sleep' });
    assert.ok(captured?.kind === 'captured' && lost?.kind === 'lost');
    assert.equal(captured.fromSample, lost.fromSample);
    assert.ok(Math.abs(lost.fromSample - 20 * BLOCK) <= 2 * BLOCK, String(lost.fromSample));
    assert.deepEqual(more, []);
  });

  it('warns of silence only where nothing was ever heard', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 0, 15);
      microphone.last.tell({ kind: 'silent' });
      await recording.hear(microphone, 300, 1);
      await recording.live.pause();
      recording.live.resume();
      await recording.pass(1);
      await recording.hear(microphone, 0, 15);
      microphone.last.tell({ kind: 'silent' });
      await recording.live.stop();
    });
    assert.equal(recording.kinds.filter((kind) => kind === 'silent').length, 1);
  });

  it('ends with the failure of the disk, and what was written stays', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    const failure: unknown = await recording
      .run(async () => {
        await recording.hear(microphone, 7, 2);
        recording.writer.problem = new MinutesError({ code: 'diskFull', path: 'x' });
        await recording.hear(microphone, 8, 1);
      })
      .catch((error: unknown) => error);
    assert.equal(problemOf(failure)?.code, 'diskFull');
    assert.deepEqual(runs(recording.writer.appended), [[7, 2]]);
  });

  it('mutes the microphone: silence in its place, told with its range', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 2);
      recording.live.isMuted = true;
      await recording.hear(microphone, 8, 3);
      recording.live.isMuted = false;
      await recording.hear(microphone, 9, 1);
      recording.live.isMuted = true;
      await recording.hear(microphone, 9, 1);
      await recording.live.stop();
    });
    assert.deepEqual(runs(recording.writer.appended), [
      [7, 2],
      [0, 3],
      [9, 1],
      [0, 1],
    ]);
    assert.deepEqual(
      recording.entries.filter(({ kind }) => kind === 'muted'),
      [
        { kind: 'muted', track: 0, startSample: 2 * BLOCK, endSample: 5 * BLOCK },
        { kind: 'muted', track: 0, startSample: 6 * BLOCK, endSample: 7 * BLOCK },
      ],
    );
  });

  it('puts two sources side by side, and silence where one is away', async () => {
    const [me, others] = [new FakeMicrophone(true), new FakeMicrophone(true)];
    others.problem = MISSING;
    const recording = new Recording([meeting(me), meeting(others, { retries: 'always' })]);
    await recording.run(async () => {
      await recording.hear(me, 7, 5);
      others.problem = undefined;
      await recording.pass(1100);
      for (let i = 0; i < 5; i++) {
        others.last.hear(new Int16Array(BLOCK).fill(9));
        await recording.hear(me, 8, 1);
      }
      await recording.live.stop();
    });
    const channel = (index: number): Int16Array => recording.writer.appended.filter((_, i) => i % 2 === index);
    assert.deepEqual(runs(channel(0)), [
      [7, 5],
      [8, 5],
    ]);
    assert.deepEqual(runs(channel(1)), [
      [0, 5],
      [9, 5],
    ]);
    assert.deepEqual(
      recording.entries.map((entry) => [entry.kind, 'track' in entry && entry.track]),
      [
        ['lost', 1],
        ['captured', 0],
        ['captured', 1],
      ],
    );
  });

  it('ends at once when aborted', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    const discard = new AbortController();
    const reading = (async () => {
      for await (const event of recording.live.events(discard.signal)) if (event.kind === 'sound') discard.abort();
    })();
    const failure: unknown = await recording.clock
      .run(
        Promise.all([
          reading,
          (async () => {
            await recording.hear(microphone, 7, 1);
          })(),
        ]).then(() => undefined),
      )
      .catch((error: unknown) => error);
    assert.ok(failure instanceof Error && failure.name === 'AbortError', String(failure));
  });
});
