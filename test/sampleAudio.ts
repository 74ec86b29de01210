import { readFileSync } from 'node:fs';
import { readWavHeader, wavHeader } from '../src/core/audio/wav';
import { jfkWav } from './speech';

/** Recordings made from the one that comes with an npm package, as bytes of 16 kHz mono WAV files. */

const BYTES_PER_SECOND = 32_000;

/** Kennedy's sentence (11 s) so many times, with a second of silence between. */
export function repeatedSpeech(times: number): Buffer {
  const once = samplesOfJfk();
  return wav(Buffer.concat(Array.from({ length: times }, () => [once, Buffer.alloc(BYTES_PER_SECOND)]).flat()));
}

export function silence(seconds: number): Buffer {
  return wav(Buffer.alloc(seconds * BYTES_PER_SECOND));
}

/** A recording whose end is missing: its header promises more than is there. */
export function truncatedSpeech(seconds: number): Buffer {
  const whole = wav(samplesOfJfk());
  return whole.subarray(0, 44 + seconds * BYTES_PER_SECOND);
}

function samplesOfJfk(): Buffer {
  const file = readFileSync(jfkWav());
  const header = readWavHeader(file, file.length);
  if (header.kind !== 'pcm') throw new Error('jfk.wav is not the WAV it was');
  return file.subarray(header.layout.dataOffsetBytes);
}

function wav(samples: Buffer): Buffer {
  return Buffer.concat([wavHeader(samples.length), samples]);
}
