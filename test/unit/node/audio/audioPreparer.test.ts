import fc from 'fast-check';
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { assertPreparing } from '../preparation';
import { assertAborts } from '../problems';
import { preparedWav, tone, wavFile, type WavFormat } from '../wavFile';
import { assertTone, wavPreparation } from './wavPreparation';

const FORMATS: readonly WavFormat[] = ['uint8', 'int16', 'int24', 'int32', 'float32', 'float64'];
const RATES_HZ = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000];

describe('FileAudioPreparer, WAV by itself', () => {
  const { work, put, preparer, events, prepare, preparedSamples } = wavPreparation();

  it('uses 16 kHz mono 16 bit as it lies and writes nothing', async () => {
    const recording = await put('in.wav', preparedWav(12_345, tone(440, 16_000)));
    assert.deepEqual(await prepare(recording), {
      path: recording.path,
      dataOffsetBytes: 44,
      sampleCount: 12_345,
      remarks: [],
    });
    await assert.rejects(fs.access(work()), 'no folder was made');
  });

  it('leaves out what stands behind the data', async () => {
    const tail = Buffer.from('LIST\x04\0\0\0abcd', 'latin1');
    const { audio } = await preparedSamples({
      format: 'int16',
      rateHz: 16_000,
      channelCount: 1,
      sampleCount: 1000,
      sample: tone(440, 16_000),
      tail,
    });
    assert.equal(audio.sampleCount, 1000);
  });

  for (const [f, format] of FORMATS.entries()) {
    it(`brings ${format} to 16 kHz mono at every rate, with 1 to 6 channels`, async () => {
      for (const [r, rateHz] of RATES_HZ.entries()) {
        const channelCount = ((f + r) % 6) + 1;
        const sampleCount = Math.round(rateHz * 0.31);
        const { samples } = await preparedSamples({
          format,
          rateHz,
          channelCount,
          sampleCount,
          isExtensible: channelCount > 2,
          // Every channel has another loudness; their mean is 0.4.
          sample: (at, channel) =>
            tone(440, rateHz, channelCount === 1 ? 0.4 : (0.8 * channel) / (channelCount - 1))(at),
        });
        assert.equal(samples.length, Math.ceil((sampleCount * 16_000) / rateHz), `${rateHz} Hz, ${channelCount} ch`);
        assertTone(samples, 0.4, format === 'uint8' ? 0.01 : 0.002);
      }
    });
  }

  it('brings any mix of format, rate and channels to 16 kHz mono', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FORMATS),
        fc.integer({ min: 8000, max: 96_000 }),
        fc.integer({ min: 1, max: 6 }),
        async (format, rateHz, channelCount) => {
          const sampleCount = Math.round(rateHz * 0.1);
          const { samples } = await preparedSamples({
            format,
            rateHz,
            channelCount,
            sampleCount,
            sample: tone(440, rateHz),
          });
          assert.equal(samples.length, Math.ceil((sampleCount * 16_000) / rateHz));
          assertTone(samples, 0.5, format === 'uint8' ? 0.01 : 0.002);
        },
      ),
      { seed: 3, numRuns: 25 },
    );
  });

  it('clips what is too loud and makes silence of what is no number', async () => {
    const values = [2, -2, NaN, Infinity, 0.5];
    const { samples } = await preparedSamples({
      format: 'float32',
      rateHz: 16_000,
      channelCount: 1,
      sampleCount: 5,
      sample: (at) => values[at] ?? 0,
    });
    assert.deepEqual(samples, [32_767 / 32_768, -1, 0, 0, 0.5]);
  });

  it('keeps frames whole across the blocks it reads', async () => {
    // Three bytes times five channels: no block of a power of two ends at a frame's end.
    const { samples } = await preparedSamples({
      format: 'int24',
      rateHz: 16_000,
      channelCount: 5,
      sampleCount: 48_000,
      sample: tone(440, 16_000),
    });
    assert.equal(samples.length, 48_000);
    assertTone(samples, 0.5, 0.001);
  });

  it('tells how far it is', async () => {
    const recording = await put(
      'in.wav',
      wavFile({ format: 'uint8', rateHz: 8000, channelCount: 1, sampleCount: 8000 * 100, sample: () => 0 }),
    );
    const told = await events(recording);
    const seconds = told.flatMap((event) => (event.kind === 'preparing' ? [event.doneS] : []));
    assert.ok(seconds.length >= 2, 'it was told more than once');
    assert.deepEqual(
      seconds,
      [...new Set(seconds)].sort((a, b) => a - b),
      'it rises',
    );
    assert.ok(seconds.every((s) => s > 0 && s <= 100));
    assert.equal(told.at(-1)?.kind, 'prepared');
  });

  it('finds the data behind a huge header', async () => {
    const { audio } = await preparedSamples({
      format: 'int16',
      rateHz: 16_000,
      channelCount: 1,
      sampleCount: 100,
      sample: tone(440, 16_000),
      junkBytes: 5_000_001,
    });
    assert.equal(audio.sampleCount, 100);
    assert.ok(audio.dataOffsetBytes > 5_000_000);
  });

  it('gives the same samples whatever lies before them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 9000 }), async (junkBytes) => {
        const { samples } = await preparedSamples({
          format: 'int16',
          rateHz: 16_000,
          channelCount: 1,
          sampleCount: 300,
          sample: tone(440, 16_000),
          junkBytes,
        });
        assertTone(samples, 0.5, 0.001);
        assert.equal(samples.length, 300);
      }),
      { seed: 4, numRuns: 25 },
    );
  });

  it('aborts while it converts', async () => {
    const recording = await put(
      'in.wav',
      wavFile({ format: 'uint8', rateHz: 8000, channelCount: 1, sampleCount: 8000 * 200, sample: () => 0 }),
    );
    const stop = new AbortController();
    const running = preparer().prepare(recording, stop.signal);
    await assertPreparing(running);
    stop.abort();
    await assertAborts(running.next());
  });
});
