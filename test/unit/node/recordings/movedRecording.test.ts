import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { RecordingWriter } from '../../../../src/core/capture/recordings';
import { FileRecordingStore } from '../../../../src/node/recordings/recordingStore';
import { readSidecars } from '../../../../src/node/recordings/sidecar';
import { until } from '../../../host/until';
import { wavOf } from '../wavFile';
import { FORMAT, MEETING, pcm, recordingStores, samples } from './recordingStores';

describe('a recording whose file the user moves while it is made', () => {
  const { folder, sidecars, notes, writers } = recordingStores();
  const twice = wavOf(Buffer.concat([pcm, pcm]), FORMAT);
  const readers: AsyncIterator<Int16Array>[] = [];
  let madeAgain: string[];

  beforeEach(() => {
    madeAgain = [];
  });
  afterEach(async () => {
    for (const reader of readers.splice(0)) await reader.return?.();
  });

  async function begin(): Promise<RecordingWriter> {
    const options = { onMadeAgain: (file: string) => madeAgain.push(file) };
    const writer = await new FileRecordingStore(sidecars(), options).create(notes(), 'Talk', MEETING);
    writers.push(writer);
    await writer.append(pcm);
    return writer;
  }

  async function remembered(): Promise<readonly string[]> {
    return (await readSidecars(sidecars())).map((sidecar) => sidecar.path);
  }

  /** The recording's samples, block by block. */
  function read(writer: RecordingWriter): AsyncIterator<Int16Array> {
    const reader = writer.audio.samples(0, NEVER)[Symbol.asyncIterator]();
    readers.push(reader);
    return reader;
  }

  it('is followed when it is renamed, by its readers and by what is remembered', async () => {
    const writer = await begin();
    const reader = read(writer);
    assert.deepEqual((await reader.next()).value, samples);
    const renamed = path.join(notes(), 'Renamed.wav');
    await fs.rename(writer.path, renamed);
    await until(() => writer.path === renamed, { what: 'the writer notices' });
    await until(async () => (await remembered()).join() === renamed, { what: 'the sidecar' });
    assert.equal(writer.audio.path, renamed);
    await writer.append(pcm);
    assert.deepEqual((await reader.next()).value, samples);
    const recording = await writer.finish();
    assert.deepEqual([recording.name, recording.path], ['Renamed.wav', renamed]);
    assert.deepEqual(await fs.readFile(renamed), twice);
    assert.deepEqual([await fs.readdir(notes()), madeAgain], [['Renamed.wav'], []]);
  });

  it('is followed when its folder is renamed, also in the last moment', async () => {
    const writer = await begin();
    await fs.rename(notes(), path.join(folder(), 'other'));
    await writer.append(pcm);
    const recording = await writer.finish();
    assert.equal(recording.path, path.join(folder(), 'other', 'Talk.wav'));
    assert.deepEqual(await fs.readFile(recording.path), twice);
    assert.deepEqual([await remembered(), madeAgain], [[recording.path], []]);
  });

  it('is made again with all its samples when it is deleted, which is said', async () => {
    const writer = await begin();
    const reader = read(writer);
    await reader.next();
    await fs.rm(writer.path);
    await until(() => madeAgain.length > 0, { what: 'the writer notices' });
    await writer.append(pcm);
    assert.deepEqual((await reader.next()).value, samples);
    await fs.rm(notes(), { recursive: true });
    const recording = await writer.finish();
    assert.equal(recording.path, path.join(notes(), 'Talk.wav'));
    assert.deepEqual(await fs.readFile(recording.path), twice);
    assert.deepEqual(madeAgain, [recording.path, recording.path]);
  });

  it('overwrites nothing that lies at its place meanwhile', async () => {
    const writer = await begin();
    await fs.rm(writer.path);
    await fs.writeFile(writer.path, 'mine');
    await writer.append(pcm);
    const recording = await writer.finish();
    assert.deepEqual(await fs.readFile(path.join(notes(), 'Talk.wav'), 'utf8'), 'mine');
    assert.equal(recording.name, 'Talk 2.wav');
    assert.deepEqual(await fs.readFile(recording.path), twice);
  });
});
