import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { Resampler } from '../../../../src/core/audio/resample';
import { matroskaSound, matroskaTracks } from '../../../../src/node/audio/decoders/matroskaSound';
import type { OpusRateHz } from '../../../../src/node/audio/decoders/packetDecoders';
import { onClock } from '../../../../src/node/audio/decoders/onClock';
import { UnknownSoundError, type SoundTrack } from '../../../../src/node/audio/decoders/soundTrack';
import { jfkWav } from '../../../speech';
import { assertSplitsAgree, decibelsBelow, decodedFiles, inBlocks, monoOf, withFlips } from './decodedFiles';

const SPEECH_S = 11;
const OPUS = ['-c:a', 'libopus', '-b:a', '32k'];
const VORBIS = ['-c:a', 'libvorbis', '-q:a', '3'];

describe('matroskaSound', () => {
  const { file, make, ffmpegMono } = decodedFiles();

  /** The first track of a file, as its bytes come. */
  async function opener(
    bytes: Uint8Array,
    opusHz?: OpusRateHz,
  ): Promise<(blocks: AsyncIterable<Uint8Array>) => SoundTrack> {
    const [track] = await matroskaTracks(inBlocks(bytes, 3));
    assert.ok(track);
    return (blocks) => matroskaSound(blocks, track, opusHz);
  }

  for (const [name, ...args] of [
    ['mono.mkv', ...VORBIS],
    ['stereo.webm', ...VORBIS, '-ar', '44100', '-ac', '2', '-af', 'aecho'],
    ['flac.mkv', '-c:a', 'flac'],
    ['music.mkv', '-c:a', 'flac', '-ar', '48000', '-ac', '2', '-af', 'aecho'],
  ] as const) {
    it(`gives ffmpeg’s samples of ${name}`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      const track = (await opener(bytes))(inBlocks(bytes, 3));
      const ours = await monoOf(track.blocks);
      const theirs = await ffmpegMono(name);
      assert.ok(Math.abs(ours.length - theirs.length) <= 1024, `${ours.length} and ${theirs.length}`);
      // Both compute in 32-bit floats, each step of which is off by 2^-24, 144 dB: a hundred steps leave more than 90.
      assert.ok(decibelsBelow(ours, theirs.subarray(0, ours.length)) > 90, `${decibelsBelow(ours, theirs)} dB`);
      assert.deepEqual(track.facts(), { isDamaged: false, isTruncated: false, recordedMs: undefined });
    });
  }

  for (const [name, ...args] of [
    ['voice.webm', ...OPUS],
    ['music.webm', '-c:a', 'libopus', '-b:a', '96k', '-ac', '2', '-af', 'aecho'],
    ['live.webm', ...OPUS, '-f', 'webm', '-live', '1'],
  ] as const) {
    it(`gives libopus’ samples of ${name}`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      const track = (await opener(bytes))(inBlocks(bytes, 3));
      const ours = await monoOf(onClock(track.blocks, 60));
      const native = await ffmpegMono(name, '-c:a', 'libopus', '-request_sample_fmt', 'flt');
      const wholeTrack = (await opener(bytes, 48_000))(inBlocks(bytes, 3));
      const whole = await monoOf(onClock(wholeTrack.blocks, 60));
      // See oggSound.test.ts.
      const wholeBelow = decibelsBelow(whole, native.subarray(0, whole.length));
      assert.ok(wholeBelow > 80, `${wholeBelow} dB at 48 kHz`);
      // See oggSound.test.ts: libopus comes to 16 kHz by another filter.
      const below = [-3, -2, -1, 0].map((shift) => {
        const resampler = new Resampler(48_000, 16_000);
        const parts = [resampler.push(new Float32Array(-shift)), resampler.push(native), resampler.end()];
        return decibelsBelow(ours, Float32Array.from(parts.flatMap((part) => [...part])).subarray(0, ours.length));
      });
      assert.ok(Math.max(...below) > 17, `${below.join(', ')} dB`);
      assert.ok(Math.abs(ours.length - native.length / 3) < 0.025 * 16_000, `${ours.length} of ${native.length / 3}`);
      assert.equal(track.facts().isDamaged, false);
    });
  }

  for (const [name, ...args] of [
    ['speech.webm', ...OPUS],
    ['speech.mkv', ...VORBIS],
  ] as const) {
    it(`gives the same samples of ${name} however the bytes come, sound or damaged`, async function () {
      await make(this, name, '-t', '7', '-i', jfkWav(), ...args, '-cluster_time_limit', '1000');
      const bytes = await fs.readFile(file(name));
      const open = await opener(bytes);
      await assertSplitsAgree(bytes, open);
      await assertSplitsAgree(withFlips(bytes, 5, 1, 6000), open);
      await assertSplitsAgree(Buffer.from(bytes).fill(0, 8000, 11_000), open);
    });

    it(`keeps the time behind damage, and says where a file ends too early (${name})`, async function () {
      await make(this, name, '-i', jfkWav(), ...args, '-cluster_time_limit', '1000');
      const bytes = await fs.readFile(file(name));
      const open = await opener(bytes);
      const whole = await monoOf(onClock(open(inBlocks(bytes, 3)).blocks, 60));
      const [from, to] = [Math.round(bytes.length * 0.5), Math.round(bytes.length * 0.7)];
      for (const damaged of [
        Buffer.from(bytes).fill(0, from, to),
        Buffer.from(bytes).fill(0xa3, from, to),
        Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]),
      ]) {
        const track = open(inBlocks(damaged, 3));
        const ours = await monoOf(onClock(track.blocks, 60));
        assert.ok(Math.abs(ours.length - whole.length) < 320, `${ours.length} of ${whole.length}`);
        assert.equal(track.facts().isDamaged, true);
        assert.equal(track.facts().isTruncated, false);
      }
      const cut = open(inBlocks(bytes.subarray(0, to), 3));
      const seconds = (await monoOf(cut.blocks)).length / 16_000;
      assert.ok(seconds > 0.6 * SPEECH_S && seconds < 0.8 * SPEECH_S, `${seconds} s`);
      assert.equal(cut.facts().isTruncated, true);
    });

    it(`ends with any bytes (${name})`, async function () {
      await make(this, name, '-t', '3', '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      for (let seed = 1; seed <= 12; seed++) {
        const damaged = withFlips(bytes, 5 * seed, seed, 40);
        try {
          await monoOf(onClock((await opener(damaged))(inBlocks(damaged, 3)).blocks, 600));
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }
    });
  }

  it('plays files that were joined', async function () {
    await make(this, 'speech.webm', '-i', jfkWav(), ...OPUS);
    const bytes = await fs.readFile(file('speech.webm'));
    const track = (await opener(bytes))(inBlocks(Buffer.concat([bytes, bytes]), 3));
    const seconds = (await monoOf(onClock(track.blocks, 60))).length / 16_000;
    assert.ok(Math.abs(seconds - 2 * SPEECH_S) < 0.05, `${seconds} s`);
  });

  it('leaves what it does not know to others', async function () {
    await make(this, 'aac.mkv', '-i', jfkWav(), '-c:a', 'aac');
    const bytes = await fs.readFile(file('aac.mkv'));
    await assert.rejects(matroskaTracks(inBlocks(bytes, 3)), UnknownSoundError);
    await assert.rejects(matroskaTracks(inBlocks(bytes.subarray(0, 60), 3)), UnknownSoundError);
  });
});
