import fs from 'node:fs/promises';
import { int16ToBytes } from '../../../../src/core/audio/pcm';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { seededRandom } from '../../core/random';
import { makeWithFfmpeg } from '../audio/decodedFiles';
import { wavOf } from '../wavFile';
import { PREPARED } from './fileTranscriptions';

/** A recording of runs that are killed. */
export interface KilledRecording {
  readonly name: string;
  /** How ffmpeg makes it of the samples. */
  readonly encoding: readonly string[];
  /** Whether nobody pauses in it, so that its chunks overlap. */
  readonly isUnpaused: boolean;
}

const OPUS = ['-c:a', 'libopus', '-b:a', '24k'];
const VORBIS = ['-c:a', 'libvorbis', '-q:a', '2'];

/** One of each kind that is read: as it lies, by a reader of ours, by a decoder that comes along, by ffmpeg. */
export const KILLED_RECORDINGS: readonly KilledRecording[] = [
  { name: 'talk.wav', encoding: [], isUnpaused: false },
  { name: 'talk.aiff', encoding: ['-ar', '44100', '-ac', '2'], isUnpaused: true },
  { name: 'talk.caf', encoding: ['-c:a', 'pcm_s24be', '-ar', '48000'], isUnpaused: false },
  { name: 'talk.mp3', encoding: ['-b:a', '48k'], isUnpaused: true },
  { name: 'talk.flac', encoding: ['-ar', '22050'], isUnpaused: false },
  { name: 'talk.opus', encoding: OPUS, isUnpaused: true },
  { name: 'talk.ogg', encoding: VORBIS, isUnpaused: false },
  { name: 'talk.webm', encoding: OPUS, isUnpaused: false },
  { name: 'talk.mka', encoding: ['-c:a', 'flac'], isUnpaused: true },
  { name: 'talk.m4a', encoding: ['-c:a', 'aac', '-b:a', '48k'], isUnpaused: true },
];

/** Makes the recording; skips the test where ffmpeg is wanted for it and cannot. */
export async function makeKilledRecording(
  context: Mocha.Context,
  { encoding, isUnpaused }: KilledRecording,
  file: string,
  lengthS: number,
): Promise<void> {
  const source = encoding.length === 0 ? file : `${file}.wav`;
  await fs.writeFile(source, wavOf(int16ToBytes(syllables(lengthS, isUnpaused)), PREPARED));
  if (encoding.length > 0) await makeWithFfmpeg(context, file, '-i', source, ...encoding);
}

/**
 * Bursts of noise whose loudness goes up and down as syllables do, with pauses between where there are any: no two stretches are the same.
 */
function syllables(seconds: number, isUnpaused: boolean): Int16Array {
  const random = seededRandom();
  const samples = new Int16Array(seconds * SAMPLE_RATE_HZ);
  for (let at = 0; at < samples.length;) {
    const length = Math.floor((1 + 4 * random()) * SAMPLE_RATE_HZ);
    for (let i = 0; i < length && at + i < samples.length; i++) {
      const loudness = 4000 * (1.2 + Math.sin((2 * Math.PI * 4 * i) / SAMPLE_RATE_HZ));
      samples[at + i] = Math.round((random() * 2 - 1) * loudness);
    }
    at += length + (isUnpaused ? 0 : Math.floor((0.3 + 1.5 * random()) * SAMPLE_RATE_HZ));
  }
  return samples;
}
