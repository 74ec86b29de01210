import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { secondsToSamples } from '../../../../src/core/audio/pcm';
import type { CaptureEntry } from '../../../../src/core/capture/captureEntry';
import { LiveRecording, type LiveEvent, type LiveRecordingOptions } from '../../../../src/core/capture/liveRecording';
import { HOLE_SILENCE_S } from '../../../../src/core/capture/trackJoiner';
import { MinutesError, problemOf } from '../../../../src/core/errors';
import { FakeMicrophone, FakeRecordingWriter } from '../../../fakes/fakeMicrophone';
import { SimulatedClock } from '../../../fakes/simulatedClock';

/** A tenth of a second. */
const BLOCK = 1600;
const GONE = new MinutesError({ code: 'recorderEnded', recorder: 'parec', reason: 'Entity killed', atS: 1 });
const MISSING = new MinutesError({ code: 'microphoneMissing', reason: 'No such entity' });
const DEVICE_MISSING = new MinutesError({ code: 'deviceMissing', device: 'usb', reason: 'No such entity' });

type Track = LiveRecordingOptions['tracks'][number];

/** A recording in simulated time. */
class Recording {
  readonly clock = new SimulatedClock(0);
  readonly writer: FakeRecordingWriter;
  readonly live: LiveRecording;
  readonly told: LiveEvent[] = [];

  constructor(tracks: readonly Track[], sampleCount = 0) {
    this.writer = new FakeRecordingWriter('x', sampleCount, tracks.length);
    this.live = new LiveRecording({ tracks, writer: this.writer, clock: this.clock });
  }

  /** Records while the script runs, until it stops the recording. */
  async run(script: () => Promise<void>): Promise<void> {
    const recording = (async () => {
      for await (const event of this.live.events(NEVER)) this.told.push(event);
    })();
    recording.catch(() => undefined);
    await this.clock.run(Promise.all([recording, script()]).then(() => undefined));
  }

  async pass(ms: number): Promise<void> {
    await this.clock.sleep(ms);
  }

  /** Sound of this value for so long, block by block as it comes. */
  async hear(microphone: FakeMicrophone, value: number, blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      await this.pass(100);
      microphone.last.hear(new Int16Array(BLOCK).fill(value));
    }
    await this.pass(1);
  }

  get entries(): CaptureEntry[] {
    return this.told.flatMap((event) => (event.kind === 'entry' ? [event.entry] : []));
  }

  get kinds(): string[] {
    return this.told.flatMap((event) => (event.kind === 'sound' ? [] : [event.kind]));
  }
}

function meeting(microphone: FakeMicrophone, more: Partial<Track> = {}): Track {
  return { source: microphone, retries: 'onceOpen', ...more };
}

/** The values of an array whose neighbours are equal, and how often each stands there, in blocks. */
function runs(samples: Int16Array): [value: number, blocks: number][] {
  const found: [number, number][] = [];
  for (const sample of samples) {
    const last = found.at(-1);
    if (last?.[0] === sample) last[1]++;
    else found.push([sample, 1]);
  }
  return found.map(([value, count]) => [value, count / BLOCK]);
}

/** The silence that a hole leaves, in blocks of a tenth of a second. */
const HOLE: readonly [number, number] = [0, 10 * HOLE_SILENCE_S];

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
