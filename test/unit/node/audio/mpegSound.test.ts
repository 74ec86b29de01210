import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { mpegSound } from '../../../../src/node/audio/decoders/mpegSound';
import { jfkWav } from '../../../speech';
import { assertSplitsAgree, decibelsBelow, decodedFiles, inBlocks, monoOf, withFlips } from './decodedFiles';

const SPEECH_S = 11;

describe('mpegSound', () => {
  const { file, make, ffmpegMono } = decodedFiles();

  for (const [name, ...args] of [
    ['constant.mp3', '-b:a', '64k'],
    ['variable.mp3', '-q:a', '5', '-ar', '44100', '-ac', '2'],
    ['high.mp3', '-b:a', '128k', '-ar', '48000', '-ac', '2'],
    ['low.mp3', '-b:a', '16k', '-ar', '8000'],
    ['bare.mp3', '-b:a', '48k', '-ar', '22050', '-write_xing', '0', '-id3v2_version', '0'],
    ['tagged.mp3', '-b:a', '64k', '-write_id3v1', '1', '-metadata', `title=${'title '.repeat(9000)}`],
    ['second.mp2', '-b:a', '64k'],
  ] as const) {
    it(`gives ffmpeg’s samples of ${name}`, async function () {
      await make(this, name, '-i', jfkWav(), ...args);
      const track = mpegSound(inBlocks(await fs.readFile(file(name)), 3));
      const ours = await monoOf(track.blocks);
      const theirs = await ffmpegMono(name);
      assert.equal(ours.length, theirs.length);
      // Both compute in 32-bit floats, each step of which is off by 2^-24, 144 dB: a hundred steps leave more than 90. MP2 in ffmpeg is
      // computed in integers and rounded to 16 bit, which is 60 dB below speech.
      assert.ok(decibelsBelow(ours, theirs) > (name.endsWith('2') ? 50 : 90), `${decibelsBelow(ours, theirs)} dB`);
      assert.deepEqual(track.facts(), { isDamaged: false, isTruncated: false, recordedMs: undefined });
    });
  }

  it('gives the same samples however the bytes come, sound or damaged', async function () {
    await make(this, 'speech.mp3', '-t', '4', '-i', jfkWav(), '-q:a', '5');
    const bytes = await fs.readFile(file('speech.mp3'));
    await assertSplitsAgree(bytes, mpegSound);
    await assertSplitsAgree(withFlips(bytes, 30, 1), mpegSound);
    await assertSplitsAgree(Buffer.from(bytes).fill(0, 9000, 14_000), mpegSound);
  });

  it('keeps the time behind bytes that are lost', async function () {
    await make(this, 'speech.mp3', '-i', jfkWav(), '-b:a', '64k');
    const bytes = await fs.readFile(file('speech.mp3'));
    const whole = await monoOf(mpegSound(inBlocks(bytes, 3)).blocks);
    // A quarter of the file.
    const track = mpegSound(inBlocks(Buffer.from(bytes).fill(0, 20_000, 42_000), 3));
    const ours = await monoOf(track.blocks);
    assert.ok(Math.abs(ours.length - whole.length) < 0.15 * 16_000, `${ours.length} of ${whole.length}`);
    assert.deepEqual(track.facts(), { isDamaged: true, isTruncated: false, recordedMs: undefined });
  });

  it('says that a file ends too early', async function () {
    await make(this, 'speech.mp3', '-i', jfkWav(), '-b:a', '64k');
    const bytes = await fs.readFile(file('speech.mp3'));
    const track = mpegSound(inBlocks(bytes.subarray(0, bytes.length * 0.7), 3));
    const ours = await monoOf(track.blocks);
    assert.ok(Math.abs(ours.length / 16_000 - 0.7 * SPEECH_S) < 0.15);
    assert.equal(track.facts().isTruncated, true);
  });

  it('ends with any bytes', async function () {
    await make(this, 'speech.mp3', '-t', '3', '-i', jfkWav(), '-q:a', '5');
    const bytes = await fs.readFile(file('speech.mp3'));
    for (let seed = 1; seed <= 12; seed++) {
      const ours = await monoOf(mpegSound(inBlocks(withFlips(bytes, 20 * seed, seed, 0), 3)).blocks);
      // What is lost may be taken for at most the bytes that are there.
      assert.ok(ours.length < 2 * 3 * 16_000, `${ours.length}`);
      const noise = withFlips(new Uint8Array(100_000), 100_000 * seed, seed, 0);
      assert.ok((await monoOf(mpegSound(inBlocks(noise, 3)).blocks)).length < 100_000);
    }
  });
});
