import type { WavLayout } from './wav';

/**
 * Whole frames of PCM bytes as mono samples in [-1, 1]. A sample is the mean of all channels, so that a speaker who is on one channel
 * only is kept. An incomplete last frame is left out.
 */
export function mixDown(bytes: Uint8Array, layout: WavLayout): Float32Array {
  const { channelCount, frameBytes, format } = layout;
  const sampleBytes = frameBytes / channelCount;
  const frameCount = Math.floor(bytes.length / frameBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = READERS[format];
  const out = new Float32Array(frameCount);
  for (let frame = 0; frame < frameCount; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channelCount; channel++) {
      sum += read(view, frame * frameBytes + channel * sampleBytes);
    }
    out[frame] = sum / channelCount;
  }
  return out;
}

/** Float files may hold not-a-number and infinity; both become silence, and so does a double that is too large for a float32. */
const finite = (value: number): number => (Number.isFinite(Math.fround(value)) ? value : 0);

const READERS: Readonly<Record<WavLayout['format'], (view: DataView, at: number) => number>> = {
  uint8: (view, at) => (view.getUint8(at) - 128) / 128,
  int16: (view, at) => view.getInt16(at, true) / 32_768,
  int24: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608,
  int32: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  float32: (view, at) => finite(view.getFloat32(at, true)),
  float64: (view, at) => finite(view.getFloat64(at, true)),
};
