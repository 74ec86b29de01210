import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { GrowingFile } from '../../../../src/core/audio/growingAudio';
import { bytesToInt16, int16ToBytes } from '../../../../src/core/audio/pcm';
import type { RecordingWriter, UnfinishedRecording } from '../../../../src/core/capture/recordings';
import { until } from '../../../host/until';
import { problemWith } from '../problems';
import { wavOf } from '../wavFile';
import { FORMAT, HEADER_BYTES, MEETING, pcm, recordingStores, samples } from './recordingStores';

/** What a kill may cost, in bytes: half a second. */
const LOST_AT_MOST_BYTES = 16_000;

async function allOf(audio: GrowingFile): Promise<Int16Array> {
  const blocks: Int16Array[] = [];
  for await (const block of audio.samples(0, NEVER)) blocks.push(block);
  return Int16Array.from(blocks.flatMap((block) => [...block]));
}

describe('a recording that goes on', () => {
  const { notes, store, create, another, abandoned, sidecarOf, writers } = recordingStores();

  async function onlyUnfinished(): Promise<UnfinishedRecording> {
    const [found, ...more] = await store().unfinished();
    assert.ok(found);
    assert.deepEqual(more, []);
    return found;
  }

  async function reopen(unfinished: UnfinishedRecording): Promise<RecordingWriter> {
    const writer = await store().reopen(unfinished);
    writers.push(writer);
    return writer;
  }

  it('goes on behind what a killed process had written, at most half a second short', async () => {
    const other = await another();
    await until(() => other.givenBytes() > 2 * 32_000, { what: 'two seconds' });
    await other.kill();
    const unfinished = await onlyUnfinished();
    const writer = await reopen(unfinished);
    const before = writer.sampleCount;
    const missingBytes = other.givenBytes() - before * 2;
    assert.ok(missingBytes >= 0 && missingBytes <= LOST_AT_MOST_BYTES, `${missingBytes} bytes are missing`);
    await writer.append(pcm);
    const recording = await writer.finish();
    const audio = await fs.readFile(recording.path);
    assert.equal(audio.readUInt32LE(40), (before + samples.length) * 2);
    const kept = bytesToInt16(audio.subarray(HEADER_BYTES));
    assert.deepEqual(
      kept.subarray(0, before),
      Int16Array.from({ length: before }, (_, i) => i),
    );
    assert.deepEqual(kept.subarray(before), samples);
  });

  it('gives a reader its audio from the beginning, also what was there before', async () => {
    await abandoned(wavOf(pcm, FORMAT));
    const writer = await reopen(await onlyUnfinished());
    const reading = allOf(writer.audio);
    await writer.append(pcm.subarray(0, 3200));
    await writer.finish();
    assert.deepEqual(await reading, Int16Array.from([...samples, ...samples.subarray(0, 1600)]));
  });

  it('writes over half a sample that a crash left behind', async () => {
    const file = await abandoned(Buffer.concat([wavOf(pcm, FORMAT), Uint8Array.of(7)]));
    const writer = await reopen(await onlyUnfinished());
    await writer.append(pcm);
    await writer.finish();
    assert.deepEqual(await fs.readFile(file), wavOf(Buffer.concat([pcm, pcm]), FORMAT));
  });

  it('keeps when and for what it was begun, is offered by no other window, and again where this one dies', async () => {
    await abandoned(wavOf(pcm, FORMAT));
    const unfinished = await onlyUnfinished();
    const writer = await reopen({ ...unfinished, target: MEETING });
    assert.deepEqual(await store().unfinished(), []);
    await writer.append(pcm);
    await sidecarOf(writer.path, { startedMs: unfinished.startedMs, target: MEETING });
    const again = await onlyUnfinished();
    assert.deepEqual(
      [again.startedMs, again.target, again.sampleCount],
      [unfinished.startedMs, MEETING, 2 * samples.length],
    );
  });

  it('goes on only where no other window records', async () => {
    await abandoned(wavOf(pcm, FORMAT));
    const unfinished = await onlyUnfinished();
    const writer = await create();
    await problemWith('alreadyRecording', store().reopen(unfinished));
    await writer.finish();
    await (await reopen(unfinished)).finish();
  });

  it('touches nothing where the recording is gone, or is another file by now', async () => {
    const file = await abandoned(wavOf(pcm, FORMAT));
    const unfinished = await onlyUnfinished();
    await fs.writeFile(file, 'Dear diary');
    await problemWith('recordingGone', store().reopen(unfinished));
    assert.equal(await fs.readFile(file, 'utf8'), 'Dear diary');
    await fs.rm(file);
    await problemWith('recordingGone', store().reopen(unfinished));
    assert.deepEqual(await fs.readdir(notes()), []);
    await (await create()).finish();
  });

  it('keeps two channels apart, in the file and for readers, also behind a crash', async () => {
    const writer = await store().create(notes(), 'Two', MEETING, 2);
    writers.push(writer);
    const frames = Int16Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? i : -i));
    await writer.append(int16ToBytes(frames));
    assert.equal(writer.sampleCount, 1000);
    await writer.finish();
    const stereo = wavOf(int16ToBytes(frames), { ...FORMAT, channelCount: 2 });
    assert.deepEqual(await fs.readFile(writer.path), stereo);
    const [me, others] = writer.channels;
    assert.ok(me && others);
    assert.deepEqual(
      await allOf(me),
      frames.filter((_, i) => i % 2 === 0),
    );
    assert.deepEqual(
      await allOf(others),
      frames.filter((_, i) => i % 2 === 1),
    );

    await sidecarOf(writer.path, { channelCount: 2, target: MEETING });
    await fs.truncate(writer.path, stereo.length - 1);
    const unfinished = await onlyUnfinished();
    assert.deepEqual([unfinished.sampleCount, unfinished.channelCount], [999, 2]);
    const again = await reopen(unfinished);
    await again.append(int16ToBytes(frames.subarray(1998)));
    await again.finish();
    assert.deepEqual(await fs.readFile(path.join(notes(), 'Two.wav')), stereo);
  });
});
