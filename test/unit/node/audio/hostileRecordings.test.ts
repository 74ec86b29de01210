import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { MinutesError } from '../../../../src/core/errors';
import { matroskaTracks } from '../../../../src/node/audio/decoders/matroskaSound';
import { UnknownSoundError } from '../../../../src/node/audio/decoders/soundTrack';
import { jfkWav } from '../../../speech';
import { seededRandom } from '../../core/random';
import { problemFrom } from '../problems';
import { wavFile } from '../wavFile';
import { decodedFiles, inBlocks } from './decodedFiles';
import { wavPreparation } from './wavPreparation';

const SOUND_S = 1;
const CASES = 40;
/** Damage may repeat a second of sound, or leave a pause of the file's own clock that is as long as a stretch which it replaced. */
const LONGEST_S = 3 * 3600 + 60;
/** Heads of all formats end before that. */
const HEAD_BYTES = 700;

const FORMATS = [
  ['speech.wav', '-ar', '44100', '-ac', '2'],
  ['speech.aiff', '-ar', '44100', '-ac', '2'],
  ['speech.caf', '-c:a', 'pcm_s24be'],
  ['speech.mp3', '-b:a', '64k'],
  ['speech.flac'],
  ['speech.opus', '-c:a', 'libopus'],
  ['speech.ogg', '-c:a', 'libvorbis'],
  ['in.ogg', '-c:a', 'flac', '-page_duration', '50000'],
  ['speech.webm', '-c:a', 'libopus'],
  ['speech.mkv', '-c:a', 'libvorbis'],
  ['speech.mka', '-c:a', 'flac'],
] as const;

describe('FileAudioPreparer, recordings made to harm', function () {
  this.timeout(60_000);

  describe('by chance', () => {
    const { file, make, prepare } = decodedFiles();

    for (const [name, ...args] of FORMATS) {
      it(`has no errors but its own, and no more sound than can be (${name})`, async function () {
        await make(this, name, '-t', String(SOUND_S), '-i', jfkWav(), ...args);
        const bytes = await fs.readFile(file(name));
        const random = seededRandom(FORMATS.findIndex(([one]) => one === name) + 1);
        let understood = 0;
        for (let n = 0; n < CASES; n++) {
          const harmed = harm(bytes, random);
          await fs.writeFile(file(name), harmed);
          const found = await prepare(name, 'alone').catch((error: unknown) => error);
          if (found instanceof Error) assert.ok(found instanceof MinutesError, `case ${n}: ${found.stack}`);
          else understood++;
          if (found instanceof Error || typeof found !== 'object' || found === null) continue;
          assert.ok('sampleCount' in found && typeof found.sampleCount === 'number');
          assert.ok(found.sampleCount / 16_000 < LONGEST_S, `case ${n}: ${found.sampleCount} samples`);
        }
        // What cannot fail would be harmed where nobody looks.
        assert.ok(understood > 0 && understood < CASES, `${understood} of ${CASES}`);
      });
    }

    it('decodes no rate that nobody records at, and no crowd of tracks', async function () {
      await make(this, 'speech.mkv', '-t', '1', '-i', jfkWav(), '-c:a', 'libvorbis');
      const bytes = await fs.readFile(file('speech.mkv'));
      const head = bytes.indexOf('\x01vorbis', 0, 'latin1');
      for (const rateHz of [0, 1, 700, 1_500_000, 0xffff_ffff]) {
        const wrong = Buffer.from(bytes);
        wrong.writeUInt32LE(rateHz, head + 12);
        await fs.writeFile(file('speech.mkv'), wrong);
        assert.equal((await problemFrom(prepare('speech.mkv', 'alone'))).code, 'ffmpegMissing', `${rateHz} Hz`);
      }
      await assert.rejects(matroskaTracks(inBlocks(withManyTracks(bytes, 300), 4)), UnknownSoundError);
      assert.equal((await matroskaTracks(inBlocks(withManyTracks(bytes, 3), 4))).length, 3);
    });
  });

  describe('in their heads', () => {
    const { put, prepare } = wavPreparation();

    it('reads no samples at a rate that nobody records at', async () => {
      for (const rateHz of [1, 7, 500]) {
        const spec = { format: 'int16', channelCount: 1, sampleCount: 40, sample: () => 0, rateHz } as const;
        const problem = await problemFrom(put('in.wav', wavFile(spec)).then(prepare));
        assert.deepEqual(
          [problem.code, 'reason' in problem && problem.reason],
          ['notAudio', `its rate is ${rateHz} Hz`],
        );
      }
    });

    it('reads no samples in thousands of channels', async () => {
      const spec = { format: 'int16', channelCount: 5000, sampleCount: 4, sample: () => 0, rateHz: 16_000 } as const;
      const problem = await problemFrom(put('in.wav', wavFile(spec)).then(prepare));
      assert.deepEqual([problem.code, 'reason' in problem && problem.reason], ['notAudio', 'it has 5000 channels']);
    });
  });
});

/** A file with one or some of what goes wrong: bits, figures, lengths, order. */
function harm(bytes: Buffer, random: () => number): Buffer {
  let harmed = Buffer.from(bytes);
  const upTo = (end: number): number => Math.floor(random() * end);
  for (let count = 1 + upTo(3); count > 0; count--) {
    const at = random() < 0.7 ? upTo(Math.min(HEAD_BYTES, harmed.length)) : upTo(harmed.length);
    const length = Math.min([1, 2, 4, 8][upTo(4)] ?? 1, harmed.length - at);
    switch (upTo(5)) {
      case 0:
        harmed[at] = (harmed[at] ?? 0) ^ (1 << upTo(8));
        break;
      case 1:
        // Figures at the edges of what fits, with the first byte or the last foremost.
        harmed.fill([0x00, 0x7f, 0x80, 0xff][upTo(4)] ?? 0, at, at + length);
        break;
      case 2:
        harmed = harmed.subarray(0, 12 + upTo(harmed.length));
        break;
      case 3:
        harmed = Buffer.concat([harmed.subarray(0, at), harmed.subarray(upTo(harmed.length))]);
        break;
      default:
        for (let i = at; i < at + 40 * length && i < harmed.length; i++) harmed[i] = upTo(256);
    }
  }
  return harmed.length === 0 ? Buffer.alloc(1) : harmed;
}

/** A Matroska file whose first track is there so many times. */
function withManyTracks(bytes: Buffer, count: number): Buffer {
  // The list of places before it names it as well.
  const at = bytes.subarray(0, 2000).lastIndexOf(Buffer.from('1654ae6b', 'hex'));
  const [sizeBytes, length] = vint(bytes, at + 4);
  const body = bytes.subarray(at + 4 + length, at + 4 + length + sizeBytes);
  // A checksum of six bytes stands before it.
  const entryAt = body.indexOf(0xae, 6);
  const [entryBytes, entryLength] = vint(body, entryAt + 1);
  const entry = body.subarray(entryAt, entryAt + 1 + entryLength + entryBytes);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(count * entry.length));
  size[0] = 1;
  return Buffer.concat([bytes.subarray(0, at + 4), size, ...Array.from({ length: count }, () => entry)]);
}

/** A number of EBML and how many bytes it takes. */
function vint(bytes: Buffer, at: number): readonly [value: number, length: number] {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  let value = first & (2 ** (8 - length) - 1);
  for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return [value, length];
}
