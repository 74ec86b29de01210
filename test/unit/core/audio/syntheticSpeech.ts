import { FRAME_SAMPLES } from '../../../../src/core/audio/speechDetector';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { seededRandom } from '../random';

/** A piece of synthetic sound. Speech is noise that swells and fades four times a second; everything lies on a quiet floor. */
export interface Part {
  readonly kind: 'speech' | 'silence';
  readonly lengthS: number;
}

export interface SyntheticAudio {
  readonly samples: Int16Array;
  /** Where each part lies, in seconds. */
  readonly parts: readonly (Part & { readonly startS: number; readonly endS: number })[];
}

const SYLLABLE_SAMPLES = SAMPLE_RATE_HZ / 4;
const SPEECH_AMPLITUDE = 6000;
const FLOOR_AMPLITUDE = 4;

const random = seededRandom();
/** Pseudo-random numbers in [-1, 1), drawn once: making them anew for every sample is what would cost time. */
const NOISE = Float32Array.from({ length: 16_381 }, () => 2 * random() - 1);
/** A syllable's loudness: never silent, or its fading would be a pause. */
const SYLLABLE = Float32Array.from({ length: SYLLABLE_SAMPLES }, (_, i) => {
  return 0.1 + 0.9 * Math.sin((Math.PI * i) / SYLLABLE_SAMPLES) ** 2;
});

export const speech = (lengthS: number): Part => ({ kind: 'speech', lengthS });
export const silence = (lengthS: number): Part => ({ kind: 'silence', lengthS });

/** Noise of even loudness over `[-amplitude, amplitude)`. */
export function noise(lengthS: number, amplitude: number): Int16Array {
  return Int16Array.from({ length: Math.round(lengthS * SAMPLE_RATE_HZ) }, (_, i) => amplitude * noiseAt(i));
}

/** Sines of even loudness, whose sum stays below the amplitude. */
export function tones(lengthS: number, amplitude: number, ...frequenciesHz: readonly number[]): Int16Array {
  return Int16Array.from({ length: Math.round(lengthS * SAMPLE_RATE_HZ) }, (_, i) => {
    const sines = frequenciesHz.map((hz) => Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ));
    return (amplitude / frequenciesHz.length) * sines.reduce((sum, sine) => sum + sine, 0);
  });
}

/** One behind the other. */
export function joinSamples(...parts: readonly Int16Array[]): Int16Array {
  const joined = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function synthesize(...parts: readonly Part[]): SyntheticAudio {
  let endS = 0;
  const placed = parts.map((part) => ({ ...part, startS: endS, endS: (endS += part.lengthS) }));
  const samples = new Int16Array(Math.round(endS * SAMPLE_RATE_HZ));
  for (const part of placed) {
    const start = Math.round(part.startS * SAMPLE_RATE_HZ);
    const end = Math.min(samples.length, Math.round(part.endS * SAMPLE_RATE_HZ));
    for (let i = start; i < end; i++) {
      const loudness =
        part.kind === 'speech' ? SPEECH_AMPLITUDE * (SYLLABLE[(i - start) % SYLLABLE_SAMPLES] ?? 0) : FLOOR_AMPLITUDE;
      samples[i] = loudness * noiseAt(i);
    }
  }
  return { samples, parts: placed };
}

/** The seconds that a number of frames last. */
export function framesToSeconds(frames: number): number {
  return (frames * FRAME_SAMPLES) / SAMPLE_RATE_HZ;
}

function noiseAt(i: number): number {
  return NOISE[i % NOISE.length] ?? 0;
}
