import { SAMPLE_RATE_HZ } from '../../../core/model';
import { FOURIER_LENGTH } from './fourier';

/** A triangular filter: the weights of the spectrum's bins from `firstBin` on. */
export interface MelFilter {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

/** Slaney's scale (Auditory Toolbox, 1998, as in librosa): linear up to 1 kHz with 3 mel in 200 Hz, logarithmic above. */
const LINEAR_UP_TO_HZ = 1000;
const MEL_PER_HZ = 3 / 200;
const LINEAR_UP_TO_MEL = LINEAR_UP_TO_HZ * MEL_PER_HZ;
const LOG_STEP = Math.log(6.4) / 27;

/** @param melBins 80, or 128 for large-v3. @returns one filter per bin, each of area 1 (Slaney's normalisation) */
export function melFilters(melBins: number): readonly MelFilter[] {
  const top = toMel(SAMPLE_RATE_HZ / 2);
  const edgeHz = (edge: number): number => toHz((top * edge) / (melBins + 1));
  return Array.from({ length: melBins }, (_, mel) => triangle(edgeHz(mel), edgeHz(mel + 1), edgeHz(mel + 2)));
}

function triangle(fromHz: number, peakHz: number, toHz: number): MelFilter {
  const binHz = SAMPLE_RATE_HZ / FOURIER_LENGTH;
  const weights: number[] = [];
  let firstBin = 0;
  for (let bin = 0; bin <= FOURIER_LENGTH / 2; bin++) {
    const hz = bin * binHz;
    const height = Math.min((hz - fromHz) / (peakHz - fromHz), (toHz - hz) / (toHz - peakHz));
    if (height <= 0) continue;
    if (weights.length === 0) firstBin = bin;
    weights.push((height * 2) / (toHz - fromHz));
  }
  return { firstBin, weights: Float64Array.from(weights) };
}

function toMel(hz: number): number {
  return hz < LINEAR_UP_TO_HZ ? hz * MEL_PER_HZ : LINEAR_UP_TO_MEL + Math.log(hz / LINEAR_UP_TO_HZ) / LOG_STEP;
}

function toHz(mel: number): number {
  return mel < LINEAR_UP_TO_MEL ? mel / MEL_PER_HZ : LINEAR_UP_TO_HZ * Math.exp((mel - LINEAR_UP_TO_MEL) * LOG_STEP);
}
