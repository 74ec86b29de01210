import { Fourier, FOURIER_LENGTH } from './fourier';
import { melFilters, type MelFilter } from './melFilters';

/** Samples between two frames: 10 ms (preprocessor_config.json's hop_length). */
export const HOP_SAMPLES = 160;
/** Frames of the spectrogram in a second. */
export const FRAMES_PER_S = 100;
/** An encoder position is two frames. */
export const FRAMES_PER_POSITION = 2;

/** Whisper's features of a recording: `values[bin * frameCount + frame]`, base-10 logarithms of power, not below {@link LOWEST}. */
export interface LogMel {
  readonly values: Float32Array;
  readonly melBins: number;
  readonly frameCount: number;
}

/** The logarithm of the least power that the reference distinguishes, 1e-10. */
const LOWEST = -10;
/** The lowest value lies this far below the loudest: 80 dB. */
const RANGE = 8;

const HALF = FOURIER_LENGTH / 2;
const HANN = Float64Array.from(
  { length: FOURIER_LENGTH },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FOURIER_LENGTH),
);

const knownFilters = new Map<number, readonly MelFilter[]>();

/**
 * The features of a recording. As in the reference, the Fourier window is centred on its frame. Before the recording lies its mirror
 * image, behind it silence.
 *
 * @param pcm 16 kHz mono in [-1, 1]
 * @param melBins 80, or 128 for large-v3
 */
export function logMel(pcm: Float32Array, melBins: number): LogMel {
  let filters = knownFilters.get(melBins);
  if (!filters) knownFilters.set(melBins, (filters = melFilters(melBins)));
  // The windows of the last frames reach back into the recording.
  const frameCount = Math.ceil((pcm.length + HALF) / HOP_SAMPLES);
  const values = new Float32Array(melBins * frameCount);
  const fourier = new Fourier();
  const even = new Float64Array(HALF + 1);
  const odd = new Float64Array(HALF + 1);
  // One complex transform computes two frames of real numbers.
  for (let frame = 0; frame < frameCount; frame += 2) {
    const from = frame * HOP_SAMPLES - HALF;
    const { real, imaginary } = fourier;
    if (from >= 0 && from + HOP_SAMPLES + FOURIER_LENGTH <= pcm.length) {
      for (let i = 0; i < FOURIER_LENGTH; i++) {
        const weight = HANN[i] ?? 0;
        real[i] = (pcm[from + i] ?? 0) * weight;
        imaginary[i] = (pcm[from + HOP_SAMPLES + i] ?? 0) * weight;
      }
    } else {
      for (let i = 0; i < FOURIER_LENGTH; i++) {
        const weight = HANN[i] ?? 0;
        real[i] = sampleAt(pcm, from + i) * weight;
        imaginary[i] = sampleAt(pcm, from + HOP_SAMPLES + i) * weight;
      }
    }
    fourier.run();
    powers(fourier, even, odd);
    const hasOdd = frame + 1 < frameCount;
    for (let mel = 0; mel < melBins; mel++) {
      const filter = filters[mel];
      if (!filter) continue;
      const { firstBin, weights } = filter;
      let evenSum = 0;
      let oddSum = 0;
      for (let i = 0; i < weights.length; i++) {
        const weight = weights[i] ?? 0;
        evenSum += weight * (even[firstBin + i] ?? 0);
        oddSum += weight * (odd[firstBin + i] ?? 0);
      }
      const at = mel * frameCount + frame;
      values[at] = Math.max(LOWEST, Math.log10(evenSum));
      if (hasOdd) values[at + 1] = Math.max(LOWEST, Math.log10(oddSum));
    }
  }
  return { values, melBins, frameCount };
}

/** A sample of the recording; of its mirror image before the first sample; silence behind the last. */
function sampleAt(pcm: Float32Array, position: number): number {
  return pcm[Math.abs(position)] ?? 0;
}

/** Separates the two spectra: that of the real part is symmetric, that of the imaginary part antisymmetric. */
function powers({ real, imaginary }: Fourier, even: Float64Array, odd: Float64Array): void {
  for (let bin = 0; bin <= HALF; bin++) {
    const mirror = (FOURIER_LENGTH - bin) % FOURIER_LENGTH;
    const a = real[bin] ?? 0;
    const b = imaginary[bin] ?? 0;
    const c = real[mirror] ?? 0;
    const d = imaginary[mirror] ?? 0;
    even[bin] = ((a + c) * (a + c) + (b - d) * (b - d)) / 4;
    odd[bin] = ((b + d) * (b + d) + (c - a) * (c - a)) / 4;
  }
}

/** The loudest value of the whole recording, as in the reference. The floor and the scale depend on it. */
export function loudest({ values }: LogMel): number {
  let most = LOWEST;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** The loudest value of some frames, for audio that is heard apart from the rest. */
export function loudestWithin({ values, melBins, frameCount }: LogMel, startFrame: number, frames: number): number {
  let most = LOWEST;
  const endFrame = Math.min(frameCount, startFrame + frames);
  for (let mel = 0; mel < melBins; mel++) {
    for (let i = mel * frameCount + startFrame; i < mel * frameCount + endFrame; i++) {
      most = Math.max(most, values[i] ?? LOWEST);
    }
  }
  return most;
}

/**
 * Frames `[startFrame, startFrame + usedFrames)` in the encoder's format: floored, scaled, and padded with silence.
 *
 * @param loudestValue see {@link loudest}
 * @param totalFrames the number of frames of the result, `[bin][frame]`
 */
export function encoderInput(
  { values, melBins, frameCount }: LogMel,
  loudestValue: number,
  startFrame: number,
  usedFrames: number,
  totalFrames: number,
): Float32Array {
  const floor = Math.max(LOWEST, loudestValue - RANGE);
  const out = new Float32Array(melBins * totalFrames).fill((floor + 4) / 4);
  const used = Math.min(usedFrames, totalFrames, frameCount - startFrame);
  for (let mel = 0; mel < melBins; mel++) {
    const from = mel * frameCount + startFrame;
    const to = mel * totalFrames;
    for (let i = 0; i < used; i++) out[to + i] = (Math.max(floor, values[from + i] ?? 0) + 4) / 4;
  }
  return out;
}
