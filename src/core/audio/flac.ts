import { SAMPLE_RATE_HZ } from '../model';
import { BitWriter, planRice, writeRice, type RicePlan } from './riceCoding';

/**
 * Encodes prepared audio, 16 kHz mono 16 bit, as FLAC (RFC 9639, in its streamable subset). FLAC loses nothing, and speech takes about
 * half the bytes of WAV. Only the fixed predictors are used (section 9.2.5), no linear prediction.
 */

/**
 * Samples of every frame but the last. A frame's header has a code for this size (section 9.1.1). For the speech of the benchmark
 * `upload`, blocks of 2048 samples gave 0.7 % more bytes and blocks of 4096 samples 1.6 % more. Exported so that tests name the limit
 * and not the number.
 */
export const FLAC_BLOCK_SAMPLES = 1024;
const BLOCK_CODE = 10;
/** The code for a block size that follows the frame's number in 16 bits. */
const OTHER_BLOCK_CODE = 7;
/** Section 9.1.2: a sample rate of 16 kHz. */ const RATE_16_KHZ_CODE = 5;
/** Section 9.1.4: 16 bits a sample. */
const DEPTH_16_CODE = 4;
const BITS_PER_SAMPLE = 16;
const FIXED_ORDERS = 5;
/** Types of subframes (section 9.2.1); a fixed predictor's order is added to the last. */
const CONSTANT = 0;
const VERBATIM = 1;
const FIXED = 8;
const STREAMINFO_BYTES = 34;

/** A block as a subframe holds it. */
type Subframe =
  | { readonly kind: 'constant' }
  | { readonly kind: 'verbatim' }
  | { readonly kind: 'fixed'; readonly order: number; readonly residual: Int32Array; readonly rice: RicePlan };

/**
 * The parts of a FLAC stream in order: its head, and then one frame for each block of samples. The reader may pause between two parts.
 *
 * @param samples 16 kHz mono; they are not changed
 */
export function* flacParts(samples: Int16Array): Generator<Uint8Array> {
  yield streamHead(samples.length);
  for (let number = 0; number * FLAC_BLOCK_SAMPLES < samples.length; number++) {
    const start = number * FLAC_BLOCK_SAMPLES;
    yield frame(samples.subarray(start, start + FLAC_BLOCK_SAMPLES), number);
  }
}

/** The marker and the STREAMINFO block (sections 6 and 8.2). Sizes of frames and the checksum of the samples are left unknown, as 0. */
function streamHead(sampleCount: number): Uint8Array {
  const writer = new BitWriter(8 + STREAMINFO_BYTES);
  for (const letter of 'fLaC') writer.put(letter.charCodeAt(0), 8);
  // The last block of metadata, of type 0.
  writer.put(0x80, 8);
  writer.put(STREAMINFO_BYTES, 24);
  writer.put(FLAC_BLOCK_SAMPLES, 16);
  writer.put(FLAC_BLOCK_SAMPLES, 16);
  writer.put(0, 24);
  writer.put(0, 24);
  writer.put(SAMPLE_RATE_HZ, 20);
  writer.put(0, 3);
  writer.put(BITS_PER_SAMPLE - 1, 5);
  writer.put(Math.floor(sampleCount / 2 ** 24), 12);
  writer.put(sampleCount % 2 ** 24, 24);
  for (let i = 0; i < 16; i++) writer.put(0, 8);
  return writer.written();
}

/** A frame (section 9) of at most {@link FLAC_BLOCK_SAMPLES} samples. */
function frame(samples: Int16Array, number: number): Uint8Array {
  const writer = new BitWriter(samples.length * 2 + 32);
  const isWhole = samples.length === FLAC_BLOCK_SAMPLES;
  // Fourteen bits for synchronisation, a reserved one, and one for blocks of a fixed size.
  writer.put(0xfff8, 16);
  writer.put(isWhole ? BLOCK_CODE : OTHER_BLOCK_CODE, 4);
  writer.put(RATE_16_KHZ_CODE, 4);
  // One channel, coded by itself, and a reserved bit.
  writer.put(0, 4);
  writer.put(DEPTH_16_CODE, 3);
  writer.put(0, 1);
  putCodedNumber(writer, number);
  if (!isWhole) writer.put(samples.length - 1, 16);
  writer.put(checksum(writer.written(), CRC_8), 8);
  putSubframe(writer, samples);
  writer.align();
  writer.put(checksum(writer.written(), CRC_16), 16);
  return writer.written();
}

