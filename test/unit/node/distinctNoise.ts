import { seededRandom } from '../core/random';

/** So many samples in a row occur at one place of the noise only, for all practical purposes. */
const KEY_SAMPLES = 4;
/** Amplitude: loud enough to be no silence, quiet enough that nothing clips. */
const PEAK = 8000;

/** White noise without zeros, in which every short stretch is unique: what was heard tells which samples of it were played. */
export function distinctNoise(sampleCount: number): Int16Array {
  const next = seededRandom();
  return Int16Array.from({ length: sampleCount }, () => {
    const sample = Math.round((next() * 2 - 1) * PEAK);
    return sample === 0 ? 1 : sample;
  });
}

/** A stretch that was heard exactly as it was played. */
export interface Stretch {
  readonly heardAt: number;
  readonly playedAt: number;
  readonly length: number;
}

/** The stretches of `played` that are in `heard` sample for sample, in order. One means: nothing was lost or changed in between. */
export function findStretches(played: Int16Array, heard: Int16Array): Stretch[] {
  const places = new Map<string, number>();
  for (let i = 0; i + KEY_SAMPLES <= played.length; i++) places.set(keyAt(played, i), i);
  const found: Stretch[] = [];
  for (let heardAt = 0; heardAt + KEY_SAMPLES <= heard.length;) {
    const playedAt = places.get(keyAt(heard, heardAt));
    if (playedAt === undefined) {
      heardAt++;
      continue;
    }
    let length = KEY_SAMPLES;
    while (
      heardAt + length < heard.length &&
      playedAt + length < played.length &&
      heard[heardAt + length] === played[playedAt + length]
    )
      length++;
    found.push({ heardAt, playedAt, length });
    heardAt += length;
  }
  return found;
}

function keyAt(samples: Int16Array, at: number): string {
  return samples.subarray(at, at + KEY_SAMPLES).join();
}
