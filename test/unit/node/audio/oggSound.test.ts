import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { Resampler } from '../../../../src/core/audio/resample';
import { onClock } from '../../../../src/node/audio/decoders/onClock';
import { oggSound } from '../../../../src/node/audio/decoders/oggSound';
import { UnknownSoundError } from '../../../../src/node/audio/decoders/soundTrack';
import { jfkWav } from '../../../speech';
import { assertSplitsAgree, decibelsBelow, decodedFiles, inBlocks, monoOf, withFlips } from './decodedFiles';

const SPEECH_S = 11;
const OPUS = ['-c:a', 'libopus', '-b:a', '32k'];
const VORBIS = ['-c:a', 'libvorbis', '-q:a', '3'];

describe('oggSound', () => {
  const { file, make, ffmpegMono } = decodedFiles();

  const decode = (bytes: Uint8Array): Promise<Float32Array> =>
    monoOf(onClock(oggSound(inBlocks(bytes, 3)).blocks, 600));

  for (const [name, ...args] of [
    ['mono.ogg', ...VORBIS],
    ['stereo.ogg', ...VORBIS, '-ar', '44100', '-ac', '2', '-af', 'aecho'],
    ['high.ogg', '-c:a', 'libvorbis', '-q:a', '7', '-ar', '48000', '-ac', '2'],
    ['flac.ogg', '-c:a', 'flac'],
  ] as const) {
    it(`gives ffmpeg’s samples of ${name}`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      const track = oggSound(inBlocks(await fs.readFile(file(name)), 3));
      const ours = await monoOf(track.blocks);
      const theirs = await ffmpegMono(name);
      assert.equal(ours.length, theirs.length);
      // Both compute in 32-bit floats, each step of which is off by 2^-24, 144 dB: a hundred steps leave more than 90.
      assert.ok(decibelsBelow(ours, theirs) > 90, `${decibelsBelow(ours, theirs)} dB`);
      assert.deepEqual(track.facts(), { isDamaged: false, isTruncated: false, recordedMs: undefined });
    });
  }

  for (const [name, ...args] of [
    ['voice.opus', '-c:a', 'libopus', '-b:a', '24k', '-application', 'voip'],
    ['mixed.opus', ...OPUS],
    ['music.opus', '-c:a', 'libopus', '-b:a', '96k', '-ac', '2', '-af', 'aecho'],
  ] as const) {
    it(`gives libopus’ samples of ${name}`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      const track = oggSound(inBlocks(await fs.readFile(file(name)), 3));
      const ours = await monoOf(track.blocks);
      // ffmpeg's own decoder computes otherwise than libopus where it may; as 16-bit samples libopus' sound is clipped.
      const native = await ffmpegMono(name, '-c:a', 'libopus', '-request_sample_fmt', 'flt');
      const theirs = [-3, -2, -1, 0].map((shift) => {
        const resampler = new Resampler(48_000, 16_000);
        return Float32Array.from([
          ...resampler.push(new Float32Array(-shift)),
          ...resampler.push(native),
          ...resampler.end(),
        ]);
      });
      assert.ok(Math.abs(ours.length - Math.ceil(native.length / 3)) <= 1, `${ours.length} and ${native.length}`);
      const whole = await monoOf(oggSound(inBlocks(await fs.readFile(file(name)), 3), 48_000).blocks);
      assert.equal(whole.length, native.length);
      // Both are libopus in 32-bit floats, each step of which is off by 2^-24, 144 dB. The filters within feed what is off back, and another
      // processor adds in another order: a thousand steps leave more than 80.
      assert.ok(decibelsBelow(whole, native) > 80, `${decibelsBelow(whole, native)} dB at 48 kHz`);
      // libopus comes to 16 kHz by another low-pass filter, which is later by up to 1/16 ms and differs from 7 kHz on: there lies about a
      // hundredth of the power of speech.
      const below = Math.max(...theirs.map((one) => decibelsBelow(ours, one)));
      assert.ok(below > 17, `${below} dB`);
      assert.deepEqual(track.facts(), { isDamaged: false, isTruncated: false, recordedMs: undefined });
    });
  }

  for (const [name, ...args] of [
    ['speech.opus', ...OPUS],
    ['speech.ogg', ...VORBIS],
  ] as const) {
    it(`gives the same samples of ${name} however the bytes come, sound or damaged`, async function () {
      await make(this, name, '-t', '4', '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      await assertSplitsAgree(bytes, oggSound);
      await assertSplitsAgree(withFlips(bytes, 2, 1, 5000), oggSound);
      await assertSplitsAgree(Buffer.from(bytes).fill(0, 8000, 11_000), oggSound);
    });

    it(`keeps the time behind damage, and says where a file ends too early (${name})`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      const [from, to] = [bytes.length * 0.5, bytes.length * 0.7].map(Math.round);
      const whole = await decode(bytes);
      for (const damaged of [
        Buffer.from(bytes).fill(0, from, to),
        Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]),
        withFlips(bytes, 4, 5, 6000),
      ]) {
        const track = oggSound(inBlocks(damaged, 3));
        assert.equal((await monoOf(onClock(track.blocks, 600))).length, whole.length);
        assert.equal(track.facts().isDamaged, true);
      }
      const cut = oggSound(inBlocks(bytes.subarray(0, to), 3));
      const seconds = (await monoOf(cut.blocks)).length / 16_000;
      assert.ok(seconds > 0.4 * SPEECH_S && seconds < 0.8 * SPEECH_S, `${seconds} s`);
      assert.equal(cut.facts().isTruncated, true);
    });

    it(`plays streams one behind the other (${name})`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      await make(this, `two-${name}`, '-t', '3', '-i', jfkWav(), ...args);
      const [one, two] = [await fs.readFile(file(name)), await fs.readFile(file(`two-${name}`))];
      const [first, second] = [await decode(one), await decode(two)];
      const both = await decode(Buffer.concat([one, two]));
      assert.equal(both.length, first.length + second.length);
      assert.deepEqual(both.subarray(first.length), second);
    });

    it(`begins at zero where the first pages are missing (${name})`, async function () {
      await make(this, name, '-i', jfkWav(), ...args, '-page_duration', '500000');
      const bytes = await fs.readFile(file(name));
      const pages = [...bytes.toString('latin1').matchAll(/OggS/g)].map(({ index }) => index);
      // A program that listens to a station gets the heads and then what is played.
      const late = Buffer.concat([bytes.subarray(0, pages[2]), bytes.subarray(pages[8])]);
      const lost = (await decode(bytes)).length - (await decode(late)).length;
      assert.ok(lost > 2 * 16_000 && lost < 8 * 16_000, `${lost}`);
    });

    it(`ends with any bytes (${name})`, async function () {
      await make(this, name, '-t', '3', '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      for (let seed = 1; seed <= 12; seed++) {
        const damaged = withFlips(bytes, 3 * seed, seed, 200);
        const heard = await decode(damaged).catch((error: unknown) => error);
        if (heard instanceof Float32Array) assert.ok(heard.length <= 3.2 * 16_000, `${heard.length}`);
        else assert.ok(heard instanceof Error);
      }
    });
  }

  it('tells when it was recorded', async function () {
    await make(this, 'dated.opus', '-i', jfkWav(), ...OPUS, '-metadata', 'creation_time=2025-03-01T14:00:00Z');
    const track = oggSound(inBlocks(await fs.readFile(file('dated.opus')), 3));
    await monoOf(track.blocks);
    assert.equal(track.facts().recordedMs, Date.UTC(2025, 2, 1, 14));
  });

  it('leaves what it does not know to others', async () => {
    const page = Buffer.alloc(28 + 20);
    page.write('OggS', 'latin1');
    page.writeUInt8(1, 26);
    page.writeUInt8(20, 27);
    page.write('Speex   1.2', 28, 'latin1');
    await assert.rejects(decode(withChecksums(page, page)), UnknownSoundError);
  });
});

/** Two pages, of which the first begins a stream. */
function withChecksums(first: Buffer, second: Buffer): Buffer {
  const pages = [first, second].map((page, i) => {
    const copy = Buffer.from(page);
    copy.writeUInt8(i === 0 ? 2 : 0, 5);
    copy.writeUInt32LE(i, 18);
    let crc = 0;
    for (const value of copy) {
      crc = (crc ^ (value << 24)) >>> 0;
      for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1) >>> 0;
    }
    copy.writeUInt32LE(crc, 22);
    return copy;
  });
  return Buffer.concat(pages);
}