/** A frame's number, written as UTF-8 writes a character's (section 9.1.5). */
function putCodedNumber(writer: BitWriter, number: number): void {
  if (number < 0x80) {
    writer.put(number, 8);
    return;
  }
  // The first of n bytes has room for 7 - n bits, each other one for six.
  let bytes = 2;
  while (number >= 2 ** (5 * bytes + 1)) bytes++;
  writer.put((0xff00 >> bytes) | (number >> (6 * (bytes - 1))), 8);
  for (let left = bytes - 2; left >= 0; left--) writer.put(0x80 | ((number >> (6 * left)) & 0x3f), 8);
}

function putSubframe(writer: BitWriter, samples: Int16Array): void {
  const subframe = shortestSubframe(samples);
  const putHead = (type: number): void => {
    writer.put(type << 1, 8);
  };
  switch (subframe.kind) {
    case 'constant':
      putHead(CONSTANT);
      writer.put(samples[0] ?? 0, BITS_PER_SAMPLE);
      return;
    case 'verbatim':
      putHead(VERBATIM);
      for (const sample of samples) writer.put(sample, BITS_PER_SAMPLE);
      return;
    case 'fixed':
      putHead(FIXED | subframe.order);
      for (const sample of samples.subarray(0, subframe.order)) writer.put(sample, BITS_PER_SAMPLE);
      writeRice(writer, subframe.residual, subframe.order, subframe.rice);
  }
}

/** The subframe with the fewest bits, by the estimate of `planRice`. */
function shortestSubframe(samples: Int16Array): Subframe {
  if (samples.every((sample) => sample === samples[0])) return { kind: 'constant' };
  let best: Subframe = { kind: 'verbatim' };
  let least = samples.length * BITS_PER_SAMPLE;
  let residual = new Int32Array(samples);
  for (let order = 0; order < Math.min(FIXED_ORDERS, samples.length); order++) {
    if (order > 0) residual = differences(residual, order);
    const rice = planRice(residual, order);
    const bits = order * BITS_PER_SAMPLE + rice.bits;
    if (bits >= least) continue;
    least = bits;
    best = { kind: 'fixed', order, residual, rice };
  }
  return best;
}

/** The residual of the fixed predictor of an order from that of the order below: their differences (section 9.2.5). */
function differences(below: Int32Array, order: number): Int32Array<ArrayBuffer> {
  const residual = new Int32Array(below.length);
  let last = below[order - 1] ?? 0;
  for (let i = order; i < below.length; i++) {
    const value = below[i] ?? 0;
    residual[i] = value - last;
    last = value;
  }
  return residual;
}

interface Checksum {
  readonly table: Uint16Array;
  readonly bits: number;
}

/** The checksums of a frame's head and of a whole frame (sections 9.1.8 and 9.3): their polynomials without the highest power. */
const CRC_8 = checksumOf(0x07, 8);
const CRC_16 = checksumOf(0x8005, 16);

function checksumOf(polynomial: number, bits: number): Checksum {
  const highest = 1 << (bits - 1);
  const table = Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) value = (value & highest) === 0 ? value << 1 : (value << 1) ^ polynomial;
    return value & ((1 << bits) - 1);
  });
  return { table, bits };
}

function checksum(bytes: Uint8Array, { table, bits }: Checksum): number {
  let value = 0;
  for (const byte of bytes) value = ((value << 8) ^ (table[((value >> (bits - 8)) ^ byte) & 0xff] ?? 0)) & 0xffff;
  return value & ((1 << bits) - 1);
}
