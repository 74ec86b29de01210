import { WAV_HEADER_BYTES } from '../../src/core/audio/wav';
import { decodeFlac } from './decodeFlac';
import type { RecordedFile } from './scriptedServer';

/** Where STREAMINFO holds the number of samples: the low four of its 36 bits' bytes (RFC 9639, section 8.2). */
const SAMPLE_COUNT_AT = 22;
const BYTES_PER_SAMPLE = 2;

/** The samples of an uploaded piece, 16-bit little-endian, whichever of the two types it came as. Throws where the FLAC is broken. */
export function uploadedSamples(file: RecordedFile | undefined): Buffer {
  if (!file) return Buffer.alloc(0);
  if (isWav(file)) return file.bytes.subarray(WAV_HEADER_BYTES);
  const { samples } = decodeFlac(file.bytes);
  const bytes = Buffer.alloc(samples.length * BYTES_PER_SAMPLE);
  samples.forEach((sample, i) => bytes.writeInt16LE(sample, i * BYTES_PER_SAMPLE));
  return bytes;
}

/** How many samples an uploaded piece has, by its head alone: decoding takes its time. */
export function uploadedSampleCount(file: RecordedFile | undefined): number {
  if (!file) return 0;
  if (isWav(file)) return (file.bytes.length - WAV_HEADER_BYTES) / BYTES_PER_SAMPLE;
  return file.bytes.readUInt32BE(SAMPLE_COUNT_AT);
}

/** The type is that of the name, of the part's head and of the bytes. */
function isWav({ name, type, bytes }: RecordedFile): boolean {
  const ending = bytes.toString('latin1', 0, 4) === 'RIFF' ? 'wav' : 'flac';
  if (name !== `audio.${ending}` || type !== `audio/${ending}`) throw new Error(`${name}, ${type} holds a ${ending}`);
  return ending === 'wav';
}
