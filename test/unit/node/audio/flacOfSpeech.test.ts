import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { flacParts } from '../../../../src/core/audio/flac';
import { int16ToBytes } from '../../../../src/core/audio/pcm';
import type { PreparedAudio } from '../../../../src/core/model';
import { flacOf } from '../../../../src/node/audio/flacOf';
import { findProgram } from '../../../../src/node/system/findProgram';
import { chunksIn, decodedWith, flacDecodedWith, peerFlac } from '../../../bench/upload/flacPeer';
import { decodeFlac } from '../../../fakes/decodeFlac';
import { jfkWav, skipWithReason, speechFolder } from '../../../speech';
import { assertAborts, problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';
import { preparedWav, tone } from '../wavFile';

/** The size of our FLAC over that of ffmpeg's level 5. */
const MAXIMUM_RATIO = 1.08;
/** So many recordings of the folder, at least, spread over it: the benchmark `upload` takes all. One alone may be an odd one. */
const FEWEST = 12;

describe('FLAC of speech, beside ffmpeg', function () {
  let ffmpeg = '';
  before(async function () {
    const found = await findProgram('ffmpeg');
    if (found === undefined) skipWithReason(this, 'there is no ffmpeg');
    ffmpeg = found;
  });

  const encode = (samples: Int16Array): Buffer => Buffer.concat([...flacParts(samples)]);
  const assertDecoded = async (samples: Int16Array): Promise<number> => {
    const flac = encode(samples);
    assert.ok(Buffer.from(int16ToBytes(await flacDecodedWith(ffmpeg, flac))).equals(int16ToBytes(samples)));
    return flac.length;
  };

  it('is at most 8 % larger, and ffmpeg reads every sample of it', async () => {
    const { folder, manifest } = speechFolder();
    const files = manifest.filter(({ kind }) => kind !== 'noise' && kind !== 'silence');
    let [ours, peer] = [0, 0];
    const every = Math.max(1, Math.floor(files.length / FEWEST));
    for (const { file } of files.filter((_, i) => i % every === 0)) {
      for (const samples of await chunksIn(await decodedWith(ffmpeg, path.join(folder, file)))) {
        ours += await assertDecoded(samples);
        peer += (await peerFlac(ffmpeg, samples)).length;
      }
    }
    assert.ok(peer > 0 && ours <= MAXIMUM_RATIO * peer, `${ours} bytes, ${peer} with ffmpeg`);
  });

  it('is read by ffmpeg where it is short, silent, loud or noise', async () => {
    const square = (length: number): Int16Array =>
      Int16Array.from({ length }, (_, i) => (i % 70 < 35 ? 32_767 : -32_768));
    for (const length of [1, 2, 5, 1023, 1024, 1025, 4097]) {
      await assertDecoded(square(length));
      await assertDecoded(new Int16Array(length));
      await assertDecoded(Int16Array.from({ length }, (_, i) => (i * 7919) % 65_536));
    }
  });
});

describe('flacOf', () => {
  const folder = temporaryFolder();
  const SAMPLE_COUNT = 100_000;
  const prepared = (file: string): PreparedAudio => ({
    path: file,
    dataOffsetBytes: 44,
    sampleCount: SAMPLE_COUNT,
    remarks: [],
  });

  it('has the chunk’s samples and no others', async () => {
    const file = path.join(folder(), 'tone.wav');
    const wav = preparedWav(SAMPLE_COUNT, tone(440, 16_000));
    await fs.writeFile(file, wav);
    for (const chunk of [
      { startSample: 0, endSample: SAMPLE_COUNT },
      { startSample: 1, endSample: 2 },
      { startSample: 777, endSample: 60_001 },
    ]) {
      const { samples } = decodeFlac(await flacOf(prepared(file), chunk, NEVER));
      const expected = wav.subarray(44 + chunk.startSample * 2, 44 + chunk.endSample * 2);
      assert.ok(Buffer.from(int16ToBytes(samples)).equals(expected), JSON.stringify(chunk));
    }
  });

  it('fails on a file that became shorter, and on one that is gone', async () => {
    const file = path.join(folder(), 'short.wav');
    await fs.writeFile(file, preparedWav(1000, tone(440, 16_000)));
    const chunk = { startSample: 0, endSample: 1001 };
    assert.equal((await problemWith('fileUnreadable', flacOf(prepared(file), chunk, NEVER))).file, 'short.wav');
    await problemWith('fileUnreadable', flacOf(prepared(`${file}.gone`), chunk, NEVER));
  });

  it('lets others have a turn, and ends when it is aborted', async () => {
    const stop = new AbortController();
    const chunk = { startSample: 0, endSample: 176_000 };
    let turns = 0;
    const timer = setInterval(() => turns++);
    try {
      await flacOf(prepared(jfkWav()), chunk, NEVER);
      assert.ok(turns > 0);
    } finally {
      clearInterval(timer);
    }
    const running = assertAborts(flacOf(prepared(jfkWav()), chunk, stop.signal));
    stop.abort();
    await running;
  });
});
