import fc from 'fast-check';
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { int16ToBytes } from '../../../../src/core/audio/pcm';
import { FinishedAudio } from '../../../../src/node/audio/finishedAudio';
import { distinctNoise } from '../distinctNoise';
import { assertAborts, problemWith } from '../problems';
import { sharedFolder } from '../temporaryFolder';

const SAMPLES = distinctNoise(20_000);
const HEAD_BYTES = 46;

describe('FinishedAudio', () => {
  const folder = sharedFolder();
  const audio = (sampleCount = SAMPLES.length): FinishedAudio =>
    new FinishedAudio({ path: file(), dataOffsetBytes: HEAD_BYTES, sampleCount, remarks: [] });
  const file = (): string => path.join(folder(), 'prepared.wav');

  before(() => fs.writeFile(file(), Buffer.concat([Buffer.alloc(HEAD_BYTES), int16ToBytes(SAMPLES)])));

  async function read(from: number, of = audio(), signal = NEVER): Promise<Int16Array> {
    const blocks: Int16Array[] = [];
    for await (const block of of.samples(from, signal)) blocks.push(block);
    return Int16Array.from(blocks.flatMap((block) => [...block]));
  }

  it('gives every sample from any place on, and none from behind its end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: SAMPLES.length + 100 }), async (from) => {
        assert.deepEqual(await read(from), SAMPLES.subarray(from));
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('fails where the file became shorter, and throws the signal’s reason', async () => {
    const { reason } = await problemWith('fileUnreadable', read(5, audio(SAMPLES.length + 1)));
    assert.equal(reason, 'it became shorter while it was read');
    await assertAborts(read(0, audio(), AbortSignal.abort()));
  });
});
