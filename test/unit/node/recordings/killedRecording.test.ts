import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { bytesToInt16, int16ToBytes } from '../../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { LpcmMicrophone } from '../../../../src/node/microphone/microphone';
import { FileRecordingStore } from '../../../../src/node/recordings/recordingStore';
import { until } from '../../../host/until';
import { projectRoot } from '../../../speech';
import { distinctNoise, findStretches } from '../distinctNoise';
import { Listener } from './listener';
import { startRecordingProcess } from './recordingProcess';
import { temporaryFolder } from '../temporaryFolder';
import { sharedMicrophone } from '../theMicrophone';
import { wavOf } from '../wavFile';

/** What a killed process may cost, as promised in the issue. */
const LOST_AT_MOST_S = 0.5;

describe('a recording from the microphone whose process is killed', () => {
  const folder = temporaryFolder();
  const theDevice = sharedMicrophone();

  it('is offered at the next start, at most half a second short, and leaves no recorder', async () => {
    const device = theDevice();
    const noise = distinctNoise(10 * SAMPLE_RATE_HZ);
    const clip = path.join(folder(), 'noise.wav');
    await fs.writeFile(clip, wavOf(int16ToBytes(noise), { format: 'int16', rateHz: SAMPLE_RATE_HZ, channelCount: 1 }));
    const [store, notes] = [path.join(folder(), 'store'), path.join(folder(), 'notes')];

    // Another listener tells which sample the microphone gave when the process was killed.
    const environment = { ...process.env, ...device.env };
    const microphone = new LpcmMicrophone({ extensionFolder: projectRoot(), environment });
    const witness = new Listener(await microphone.open(NEVER));
    const recording = await startRecordingProcess({ store, folder: notes, microphone: device.env });
    await until(() => recording.givenBytes() > 0, { what: 'the first sound' });
    const player = new AbortController();
    const playing = device.play(clip, player.signal).catch(() => undefined);
    await until(() => witness.loudest > 0 && recording.givenBytes() > 4 * 32_000, { what: 'four seconds' });
    const killedAt = witness.sampleCount;
    await recording.kill();
    await witness.capture.stop();
    player.abort();
    await playing;

    const [found, ...more] = await new FileRecordingStore(store).unfinished();
    assert.ok(found);
    assert.deepEqual(more, []);
    const kept = bytesToInt16((await fs.readFile(found.recording.path)).subarray(44));
    assert.equal(kept.length, found.sampleCount);
    const [heard, ...gaps] = findStretches(noise, kept);
    const [given] = findStretches(noise, witness.samples);
    assert.ok(heard && given);
    assert.deepEqual(gaps, []);
    assert.equal(heard.playedAt, 0);
    const lostS = (given.playedAt + killedAt - given.heardAt - (heard.playedAt + heard.length)) / SAMPLE_RATE_HZ;
    assert.ok(lostS <= LOST_AT_MOST_S, `${lostS} s are lost`);
  });
});
