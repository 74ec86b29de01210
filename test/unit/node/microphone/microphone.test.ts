import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEVER } from '../../../../src/core/async/never';
import { int16ToBytes, samplesToSeconds } from '../../../../src/core/audio/pcm';
import { problemOf } from '../../../../src/core/errors';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { LpcmMicrophone, type LpcmMicrophoneOptions } from '../../../../src/node/microphone/microphone';
import { findRecorders, type RecorderKind } from '../../../../src/node/microphone/recorders';
import { until } from '../../../host/until';
import { projectRoot } from '../../../speech';
import { distinctNoise, findStretches } from '../distinctNoise';
import { Listener } from '../recordings/listener';
import { assertAborts, problemWith } from '../problems';
import { untilEnded } from '../processes';
import { sharedFolder } from '../temporaryFolder';
import { sharedMicrophone } from '../theMicrophone';
import { wavOf } from '../wavFile';

/** Of a signed 16-bit sample. */
const FULL_SCALE = 32_768;

const noise = distinctNoise(3 * SAMPLE_RATE_HZ);

describe('LpcmMicrophone', () => {
  const folder = sharedFolder();
  const theDevice = sharedMicrophone();
  let clip: string;

  before(async () => {
    clip = path.join(folder(), 'noise.wav');
    const format = { format: 'int16', rateHz: SAMPLE_RATE_HZ, channelCount: 1 } as const;
    await fs.writeFile(clip, wavOf(int16ToBytes(noise), format));
  });

  function microphone(options: Partial<LpcmMicrophoneOptions> = {}): LpcmMicrophone {
    const environment = { ...process.env, ...theDevice().env };
    return new LpcmMicrophone({ extensionFolder: projectRoot(), environment, ...options });
  }

  const only = (kind: RecorderKind): Partial<LpcmMicrophoneOptions> => ({
    findRecorders: async () => (await findRecorders()).filter((recorder) => recorder.kind === kind),
  });

  async function listen(options: Partial<LpcmMicrophoneOptions> = {}, signal = NEVER): Promise<Listener> {
    return new Listener(await microphone(options).open(signal));
  }

  for (const kind of ['parec', 'sox', 'arecord'] as const) {
    it(`hears a clip completely, every sample, with ${kind}`, async () => {
      const listener = await listen(only(kind));
      await theDevice().play(clip);
      await listener.capture.stop();
      assert.equal(await listener.ended, undefined);
      const heard = findStretches(noise, listener.samples);
      assert.deepEqual(
        heard.map(({ playedAt, length }) => ({ playedAt, length })),
        [{ playedAt: 0, length: noise.length }],
      );
      assert.ok(listener.loudest > 0.2 * FULL_SCALE && listener.loudest < 0.3 * FULL_SCALE, String(listener.loudest));
    });

    it(`hears everything up to the moment of the stop with ${kind}`, async () => {
      // A second listener tells which sample the microphone gave in that moment.
      const reference = await listen(only('parec'));
      const listener = await listen(only(kind));
      const player = new AbortController();
      const playing = theDevice()
        .play(clip, player.signal)
        .catch(() => undefined);
      await until(() => listener.loudest > 0 && listener.sampleCount > 1.5 * SAMPLE_RATE_HZ, { what: 'sound' });
      const givenAtStop = reference.sampleCount;
      await listener.capture.stop();
      await reference.capture.stop();
      player.abort();
      await playing;
      const [heard, ...gaps] = findStretches(noise, listener.samples);
      const [given] = findStretches(noise, reference.samples);
      assert.ok(heard && given);
      assert.deepEqual(gaps, []);
      const spokenAtStop = given.playedAt + givenAtStop - given.heardAt;
      const heardAfterStop = heard.playedAt + heard.length - spokenAtStop;
      assert.ok(heardAfterStop >= 0, `the last ${-heardAfterStop} samples are missing`);
    });
  }

  it('gives what it reads in whole samples, and as a capture that can be stopped twice', async () => {
    const listener = await listen();
    await Promise.all([listener.capture.stop(), listener.capture.stop()]);
    await listener.capture.stop();
    assert.equal(await listener.ended, undefined);
    assert.ok(Number.isInteger(listener.sampleCount));
  });

  it('keeps what was not read before the stop', async () => {
    const capture = await microphone().open(NEVER);
    await sleep(500);
    await capture.stop();
    const listener = new Listener(capture);
    assert.equal(await listener.ended, undefined);
    assert.ok(listener.sampleCount >= 0.5 * SAMPLE_RATE_HZ);
  });

  it('warns of silence once, and never once signal was seen', async () => {
    const silent = await listen();
    await until(() => silent.told.length > 0, { what: 'the warning' });
    assert.ok(silent.sampleCount >= 1.5 * SAMPLE_RATE_HZ);
    await sleep(1000);
    await silent.capture.stop();
    assert.deepEqual(silent.told, ['silent']);

    const spoken = await listen();
    await theDevice().play(clip);
    const countAfterClip = spoken.sampleCount;
    await until(() => spoken.sampleCount > countAfterClip + 2 * SAMPLE_RATE_HZ, { what: 'silence behind the clip' });
    await spoken.capture.stop();
    assert.deepEqual(spoken.told, []);
  });

  it('tells a stall and goes on when sound comes back', async () => {
    const listener = await listen();
    const [recorder] = recordersOf(process.pid);
    assert.ok(recorder !== undefined);
    process.kill(recorder, 'SIGSTOP');
    const before = listener.told.length;
    await until(() => listener.told.slice(before).includes('stalled'), { what: 'the stall' });
    process.kill(recorder, 'SIGCONT');
    const { sampleCount } = listener;
    await until(() => listener.sampleCount > sampleCount, { what: 'sound' });
    await listener.capture.stop();
    assert.equal(await listener.ended, undefined);
  });

  it('says where no recorder is installed, and where the one that was found is gone', async () => {
    const nothing = microphone({ findRecorders: () => Promise.resolve([]) });
    await problemWith('recorderMissing', nothing.open(NEVER));
    const gone = { kind: 'sox', program: path.join(folder(), 'gone') } as const;
    await problemWith('recorderMissing', microphone({ findRecorders: () => Promise.resolve([gone]) }).open(NEVER));
  });

  it('takes the next recorder where one gives nothing', async () => {
    const broken = path.join(folder(), 'broken');
    await fs.writeFile(broken, '#!/bin/sh\necho "FAIL: no such driver" >&2\nexit 1\n', { mode: 0o755 });
    const recorder = { kind: 'sox', program: broken } as const;
    const problem = await problemWith(
      'recorderFailed',
      microphone({ findRecorders: () => Promise.resolve([recorder]) }).open(NEVER),
    );
    assert.deepEqual(problem, { code: 'recorderFailed', recorder: 'sox', reason: 'FAIL: no such driver' });
    const listener = await listen({ findRecorders: async () => [recorder, ...(await findRecorders())] });
    await listener.capture.stop();
    assert.ok(listener.sampleCount > 0);
  });

  it('says where another program holds the microphone', async () => {
    const busy = path.join(folder(), 'busy');
    const complaint = "sox FAIL formats: can't open input `default': snd_pcm_open error: Device or resource busy";
    await fs.writeFile(busy, `#!/bin/sh\necho "${complaint.replace('`', '\\`')}" >&2\nexit 2\n`, { mode: 0o755 });
    const findBusy = (): Promise<[{ kind: 'sox'; program: string }]> =>
      Promise.resolve([{ kind: 'sox', program: busy }]);
    const problem = await problemWith('microphoneBusy', microphone({ findRecorders: findBusy }).open(NEVER));
    assert.match(problem.reason, /^can't open input .*resource busy$/);
  });

  for (const kind of ['parec', 'sox', 'arecord'] as const) {
    it(`fails where ${kind} was ended by somebody else, and keeps the audio until then`, async () => {
      const listener = await listen(only(kind));
      await until(() => listener.sampleCount > SAMPLE_RATE_HZ, { what: 'a second' });
      for (const recorder of recordersOf(process.pid)) process.kill(recorder, 'SIGKILL');
      const problem = problemOf(await listener.ended);
      const atS = samplesToSeconds(listener.sampleCount);
      assert.deepEqual(problem, { code: 'recorderEnded', recorder: kind, reason: 'it ended with SIGKILL', atS });
      await listener.capture.stop();
    });

    it(`tells with ${kind} that the last device went, and that there is none`, async () => {
      const listener = await listen(only(kind));
      await until(() => listener.sampleCount > SAMPLE_RATE_HZ / 2, { what: 'half a second' });
      await theDevice().unplug();
      try {
        const problem = problemOf(await listener.ended);
        assert.equal(problem?.code, 'recorderEnded', JSON.stringify(problem));
        await problemWith('microphoneMissing', microphone(only(kind)).open(NEVER));
      } finally {
        await theDevice().plug();
      }
    });

    it(`is microphoneMissing with ${kind} where no sound server runs`, async () => {
      const environment = { ...process.env, ...theDevice().env, PULSE_SERVER: 'unix:/nonexistent' };
      await problemWith('microphoneMissing', microphone({ ...only(kind), environment }).open(NEVER));
    });
  }

  it('ends at once when aborted: before, while opening, and while recording', async () => {
    await assertAborts(microphone().open(AbortSignal.abort()));

    const early = new AbortController();
    const opening = microphone(only('sox')).open(early.signal);
    const [starting] = await until(() => nonEmpty(recordersOf(process.pid)), { what: 'a recorder', intervalMs: 1 });
    early.abort();
    await assertAborts(opening);
    if (starting !== undefined) await untilEnded(starting);

    const late = new AbortController();
    const listener = await listen({}, late.signal);
    const [recorder] = recordersOf(process.pid);
    assert.ok(recorder !== undefined);
    late.abort();
    const error = await listener.ended;
    assert.ok(error instanceof Error && error.name === 'AbortError');
    await untilEnded(recorder);
    await listener.capture.stop();
  });

  it('leaves no recorder behind a reader that leaves early', async () => {
    const capture = await microphone().open(NEVER);
    const [recorder] = recordersOf(process.pid);
    assert.ok(recorder !== undefined);
    for await (const event of capture.events) if (event.kind === 'audio') break;
    await untilEnded(recorder);
    await capture.stop();
  });
});

function nonEmpty(list: readonly number[]): readonly number[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** The recorders that a process has started. The virtual microphone's own listener is none of them: it has no latency of 30 ms. */
function recordersOf(processId: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        const stat = readFileSync(`/proc/${child}/stat`, 'utf8');
        const parent = Number(/^ \S (\d+)/.exec(stat.slice(stat.lastIndexOf(')') + 1))?.[1]);
        const command = readFileSync(`/proc/${child}/cmdline`, 'utf8');
        return parent === processId && /--latency-msec=30|--buffer.640|--period-time/.test(command);
      } catch {
        return false;
      }
    });
}
