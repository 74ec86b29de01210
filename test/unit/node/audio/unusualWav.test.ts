import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { problemWith } from '../problems';
import { preparedWav, tone, wavFile, wavOf, type WavSpec } from '../wavFile';
import { wavPreparation } from './wavPreparation';

describe('FileAudioPreparer, WAV by itself', () => {
  const { put, events, prepare, preparedSamples } = wavPreparation();

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
      assert.deepEqual([audio.sampleCount, audio.remarks], [3000, [{ kind: 'truncated' }]]);
      const complete = await prepare(await put('in.wav', whole));
      assert.deepEqual([complete.sampleCount, complete.remarks], [5000, []]);
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
        assert.deepEqual([audio.sampleCount, audio.remarks], [2000, []]);
      });
    }

    it(`leaves out an odd byte at the end (${format})`, async () => {
      const spec = { format, rateHz: 16_000, channelCount: 1 } as const;
      const audio = await prepare(await put('in.wav', wavOf(Buffer.alloc(6001, 7), spec)));
      assert.deepEqual([audio.sampleCount, audio.remarks], [format === 'int16' ? 3000 : 2000, []]);
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
