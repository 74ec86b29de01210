import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { bytesToInt16, int16ToBytes, secondsToSamples } from '../../../../src/core/audio/pcm';
import { DeviceLevels } from '../../../../src/core/capture/deviceLevels';
import { SILENT_DBFS } from '../../../../src/core/capture/levelMeter';
import { LiveRecording, type LiveEvent } from '../../../../src/core/capture/liveRecording';
import { HOLE_SILENCE_S } from '../../../../src/core/capture/trackJoiner';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { LpcmInputs } from '../../../../src/node/microphone/microphone';
import { FileRecordingStore } from '../../../../src/node/recordings/recordingStore';
import { SYSTEM_CLOCK } from '../../../../src/node/system/systemClock';
import { until } from '../../../host/until';
import { projectRoot } from '../../../speech';
import { distinctNoise, findStretches } from '../distinctNoise';
import { problemWith } from '../problems';
import { type Listener } from '../recordings/listener';
import { temporaryFolder } from '../temporaryFolder';
import { sharedMicrophone } from '../theMicrophone';
import { wavOf } from '../wavFile';

const noise = distinctNoise(2 * SAMPLE_RATE_HZ);

describe('the devices of a machine', () => {
  const folder = temporaryFolder();
  const theDevice = sharedMicrophone();

  const inputs = (): LpcmInputs =>
    new LpcmInputs({ extensionFolder: projectRoot(), environment: { ...process.env, ...theDevice().env } });

  async function clip(): Promise<string> {
    const file = path.join(folder(), 'noise.wav');
    const format = { format: 'int16', rateHz: SAMPLE_RATE_HZ, channelCount: 1 } as const;
    await fs.writeFile(file, wavOf(int16ToBytes(noise), format));
    return file;
  }

  it('are listed, microphones and what the computer plays', async () => {
    const found = await inputs().list(NEVER);
    assert.deepEqual(found?.map(({ id, label, kind }) => [id, label, kind]).sort(), [
      ['vmic', 'Virtual_Microphone', 'microphone'],
      ['vsink.monitor', 'Monitor of Null Output', 'monitor'],
    ]);
  });

  it('are heard at once, each at its own level', async () => {
    const unplug = await theDevice().plugAnother('silent');
    const listening = new AbortController();
    try {
      const levels = new DeviceLevels<string>();
      const done = ['vmic', 'silent', 'gone'].map((id) => levels.listen(id, inputs().source(id), listening.signal));
      const player = theDevice().play(await clip());
      const rms = (id: string): number => {
        const level = levels.of(id);
        return typeof level === 'object' ? level.rmsDbfs : -Infinity;
      };
      await until(() => rms('vmic') > -40 && levels.of('gone') === 'failed', { what: 'sound on one device' });
      await until(() => rms('silent') === SILENT_DBFS, { what: 'silence on the other' });
      await player;
      listening.abort();
      await Promise.all(done);
    } finally {
      listening.abort();
      await unplug();
    }
  });

  it('are named where the chosen one is not there', async () => {
    const problem = await problemWith('deviceMissing', inputs().source('usb-yeti').open(NEVER));
    assert.equal(problem.device, 'usb-yeti');
  });

  it('are told where the sound server moves the recording to another one', async () => {
    const unplug = await theDevice().plugAnother('yeti');
    const moved: string[] = [];
    const capture = await inputs().source('yeti').open(NEVER);
    const reading = (async () => {
      for await (const event of capture.events) if (event.kind === 'moved') moved.push(event.device);
    })();
    // The watch must know where the recording was.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await unplug();
    await until(() => moved.length > 0, { what: 'the move' });
    assert.deepEqual(moved, ['Virtual_Microphone']);
    await capture.stop();
    await reading;
  });

  it('may go and come back while a meeting is recorded: the hole is told, and the file goes on', async () => {
    const file = await clip();
    const store = new FileRecordingStore(path.join(folder(), 'store'));
    const writer = await store.create(folder(), 'meeting', { kind: 'meeting', note: 'file:///x.md' });
    const live = new LiveRecording({
      tracks: [{ source: inputs().source(), retries: 'onceOpen' }],
      writer,
      clock: SYSTEM_CLOCK,
    });
    const told: { readonly event: LiveEvent; readonly atMs: number }[] = [];
    const recording = (async () => {
      for await (const event of live.events(NEVER))
        if (event.kind === 'entry') told.push({ event, atMs: performance.now() });
    })();
    const kinds = (): string[] => told.map(({ event }) => (event.kind === 'entry' ? event.entry.kind : ''));
    await until(() => writer.sampleCount > SAMPLE_RATE_HZ, { what: 'a second' });
    await theDevice().play(file);
    const goneMs = performance.now();
    await theDevice().unplug();
    await until(() => kinds().includes('lost'), { what: 'the loss' });
    console.log(`      the loss is told after ${Math.round((told[1]?.atMs ?? NaN) - goneMs)} ms`);
    await theDevice().plug();
    await until(() => kinds().at(-1) === 'captured' && kinds().length === 3, { what: 'sound again' });
    await theDevice().play(file);
    await live.stop();
    await recording;
    const { path: place } = await writer.finish();
    const heard = findStretches(noise, bytesToInt16(readFileSync(place).subarray(44)));
    assert.deepEqual(
      heard.map(({ playedAt, length }) => [playedAt, length]),
      [
        [0, noise.length],
        [0, noise.length],
      ],
    );
    const entries = told.map(({ event }) => (event.kind === 'entry' ? event.entry : undefined));
    const [, lost, captured] = entries;
    assert.ok(lost?.kind === 'lost' && captured?.kind === 'captured');
    assert.equal(captured.fromSample - lost.fromSample, secondsToSamples(HOLE_SILENCE_S));
    assert.ok(captured.wallTimeMs > lost.wallTimeMs);
  });

  it('are recorded side by side into two channels, at the same time', async () => {
    const file = await clip();
    const store = new FileRecordingStore(path.join(folder(), 'store'));
    const writer = await store.create(folder(), 'both', { kind: 'meeting', note: 'file:///x.md' }, 2);
    const live = new LiveRecording({
      tracks: [
        { source: inputs().source('vmic'), retries: 'onceOpen' },
        { source: inputs().source('vsink.monitor'), retries: 'always' },
      ],
      writer,
      clock: SYSTEM_CLOCK,
    });
    const recording = (async () => {
      for await (const event of live.events(NEVER)) assert.notEqual(event.kind, 'stalled');
    })();
    await until(() => writer.sampleCount > SAMPLE_RATE_HZ, { what: 'a second' });
    await theDevice().play(file);
    await live.stop();
    await recording;
    await writer.finish();
    const ofChannel = async (channel: number): Promise<Listener['samples']> => {
      const blocks: Int16Array[] = [];
      const audio = writer.channels[channel];
      assert.ok(audio);
      for await (const block of audio.samples(0, NEVER)) blocks.push(block);
      return Int16Array.from(blocks.flatMap((block) => [...block]));
    };
    const [[me], [others]] = [findStretches(noise, await ofChannel(0)), findStretches(noise, await ofChannel(1))];
    assert.ok(me && others);
    assert.equal(me.length, noise.length);
    assert.equal(others.length, noise.length);
    const apartMs = (1000 * Math.abs(me.heardAt - others.heardAt)) / SAMPLE_RATE_HZ;
    console.log(`      the channels are ${apartMs.toFixed(1)} ms apart`);
    // How the file's two channels lie to each other: a place in the recording, and no duration of this run.
    assert.ok(apartMs < 300, `${apartMs} ms apart`);
  });
});
