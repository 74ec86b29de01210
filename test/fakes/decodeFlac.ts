/**
 * A FLAC decoder for tests, written from RFC 9639 and not from the product's code. It reads 16-bit mono without linear prediction,
 * which is all that Minutes writes, and throws at anything that the standard forbids.
 */

export interface DecodedFlac {
  readonly sampleRateHz: number;
  readonly samples: Int16Array;
  /** The type of each frame's subframe. */
  readonly kinds: readonly ('constant' | 'verbatim' | 'fixed')[];
}

interface StreamInfo {
  readonly blockSamples: number;
  readonly sampleRateHz: number;
  readonly sampleCount: number;
}

export function decodeFlac(bytes: Uint8Array): DecodedFlac {
  const bits = new BitReader(bytes);
  const info = readHead(bits);
  const samples: number[] = [];
  const kinds: DecodedFlac['kinds'][number][] = [];
  while (bits.byteAt < bytes.length) {
    const frame = readFrame(bits, kinds.length, info);
    if (samples.length % info.blockSamples !== 0) throw new Error('only the last block may be short');
    for (const sample of frame.samples) samples.push(sample);
    kinds.push(frame.kind);
  }
  if (samples.length !== info.sampleCount) throw new Error(`${info.sampleCount} samples told, ${samples.length} found`);
  return { sampleRateHz: info.sampleRateHz, samples: Int16Array.from(samples), kinds };
}

function readHead(bits: BitReader): StreamInfo {
  bits.expect(0x664c6143, 32, 'fLaC');
  const isLast = bits.read(1) === 1;
  bits.expect(0, 7, 'STREAMINFO first');
  bits.expect(34, 24, 'its length');
  if (!isLast) throw new Error('only STREAMINFO is expected');
  const blockSamples = bits.read(16);
  if (blockSamples < 16) throw new Error('a block has 16 samples at least');
  bits.expect(blockSamples, 16, 'blocks of one size');
  bits.read(24);
  bits.read(24);
  const sampleRateHz = bits.read(20);
  bits.expect(0, 3, 'mono');
  bits.expect(15, 5, '16 bits');
  const sampleCount = bits.read(36);
  for (let i = 0; i < 16; i++) bits.read(8);
  return { blockSamples, sampleRateHz, sampleCount };
}

function readFrame(
  bits: BitReader,
  number: number,
  info: StreamInfo,
): { samples: number[]; kind: DecodedFlac['kinds'][number] } {
  const start = bits.byteAt;
  bits.expect(0b111111111111100, 15, 'synchronisation');
  bits.expect(0, 1, 'a fixed block size');
  const [sizeCode, rateCode] = [bits.read(4), bits.read(4)];
  bits.expect(0, 4, 'one channel');
  bits.expect(0b100, 3, '16 bits');
  bits.expect(0, 1, 'a reserved bit');
  const told = readCodedNumber(bits);
  if (told !== number) throw new Error(`frame ${number} has the number ${told}`);
  const length = blockSize(bits, sizeCode);
  if (length > info.blockSamples) throw new Error('a block is longer than was told');
  if (rateCode !== 0b0101 || info.sampleRateHz !== 16_000) throw new Error('16 kHz');
  const head = bits.bytes.subarray(start, bits.byteAt);
  bits.expect(remainder(head, 0x07, 8), 8, "the head's checksum");
  const subframe = readSubframe(bits, length);
  bits.align();
  const whole = bits.bytes.subarray(start, bits.byteAt);
  bits.expect(remainder(whole, 0x8005, 16), 16, "the frame's checksum");
  return subframe;
}

/** As UTF-8, with up to six bytes behind the first. */
function readCodedNumber(bits: BitReader): number {
  const first = bits.read(8);
  if (first < 0x80) return first;
  let more = 0;
  for (let mask = 0x40; (first & mask) !== 0; mask >>= 1) more++;
  if (more < 1 || more > 6) throw new Error('a coded number');
  let number = first & (2 ** (6 - more) - 1);
  for (let i = 0; i < more; i++) {
    bits.expect(0b10, 2, 'a coded number');
    number = number * 64 + bits.read(6);
  }
  return number;
}

