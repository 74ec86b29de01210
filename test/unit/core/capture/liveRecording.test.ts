import { assert } from 'chai';
import { secondsToSamples } from '../../../../src/core/audio/pcm';
import { HOLE_SILENCE_S } from '../../../../src/core/capture/trackJoiner';
import { problemOf } from '../../../../src/core/errors';
import { FakeMicrophone } from '../../../fakes/fakeMicrophone';

import { BLOCK, DEVICE_MISSING, GONE, HOLE, meeting, MISSING, Recording, runs } from './simulatedRecording';

describe('LiveRecording', () => {
  it('writes what is heard, and tells when its first sample was captured', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 3);
      await recording.live.stop();
    });
    assert.deepEqual(runs(recording.writer.appended), [[7, 3]]);
    assert.deepEqual(recording.entries, [{ kind: 'captured', track: 0, fromSample: 0, wallTimeMs: 0 }]);
  });

  it('pauses and goes on in the same file; both are told', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 3);
      await recording.live.pause();
      await recording.pass(60_000);
      assert.equal(microphone.captures.length, 1);
      recording.live.resume();
      await recording.pass(1);
      await recording.hear(microphone, 8, 2);
      await recording.live.stop();
    });
    assert.deepEqual(runs(recording.writer.appended), [[7, 3], HOLE, [8, 2]]);
    assert.deepEqual(recording.entries, [
      { kind: 'captured', track: 0, fromSample: 0, wallTimeMs: 0 },
      { kind: 'paused', track: 0, fromSample: 3 * BLOCK, wallTimeMs: 301 },
      { kind: 'captured', track: 0, fromSample: (3 + HOLE[1]) * BLOCK, wallTimeMs: 60_302 },
    ]);
  });

  it('takes what is said until the microphone is let go, at a pause and at the stop', async () => {
    const microphone = new FakeMicrophone();
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 1);
      void recording.live.pause();
      await recording.hear(microphone, 8, 1);
      microphone.last.end();
      recording.live.resume();
      await recording.pass(1);
      await recording.hear(microphone, 9, 1);
      void recording.live.stop();
      await recording.hear(microphone, 10, 1);
      microphone.last.end();
    });
    assert.deepEqual(
      runs(recording.writer.appended).map(([value]) => value),
      [7, 8, 0, 9, 10],
    );
  });

  it('stops while it is paused', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 1);
      await recording.live.pause();
      await recording.pass(1000);
      await recording.live.stop();
    });
    assert.deepEqual(runs(recording.writer.appended), [[7, 1], HOLE]);
  });

  it('tells a loss at once, tries again every second, and goes on with the next sample', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 12);
      microphone.problem = MISSING;
      microphone.last.end(GONE);
      await recording.pass(100);
      assert.deepEqual(recording.kinds, ['entry', 'entry'], 'the loss is told');
      await recording.pass(9900);
      // One attempt at once, then one a second; the eleventh falls together with the last moment.
      assert.include([11, 12], microphone.openings);
      microphone.problem = undefined;
      await recording.pass(1100);
      await recording.hear(microphone, 8, 2);
      await recording.live.stop();
    });
    assert.deepEqual(runs(recording.writer.appended), [[7, 12], HOLE, [8, 2]]);
    const [, lost, captured, ...more] = recording.entries;
    assert.deepEqual(lost, {
      kind: 'lost',
      track: 0,
      fromSample: 12 * BLOCK,
      wallTimeMs: 1200,
      reason: 'recorderEnded',
    });
    assert.deepInclude(captured, { kind: 'captured', fromSample: (12 + HOLE[1]) * BLOCK });
    assert.deepEqual(more, []);
  });

  it('counts a microphone that gives nothing as lost, since the last sample', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 3);
      await recording.pass(4000);
      microphone.last.tell({ kind: 'stalled' });
      await recording.pass(10);
      assert.equal(microphone.captures.length, 2);
      await recording.hear(microphone, 8, 1);
      await recording.live.stop();
    });
    assert.deepInclude(recording.entries[1], { kind: 'lost', wallTimeMs: 300, reason: 'microphoneStalled' });
  });

  it('ends a dictation whose microphone is lost, and only warns where it stalls', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone, { retries: 'never' })]);
    let failure: unknown;
    await recording
      .run(async () => {
        await recording.hear(microphone, 7, 1);
        microphone.last.tell({ kind: 'stalled' });
        await recording.hear(microphone, 7, 1);
        microphone.last.end(GONE);
      })
      .catch((error: unknown) => (failure = error));
    assert.equal(problemOf(failure)?.code, 'recorderEnded');
    assert.deepEqual(recording.kinds, ['entry', 'stalled']);
    assert.deepEqual(runs(recording.writer.appended), [[7, 2]]);
  });

  it('fails where the microphone does not open at the start, unless the recording goes on from before', async () => {
    const microphone = new FakeMicrophone(true);
    microphone.problem = MISSING;
    const fresh = new Recording([meeting(microphone)]);
    const failure: unknown = await fresh.run(() => Promise.resolve()).catch((error: unknown) => error);
    assert.equal(problemOf(failure)?.code, 'microphoneMissing');

    const continued = new Recording([meeting(microphone, { retries: 'always' })], 16_000);
    await continued.run(async () => {
      await continued.pass(2500);
      microphone.problem = undefined;
      await continued.pass(1000);
      await continued.hear(microphone, 8, 1);
      await continued.live.stop();
    });
    assert.deepEqual(
      continued.entries.map((entry) => [entry.kind, 'fromSample' in entry && entry.fromSample]),
      [
        ['lost', 16_000 + secondsToSamples(HOLE_SILENCE_S)],
        ['captured', 16_000 + secondsToSamples(HOLE_SILENCE_S)],
      ],
    );
  });

  it('takes the default where the chosen device is gone', async () => {
    const [chosen, fallback] = [new FakeMicrophone(true), new FakeMicrophone(true)];
    const recording = new Recording([meeting(chosen, { fallback })]);
    await recording.run(async () => {
      await recording.hear(chosen, 7, 12);
      chosen.problem = DEVICE_MISSING;
      chosen.last.end(GONE);
      await recording.pass(10);
      await recording.hear(fallback, 8, 1);
      await recording.live.stop();
    });
    assert.deepEqual(recording.kinds, ['entry', 'entry', 'replaced', 'entry']);
    assert.deepEqual(runs(recording.writer.appended), [[7, 12], HOLE, [8, 1]]);
  });

  it('stops while it waits for a lost microphone, and while one opens', async () => {
    const microphone = new FakeMicrophone(true);
    const recording = new Recording([meeting(microphone)]);
    await recording.run(async () => {
      await recording.hear(microphone, 7, 1);
      microphone.problem = MISSING;
      microphone.last.end(GONE);
      await recording.pass(500);
      await recording.live.stop();
    });
    const never = new Recording([meeting(new FakeMicrophone(true))]);
    await never.run(() => never.live.stop());
    assert.deepEqual(never.told, []);
  });
});
