import { readFileSync } from 'node:fs';
import { jfkWav } from '../../../../speech';

const WINDOW = 400;
const HOP = 160;
const BINS = WINDOW / 2 + 1;

/**
 * Whisper's features of a window of 30 s, straight from their definition and slow: [melBins, 3000], row after row. The graph's judges were
 * computed on such features; a second way to them keeps these tests apart from the engine's own.
 */
export function plainLogMel(pcm: Float32Array, melBins: number): Float32Array {
  const frames = 3000;
  const at = (i: number): number => pcm[i < 0 ? -i : i] ?? 0;
  const hann = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));
  const cosine = Float64Array.from({ length: WINDOW }, (_, i) => Math.cos((2 * Math.PI * i) / WINDOW));
  const bank = slaneyBank(melBins);
  const logs = new Float64Array(melBins * frames).fill(-10);
  const soundFrames = Math.min(frames, Math.ceil((pcm.length + WINDOW) / HOP));
  const frame = new Float64Array(WINDOW);
  const power = new Float64Array(BINS);
  for (let f = 0; f < soundFrames; f++) {
    for (let i = 0; i < WINDOW; i++) frame[i] = at(f * HOP - WINDOW / 2 + i) * (hann[i] ?? 0);
    for (let k = 0; k < BINS; k++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < WINDOW; i++) {
        const value = frame[i] ?? 0;
        re += value * (cosine[(i * k) % WINDOW] ?? 0);
        im += value * (cosine[(i * k + (3 * WINDOW) / 4) % WINDOW] ?? 0);
      }
      power[k] = re * re + im * im;
    }
    for (let m = 0; m < melBins; m++) {
      let sum = 0;
      for (let k = 0; k < BINS; k++) sum += (bank[m]?.[k] ?? 0) * (power[k] ?? 0);
      logs[m * frames + f] = Math.log10(Math.max(sum, 1e-10));
    }
  }
  const floor = logs.reduce((most, value) => Math.max(most, value), -10) - 8;
  return Float32Array.from(logs, (value) => (Math.max(value, floor) + 4) / 4);
}

/** Triangles on Slaney's mel scale, each of area 2 per Hz: [melBins][BINS]. */
function slaneyBank(melBins: number): readonly Float64Array[] {
  const step = Math.log(6.4) / 27;
  const toMel = (hz: number): number => (hz < 1000 ? (hz * 3) / 200 : 15 + Math.log(hz / 1000) / step);
  const toHz = (mel: number): number => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp(step * (mel - 15)));
  const edgeHz = (i: number): number => toHz((toMel(8000) * i) / (melBins + 1));
  return Array.from({ length: melBins }, (_, m) => {
    const [low, middle, high] = [edgeHz(m), edgeHz(m + 1), edgeHz(m + 2)];
    return Float64Array.from({ length: BINS }, (__, k) => {
      const hz = (k * 16_000) / WINDOW;
      const height = Math.min((hz - low) / (middle - low), (high - hz) / (high - middle));
      return (Math.max(0, height) * 2) / (high - low);
    });
  });
}

/** Samples of the recording that the judges name, −1 … 1. */
export function jfkSamples(): Float32Array {
  const wav = readFileSync(jfkWav());
  const begin = wav.indexOf('data') + 8;
  return Float32Array.from({ length: (wav.length - begin) >> 1 }, (_, i) => wav.readInt16LE(begin + 2 * i) / 32_768);
}
