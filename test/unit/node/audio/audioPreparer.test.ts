import fc from 'fast-check';
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { SampleFormat } from '../../../../src/core/audio/wav';
import type { PreparedAudio, Recording } from '../../../../src/core/model';
import type { PreparationEvent } from '../../../../src/core/audio/preparation';
import { FileAudioPreparer } from '../../../../src/node/audio/audioPreparer';
import { FileSampleReader } from '../../../../src/node/audio/fileSampleReader';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { assertPreparing } from '../preparation';
import { assertAborts, problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';
import { preparedWav, tone, wavFile, wavOf, type WavSpec } from '../wavFile';

const noFfmpeg = (): Promise<undefined> => Promise.resolve(undefined);

const FORMATS: readonly SampleFormat[] = ['uint8', 'int16', 'int24', 'int32', 'float32', 'float64'];
const RATES_HZ = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000];

describe('FileAudioPreparer, WAV by itself', () => {
  const folder = temporaryFolder();
  const work = (): string => path.join(folder(), 'work');

  async function put(name: string, bytes: Uint8Array): Promise<Recording> {
    await fs.writeFile(path.join(folder(), name), bytes);
    return openRecording(path.join(folder(), name));
  }

  async function events(recording: Recording, signal = NEVER): Promise<PreparationEvent[]> {
    const kept: PreparationEvent[] = [];
    for await (const event of new FileAudioPreparer(work(), noFfmpeg).prepare(recording, signal)) kept.push(event);
    return kept;
  }

  async function prepare(recording: Recording): Promise<PreparedAudio> {
    const last = (await events(recording)).at(-1);
    assert.equal(last?.kind, 'prepared');
    return last.audio;
  }

  /** Makes a file of this kind and gives what is prepared of it, as samples in [-1, 1). */
  async function preparedSamples(spec: WavSpec): Promise<{ audio: PreparedAudio; samples: number[] }> {
    const audio = await prepare(await put('in.wav', wavFile(spec)));
    const samples = await readSamples(audio);
    assert.equal(samples.length, audio.sampleCount);
    return { audio, samples };
  }

  /** Compares with a 440 Hz tone of this amplitude, but for the resampler's slope at both ends. */
  function assertTone(samples: readonly number[], amplitude: number, tolerance: number): void {
    const expected = tone(440, 16_000, amplitude);
    const edge = 400;
    let worst = 0;
    for (let at = edge; at < samples.length - edge; at++) {
      worst = Math.max(worst, Math.abs((samples[at] ?? NaN) - expected(at)));
    }
    assert.ok(worst < tolerance, `the worst sample is ${worst} off`);
  }

  it('uses 16 kHz mono 16 bit as it lies and writes nothing', async () => {
    const recording = await put('in.wav', preparedWav(12_345, tone(440, 16_000)));
    assert.deepEqual(await prepare(recording), {
      path: recording.path,
      dataOffsetBytes: 44,
      sampleCount: 12_345,
      isTruncated: false,
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

  it('refuses a header without an end', async () => {
    const bytes = preparedWav(10, () => 0);
    // A chunk before the format that claims more than any header has.
    const endless = Buffer.concat([
      bytes.subarray(0, 12),
      Buffer.from('JUNK'),
      Buffer.alloc(4),
      Buffer.alloc(20_000_000),
    ]);
    endless.writeUInt32LE(19_000_000, 16);
    await problemWith('notAudio', events(await put('in.wav', endless)));
  });

  it('refuses a header that ended when the file became shorter', async () => {
    const spec = { format: 'int16', rateHz: 16_000, channelCount: 1, junkBytes: 6000 } as const;
    const recording = await put('in.wav', wavOf(Buffer.alloc(100), spec));
    await fs.truncate(recording.path, 3000);
    await problemWith('notAudio', events(recording, AbortSignal.timeout(10_000)));
  });

  for (const format of ['int16', 'int24'] as const) {
    it(`uses what is there of a file that ended early (${format})`, async () => {
      const spec: WavSpec = { format, rateHz: 16_000, channelCount: 1, sampleCount: 5000, sample: tone(440, 16_000) };
      const whole = wavFile(spec);
      const bytes = format === 'int16' ? 2 : 3;
      const audio = await prepare(await put('in.wav', whole.subarray(0, 44 + 3000 * bytes + 1)));
      assert.deepEqual([audio.sampleCount, audio.isTruncated], [3000, true]);
      const complete = await prepare(await put('in.wav', whole));
      assert.deepEqual([complete.sampleCount, complete.isTruncated], [5000, false]);
    });

    for (const declaredBytes of [0, 0xffff_ffff, 0x7fff_ffff - 44, 0x7fff_f000]) {
      it(`takes a size of ${declaredBytes} for a writer that could not seek back (${format})`, async () => {
        const { audio } = await preparedSamples({
          format,
          rateHz: 16_000,
          channelCount: 1,
          sampleCount: 2000,
          sample: tone(440, 16_000),
          declaredBytes,
        });
        assert.deepEqual([audio.sampleCount, audio.isTruncated], [2000, false]);
      });
    }

    it(`leaves out an odd byte at the end (${format})`, async () => {
      const spec = { format, rateHz: 16_000, channelCount: 1 } as const;
      const audio = await prepare(await put('in.wav', wavOf(Buffer.alloc(6001, 7), spec)));
      assert.deepEqual([audio.sampleCount, audio.isTruncated], [format === 'int16' ? 3000 : 2000, false]);
    });

    it(`refuses a file without samples (${format})`, async () => {
      const spec = { format, rateHz: 16_000, channelCount: 1 } as const;
      await problemWith('notAudio', events(await put('in.wav', wavOf(Buffer.alloc(0), spec))));
      await problemWith('notAudio', events(await put('in.wav', wavOf(Buffer.alloc(1), spec))));
      const declared = wavOf(Buffer.alloc(0), { ...spec, declaredBytes: 1000 });
      await problemWith('notAudio', events(await put('in.wav', declared)));
    });
  }

  it('refuses broken headers and says what is wrong', async () => {
    const good = preparedWav(100, () => 0);
    const broken = (change: (bytes: Buffer) => void): Buffer => {
      const bytes = Buffer.from(good);
      change(bytes);
      return bytes;
    };
    for (const bytes of [
      broken((b) => b.writeUInt16LE(0, 22)),
      broken((b) => b.writeUInt32LE(0, 24)),
      broken((b) => b.writeUInt32LE(4_000_000_000, 24)),
      broken((b) => b.writeUInt16LE(7, 32)),
      broken((b) => b.write('xxxx', 36)),
      good.subarray(0, 13),
      good.subarray(0, 30),
      good.subarray(0, 40),
    ]) {
      const problem = await problemWith('notAudio', events(await put('in.wav', bytes)));
      assert.equal(problem.file, 'in.wav');
      assert.notEqual(problem.reason, '');
    }
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
    const running = new FileAudioPreparer(work(), noFfmpeg).prepare(recording, stop.signal);
    await assertPreparing(running);
    stop.abort();
    await assertAborts(running.next());
  });

  it('tells that a file is gone', async () => {
    const recording = await put(
      'in.wav',
      preparedWav(100, () => 0),
    );
    await fs.rm(recording.path);
    await problemWith('fileUnreadable', events(recording));
  });

  it('needs ffmpeg for compressed and for other files', async () => {
    const compressed = preparedWav(100, () => 0);
    compressed.writeUInt16LE(0x11, 20);
    for (const [name, bytes] of [
      ['adpcm.wav', compressed],
      ['talk.mp3', Buffer.from('ID3 and so on')],
      ['talk', Buffer.from('fLaC and so on')],
    ] as const) {
      assert.deepEqual(await problemWith('ffmpegMissing', events(await put(name, bytes))), {
        code: 'ffmpegMissing',
        file: name,
      });
    }
  });

  it('says of a text that is called WAV that it is none, without asking for ffmpeg', async () => {
    for (const name of ['notes.wav', 'NOTES.WAV', 'notes.wave']) {
      const problem = await problemWith('notAudio', events(await put(name, Buffer.from('# Notes\n\nNothing here.\n'))));
      assert.equal(problem.file, name);
    }
  });
});

async function readSamples(audio: PreparedAudio): Promise<number[]> {
  const samples: number[] = [];
  for await (const block of new FileSampleReader().read(audio, NEVER)) for (const s of block) samples.push(s / 32_768);
  return samples;
}
