import type { WavLayout } from './wav';

/**
 * Whole frames of PCM bytes as samples in [-1, 1], the channels of a frame one behind the other. An incomplete last frame is left out.
 */
export function toFrames(
  bytes: Uint8Array,
  { channelCount, frameBytes, format, isBigEndian = false }: FrameLayout,
): Float32Array {
  const sampleBytes = frameBytes / channelCount;
  const frameCount = Math.floor(bytes.length / frameBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = READERS[format];
  const out = new Float32Array(frameCount * channelCount);
  for (let i = 0; i < out.length; i++) out[i] = read(view, i * sampleBytes, !isBigEndian);
  return out;
}

/** How frames are stored. */
export type FrameLayout = Pick<WavLayout, 'format' | 'channelCount' | 'frameBytes' | 'isBigEndian'>;

/** Float files may hold not-a-number and infinity; both become silence, and so does a double that is too large for a float32. */
const finite = (value: number): number => (Number.isFinite(Math.fround(value)) ? value : 0);

type Reader = (view: DataView, at: number, isLittleEndian: boolean) => number;

const READERS: Readonly<Record<WavLayout['format'], Reader>> = {
  uint8: (view, at) => (view.getUint8(at) - 128) / 128,
  int8: (view, at) => view.getInt8(at) / 128,
  int16: (view, at, isLittle) => view.getInt16(at, isLittle) / 32_768,
  int24: (view, at, isLittle) =>
    ((view.getInt8(isLittle ? at + 2 : at) << 16) | view.getUint16(isLittle ? at : at + 1, isLittle)) / 8_388_608,
  int32: (view, at, isLittle) => view.getInt32(at, isLittle) / 2_147_483_648,
  float32: (view, at, isLittle) => finite(view.getFloat32(at, isLittle)),
  float64: (view, at, isLittle) => finite(view.getFloat64(at, isLittle)),
};
