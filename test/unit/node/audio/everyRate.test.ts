import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import { promisify } from 'node:util';
import { bytesToInt16 } from '../../../../src/core/audio/pcm';
import type { PreparedAudio } from '../../../../src/core/model';
import { jfkWav, skipWithReason } from '../../../speech';
import { decibelsBelow, decodedFiles } from './decodedFiles';

const run = promisify(execFile);

interface Format {
  readonly ending: string;
  readonly encoding: readonly string[];
  /** What ffmpeg is told before it decodes. */
  readonly decoding?: readonly string[];
  readonly isLossless?: boolean;
}

/** 64 kbit/s keep Opus in the one of its two modes that is not late at 16 kHz; oggSound.test.ts has the other. */
const OPUS = {
  encoding: ['-c:a', 'libopus', '-b:a', '64k'],
  decoding: ['-c:a', 'libopus', '-request_sample_fmt', 'flt'],
};

const FORMATS: readonly Format[] = [
  { ending: 'wav', encoding: ['-c:a', 'pcm_s16le'], isLossless: true },
  { ending: 'aiff', encoding: ['-c:a', 'pcm_s16be'], isLossless: true },
  { ending: 'caf', encoding: ['-c:a', 'pcm_s16be'], isLossless: true },
  { ending: 'flac', encoding: ['-c:a', 'flac'], isLossless: true },
  { ending: 'mp3', encoding: ['-c:a', 'libmp3lame', '-q:a', '2'] },
  { ending: 'ogg', encoding: ['-c:a', 'libvorbis', '-q:a', '4'] },
  { ending: 'opus', ...OPUS },
  { ending: 'webm', ...OPUS },
];

const SECONDS = 3;
const NOISE = `anoisesrc=r=48000:d=${SECONDS}:a=0.1:seed=1`;
/** A resampler with a steeper slope than ours, and 100 dB between what it passes and what it stops (Kaiser, beta 12). */
const RESAMPLED = 'filter_size=256:cutoff=0.97:exact_rational=1:filter_type=kaiser:kaiser_beta=12';

/**
 * Speech, and noise where 16 kHz have no room, which would fold down into it. Between the two is a gap for the slopes of all filters, since
 * those differ: at 8 kHz, and where the sound itself has 8,000 samples a second, at 4 kHz.
 */
function sound(rateHz: number, channelCount: number): string {
  const [speechHz, noiseHz] = [rateHz === 8000 ? 3300 : 6600, 9400];
  const steep = (filter: string): string => Array.from({ length: 6 }, () => filter).join(',');
  const joined = channelCount === 1 ? 'amix=inputs=2:normalize=0' : 'join=inputs=2:channel_layout=stereo';
  const outputs = FORMATS.map((_, i) => `[out${i}]`).join('');
  return [
    `[0:a]atrim=0:${SECONDS},aresample=48000,${steep(`lowpass=f=${speechHz}`)},volume=0.7,asplit[speech][copy]`,
    `[1:a]${steep(`highpass=f=${noiseHz}`)}[noise]`,
    '[copy]adelay=240S,volume=0.6[late]',
    '[late][noise]amix=inputs=2:duration=shortest:normalize=0[other]',
    `[speech][other]${joined},aresample=${rateHz}:${RESAMPLED},asplit=${FORMATS.length}${outputs}`,
  ].join(';');
}

/**
 * How far our samples have to agree. At 16 kHz only rounding differs: a 16-bit sample is off by up to 96 dB below full scale, and this sound
 * lies 20 dB below that. At other rates two filters differ, each of which may be off by 60 dB (`core/audio/resample.ts`): 57 together; and
 * what a codec adds within the gap lies on their slopes. Opus has no filter at 16 kHz: libopus leaves out what lies above 8 kHz.
 */
function leastDecibels({ decoding }: Format, rateHz: number): number {
  return rateHz === 16_000 && !decoding ? 70 : 55;
}

describe('Every rate, in every format', () => {
  const { file, ffmpeg, prepare } = decodedFiles();

  for (const rateHz of [8000, 16_000, 22_050, 44_100, 48_000])
    for (const channelCount of [1, 2])
      it(`gives ffmpeg’s samples, at their time (${rateHz} Hz, ${channelCount === 1 ? 'mono' : 'stereo'})`, async function () {
        this.timeout(60_000);
        const inputs = ['-i', jfkWav(), '-f', 'lavfi', '-i', NOISE, '-filter_complex', sound(rateHz, channelCount)];
        const made = FORMATS.flatMap(({ ending, encoding }, i) => [
          ...['-map', `[out${i}]`, ...encoding],
          file(`speech.${ending}`),
        ]);
        try {
          await run(ffmpeg(), ['-nostdin', '-v', 'error', '-y', ...inputs, ...made]);
        } catch (error) {
          if (/unknown encoder|encoder not found/i.test(String(error))) skipWithReason(this, 'this ffmpeg lacks an encoder'); // prettier-ignore
          throw error;
        }
        const mono = channelCount === 1 ? 'anull' : 'pan=mono|c0=0.5*c0+0.5*c1';
        const filters = FORMATS.map((_, i) => `[${i}:a]${mono},aresample=16000:${RESAMPLED}[out${i}]`);
        await run(ffmpeg(), [
          ...['-nostdin', '-v', 'error', '-y'],
          ...FORMATS.flatMap(({ ending, decoding = [] }) => [...decoding, '-i', file(`speech.${ending}`)]),
          ...['-filter_complex', filters.join(';')],
          ...FORMATS.flatMap(({ ending }, i) => ['-map', `[out${i}]`, '-f', 'f32le', file(`${ending}.f32`)]),
        ]);
        for (const format of FORMATS) {
          const ours = await samplesOf(await prepare(`speech.${format.ending}`, 'alone'));
          const theirs = await floatsIn(file(`${format.ending}.f32`));
          const lengths = `${format.ending}: ${ours.length} samples, ffmpeg ${theirs.length}`;
          assert.ok(Math.abs(ours.length - theirs.length) <= 1 && ours.length > 2.9 * 16_000, lengths);
          if (format.isLossless === true && rateHz === 16_000) assertWithin(ours, theirs, 1 / 32_768);
          const below = decibelsBelow(ours, theirs);
          assert.ok(below > leastDecibels(format, rateHz), `${format.ending}: ${below} dB`);
        }
      });
});

function assertWithin(ours: Float32Array, theirs: Float32Array, most: number): void {
  assert.equal(
    ours.findIndex((value, i) => Math.abs(value - (theirs[i] ?? 0)) > most),
    -1,
  );
}

async function samplesOf({ path, dataOffsetBytes, sampleCount }: PreparedAudio): Promise<Float32Array> {
  const bytes = await fs.readFile(path);
  const samples = bytesToInt16(bytes.subarray(dataOffsetBytes, dataOffsetBytes + 2 * sampleCount));
  return Float32Array.from(samples, (value) => value / 32_768);
}

async function floatsIn(path: string): Promise<Float32Array> {
  const bytes = await fs.readFile(path);
  return new Float32Array(bytes.length / 4).map((_, i) => bytes.readFloatLE(4 * i));
}
