import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { flacSound } from '../../../../src/node/audio/decoders/flacSound';
import { onClock } from '../../../../src/node/audio/decoders/onClock';
import { UnknownSoundError } from '../../../../src/node/audio/decoders/soundTrack';
import { jfkWav } from '../../../speech';
import { assertSplitsAgree, decodedFiles, inBlocks, monoOf, withFlips } from './decodedFiles';

const SAMPLES = 11 * 16_000;
const FRAME = 4608;

describe('flacSound', () => {
  const { file, make, ffmpegMono } = decodedFiles();

  for (const [name, ...args] of [
    ['speech.flac'],
    ['stereo.flac', '-ar', '44100', '-ac', '2', '-af', 'aecho'],
    ['deep.flac', '-ar', '48000', '-sample_fmt', 's32', '-bits_per_raw_sample', '24', '-af', 'volume=0.7'],
    ['fast.flac', '-ar', '96000', '-compression_level', '0'],
    ['tagged.flac', '-metadata', `title=${'title '.repeat(9000)}`],
  ] as const) {
    it(`gives the very samples of ${name}`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      const track = flacSound(inBlocks(await fs.readFile(file(name)), 3));
      const ours = await monoOf(track.blocks);
      const theirs = await ffmpegMono(name);
      assert.equal(ours.length, theirs.length);
      // The package's figures are 32-bit floats, of which a scale of ours changes the last bit.
      assert.ok(ours.every((value, i) => Math.abs(value - (theirs[i] ?? 0)) < 2 ** -22));
      assert.deepEqual(track.facts(), { isDamaged: false, isTruncated: false, recordedMs: undefined });
    });
  }

  it('gives the same samples however the bytes come, sound or damaged', async function () {
    await make(this, 'speech.flac', '-t', '4', '-i', jfkWav());
    const bytes = await fs.readFile(file('speech.flac'));
    await assertSplitsAgree(bytes, flacSound);
    await assertSplitsAgree(withFlips(bytes, 5, 1), flacSound);
    await assertSplitsAgree(Buffer.from(bytes).fill(0, 20_000, 50_000), flacSound);
  });

  it('loses the frames that damage hits, and no time', async function () {
    await make(this, 'speech.flac', '-i', jfkWav());
    const bytes = await fs.readFile(file('speech.flac'));
    const whole = await monoOf(flacSound(inBlocks(bytes, 3)).blocks);
    for (const damaged of [
      Buffer.from(bytes).fill(0, 60_000, 90_000),
      Buffer.from(bytes).fill(0xff, 60_000, 90_000),
      Buffer.concat([bytes.subarray(0, 60_000), bytes.subarray(90_000)]),
      withFlips(bytes, 6, 5, 20_000),
    ]) {
      const track = flacSound(inBlocks(damaged, 3));
      const ours = await monoOf(onClock(track.blocks, 60));
      assert.equal(ours.length, SAMPLES);
      const lost = ours.reduce((count, value, i) => count + (value === whole[i] ? 0 : 1), 0);
      assert.ok(lost < 9 * FRAME, `${lost} samples`);
      assert.deepEqual(track.facts(), { isDamaged: true, isTruncated: false, recordedMs: undefined });
    }
  });

  it('says that a file ends too early, and when it was recorded', async function () {
    await make(this, 'speech.flac', '-i', jfkWav(), '-metadata', 'creation_time=2025-03-01T14:00:00Z');
    const bytes = await fs.readFile(file('speech.flac'));
    const track = flacSound(inBlocks(bytes.subarray(0, bytes.length * 0.7), 3));
    const ours = await monoOf(track.blocks);
    assert.ok(ours.length > 0.6 * SAMPLES && ours.length < 0.8 * SAMPLES);
    assert.deepEqual(track.facts(), { isDamaged: true, isTruncated: true, recordedMs: Date.UTC(2025, 2, 1, 14) });
  });

  it('plays files that were joined', async function () {
    await make(this, 'speech.flac', '-i', jfkWav());
    const bytes = await fs.readFile(file('speech.flac'));
    const track = flacSound(inBlocks(Buffer.concat([bytes, bytes]), 3));
    const { length } = await monoOf(onClock(track.blocks, 60));
    // The first file's last frame has no successor, which would show where it ends.
    assert.ok(length > 2 * SAMPLES - FRAME && length <= 2 * SAMPLES, `${length}`);
  });

  it('leaves depths to others that the package does not know', async function () {
    await make(this, 'speech.flac', '-i', jfkWav());
    const bytes = await fs.readFile(file('speech.flac'));
    // 12 bit: the depth's lower bits stand in the thirteenth byte of the first block.
    bytes[8 + 13] = ((bytes[8 + 13] ?? 0) & 0x0f) | 0xb0;
    bytes[8 + 12] = (bytes[8 + 12] ?? 0) & 0xfe;
    await assert.rejects(monoOf(flacSound(inBlocks(bytes, 3)).blocks), UnknownSoundError);
  });

  it('ends with any bytes', async function () {
    await make(this, 'speech.flac', '-t', '3', '-i', jfkWav());
    const bytes = await fs.readFile(file('speech.flac'));
    for (let seed = 1; seed <= 12; seed++) {
      const track = flacSound(inBlocks(withFlips(bytes, 20 * seed, seed, 42), 3));
      assert.ok((await monoOf(track.blocks)).length <= 3 * 16_000);
      const noise = withFlips(bytes, 100_000, seed, 42);
      await monoOf(flacSound(inBlocks(noise, 3)).blocks);
      assert.equal((await monoOf(flacSound(inBlocks(noise.subarray(500), 3)).blocks)).length, 0);
    }
  });
});
