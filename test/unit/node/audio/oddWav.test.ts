import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { speechSamples } from '../speechSamples';
import { oddWavFiles } from './oddWavFiles';
import { wavPreparation } from './wavPreparation';

describe('FileAudioPreparer, WAV as programs write it', () => {
  const { put, prepare } = wavPreparation();

  it('finds every sample, whatever the header says, without ffmpeg', async () => {
    const pcm = Buffer.from(await speechSamples());
    const wrong: string[] = [];
    for (const { name, bytes, isTruncated = false } of oddWavFiles(pcm)) {
      const audio = await prepare(await put('in.wav', bytes)).catch((error: unknown) => String(error));
      if (typeof audio === 'string') {
        wrong.push(`${name}: ${audio}`);
        continue;
      }
      const file = await fs.readFile(audio.path);
      const samples = file.subarray(audio.dataOffsetBytes, audio.dataOffsetBytes + 2 * audio.sampleCount);
      if (!samples.equals(pcm)) wrong.push(`${name}: ${audio.sampleCount} samples, expected ${pcm.length / 2}`);
      const remarks = audio.remarks.map(({ kind }) => kind).join();
      if (remarks !== (isTruncated ? 'truncated' : '')) wrong.push(`${name}: ${remarks}`);
    }
    assert.deepEqual(wrong, []);
  });
});