function blockSize(bits: BitReader, code: number): number {
  if (code === 0) throw new Error('a reserved block size');
  if (code === 1) return 192;
  if (code <= 5) return 144 * 2 ** code;
  if (code === 6) return bits.read(8) + 1;
  return code === 7 ? bits.read(16) + 1 : 2 ** code;
}

function readSubframe(bits: BitReader, length: number): { samples: number[]; kind: DecodedFlac['kinds'][number] } {
  bits.expect(0, 1, "a subframe's first bit");
  const type = bits.read(6);
  bits.expect(0, 1, 'no wasted bits');
  if (type === 0) {
    const value = bits.readSigned(16);
    return { kind: 'constant', samples: Array.from({ length }, () => value) };
  }
  if (type === 1) return { kind: 'verbatim', samples: Array.from({ length }, () => bits.readSigned(16)) };
  const order = type - 8;
  if (order < 0 || order > 4 || order > length) throw new Error(`a subframe of type ${type}`);
  const samples = Array.from({ length: order }, () => bits.readSigned(16));
  for (const difference of readResidual(bits, length, order)) samples.push(difference + predict(samples, order));
  if (samples.some((sample) => sample < -32_768 || sample > 32_767)) throw new Error('a sample beyond 16 bits');
  return { kind: 'fixed', samples };
}

/** The polynomials of section 9.2.5. */
function predict(samples: readonly number[], order: number): number {
  const back = (count: number): number => samples[samples.length - count] ?? NaN;
  if (order === 0) return 0;
  if (order === 1) return back(1);
  if (order === 2) return 2 * back(1) - back(2);
  if (order === 3) return 3 * back(1) - 3 * back(2) + back(3);
  return 4 * back(1) - 6 * back(2) + 4 * back(3) - back(4);
}

function readResidual(bits: BitReader, length: number, order: number): number[] {
  bits.expect(0, 2, 'parameters of four bits');
  const partitions = 2 ** bits.read(4);
  if (partitions > 256) throw new Error('the streamable subset has partition orders up to 8');
  if (length % partitions !== 0 || length / partitions <= order) throw new Error('partitions that do not fit');
  const residual: number[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const parameter = bits.read(4);
    if (parameter === 15) throw new Error('Minutes writes no escaped partitions');
    for (let left = length / partitions - (partition === 0 ? order : 0); left > 0; left--) {
      let high = 0;
      while (bits.read(1) === 0) high++;
      const folded = high * 2 ** parameter + bits.read(parameter);
      residual.push(folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2);
    }
  }
  return residual;
}

/** The remainder of a division by a polynomial, bit by bit. */
function remainder(bytes: Uint8Array, polynomial: number, width: number): number {
  let value = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const isOut = ((value >> (width - 1)) & 1) !== ((byte >> bit) & 1);
      value = (value << 1) & (2 ** width - 1);
      if (isOut) value ^= polynomial;
    }
  }
  return value;
}

class BitReader {
  private bitAt = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** The next byte's place; throws within a byte. */
  get byteAt(): number {
    if (this.bitAt % 8 !== 0) throw new Error('within a byte');
    return this.bitAt / 8;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.bytes[this.bitAt >> 3];
      if (byte === undefined) throw new Error('the stream ends early');
      value = value * 2 + ((byte >> (7 - (this.bitAt & 7))) & 1);
      this.bitAt++;
    }
    return value;
  }

  readSigned(count: number): number {
    const value = this.read(count);
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  expect(expected: number, count: number, what: string): void {
    const found = this.read(count);
    if (found !== expected) throw new Error(`${what}: ${expected} expected, ${found} found`);
  }

  /** The bits up to the next byte have to be zero. */
  align(): void {
    while (this.bitAt % 8 !== 0) this.expect(0, 1, 'padding');
  }
}
