import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { readPcmFile } from '../../../../src/core/audio/files/readPcmFile';
import { flacSound } from '../../../../src/node/audio/decoders/flacSound';
import { matroskaSound, matroskaTracks } from '../../../../src/node/audio/decoders/matroskaSound';
import { mpegSound } from '../../../../src/node/audio/decoders/mpegSound';
import { oggSound } from '../../../../src/node/audio/decoders/oggSound';
import type { SoundTrack } from '../../../../src/node/audio/decoders/soundTrack';
import { toMono } from '../../../../src/node/audio/toMono';
import { jfkWav } from '../../../speech';
import { assertSplitsAgree, decodedFiles, inBlocks, withFlips } from './decodedFiles';

const OPUS = ['-c:a', 'libopus', '-b:a', '32k'];
const STEREO = ['-ar', '44100', '-ac', '2'];

type Open = (blocks: AsyncIterable<Uint8Array>) => SoundTrack;

const openerOf = async (name: string, bytes: Uint8Array): Promise<Open> => {
  if (name.endsWith('.mp3')) return mpegSound;
  if (name.endsWith('.flac')) return flacSound;
  if (/\.(ogg|opus)$/.test(name)) return oggSound;
  const [track] = await matroskaTracks(inBlocks(bytes, 4));
  assert.ok(track);
  return (blocks) => matroskaSound(blocks, track);
};

/** Blocks of one byte, of fifty, and of any size give the same samples: of whole files, joined, cut and damaged ones. */
describe('Decoders, in any split', function () {
  this.timeout(60_000);
  const { file, make } = decodedFiles();

  for (const [name, ...args] of [
    ['constant.mp3', '-b:a', '48k', '-metadata', `title=${'title '.repeat(900)}`, '-write_id3v1', '1'],
    ['variable.mp3', '-q:a', '6', ...STEREO],
    ['stereo.flac', ...STEREO],
    ['deep.flac', '-sample_fmt', 's32', '-bits_per_raw_sample', '24'],
    ['speech.opus', ...OPUS, '-page_duration', '200000'],
    ['stereo.opus', ...OPUS, '-ac', '2', '-page_duration', '200000'],
    ['speech.ogg', '-c:a', 'libvorbis', '-page_duration', '200000'],
    ['flac.ogg', '-c:a', 'flac', '-page_duration', '200000'],
    ['voice.webm', ...OPUS],
    ['live.webm', ...OPUS, '-f', 'webm', '-live', '1'],
    ['vorbis.mka', '-c:a', 'libvorbis', ...STEREO],
    ['flac.mka', '-c:a', 'flac'],
  ] as const) {
    it(`give the same samples of ${name}`, async function () {
      await make(this, name, '-t', '1.2', '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      const open = await openerOf(name, bytes);
      const half = Math.round(bytes.length / 2);
      for (const odd of [
        bytes,
        Buffer.concat([bytes, bytes]),
        bytes.subarray(0, bytes.length - 100),
        withFlips(bytes, 3, 1, half),
        Buffer.from(bytes).fill(0, half, half + 900),
        Buffer.concat([bytes.subarray(0, half), bytes.subarray(half + 700)]),
      ]) {
        await assertSplitsAgree(odd, open, [4, 5, 1, 2]);
      }
    });
  }

  for (const [name, ...args] of [
    ['speech.wav', ...STEREO],
    ['deep.wav', '-c:a', 'pcm_s24le', '-ac', '2'],
    ['speech.aiff', ...STEREO],
    ['speech.caf', '-c:a', 'pcm_f32be', '-ar', '22050'],
  ] as const) {
    it(`give the same samples of ${name}`, async function () {
      await make(this, name, '-t', '0.2', '-i', jfkWav(), ...args);
      const bytes = await fs.readFile(file(name));
      const read = (at: number, length: number): Promise<Uint8Array> =>
        Promise.resolve(bytes.subarray(at, at + length));
      const found = await readPcmFile({ sizeBytes: bytes.length, read });
      assert.ok(found.kind === 'pcm');
      const { dataOffsetBytes } = found.layout;
      // The last frame may be cut.
      for (const lengthBytes of [found.usedBytes, found.usedBytes - 1]) {
        const data = bytes.subarray(dataOffsetBytes, dataOffsetBytes + lengthBytes);
        const seen = new Set<string>();
        for (const seed of [4, 1, 2, 3]) {
          const parts: Uint8Array[] = [];
          for await (const part of toMono(inBlocks(data, seed), found.layout).pcm) parts.push(part);
          seen.add(Buffer.concat(parts).toString('base64'));
        }
        assert.equal(seen.size, 1);
        assert.ok([...seen].every((one) => one.length > 1000));
      }
    });
  }
});
