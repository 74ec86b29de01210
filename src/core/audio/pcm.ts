import { SAMPLE_RATE_HZ } from '../model';

/** Bytes of one prepared sample: signed 16 bit. */
export const BYTES_PER_SAMPLE = 2;

/** Full scale of signed 16-bit samples. */
const FULL_SCALE = 32_768;

/** A position in prepared audio as seconds. */
export function samplesToSeconds(samples: number): number {
  return samples / SAMPLE_RATE_HZ;
}

/** Seconds as the nearest position in prepared audio. */
export function secondsToSamples(seconds: number): number {
  return Math.round(seconds * SAMPLE_RATE_HZ);
}

/** Samples in [-1, 1) as signed 16 bit. Samples outside of it are clipped; not-a-number becomes silence. */
export function toInt16(samples: Float32Array): Int16Array {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round((samples[i] ?? 0) * FULL_SCALE);
    out[i] = value > FULL_SCALE - 1 ? FULL_SCALE - 1 : value < -FULL_SCALE ? -FULL_SCALE : value;
  }
  return out;
}

/** Signed 16-bit little-endian bytes as samples; an odd last byte is left out. The bytes are copied: they may lie at any address. */
export function bytesToInt16(bytes: Uint8Array): Int16Array {
  const count = Math.floor(bytes.length / BYTES_PER_SAMPLE);
  const view = new DataView(bytes.buffer, bytes.byteOffset, count * BYTES_PER_SAMPLE);
  const out = new Int16Array(count);
  for (let i = 0; i < count; i++) out[i] = view.getInt16(i * BYTES_PER_SAMPLE, true);
  return out;
}

/** Samples as signed 16-bit little-endian bytes. */
export function int16ToBytes(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * BYTES_PER_SAMPLE);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => {
    view.setInt16(i * BYTES_PER_SAMPLE, sample, true);
  });
  return bytes;
}

/** The samples of one of several channels that lie side by side; a frame that is cut off is left out. */
export function channelOf(frames: Int16Array, channel: number, channelCount: number): Int16Array {
  if (channelCount === 1) return frames;
  return Int16Array.from(
    { length: Math.floor(frames.length / channelCount) },
    (_, i) => frames[i * channelCount + channel] ?? 0,
  );
}
