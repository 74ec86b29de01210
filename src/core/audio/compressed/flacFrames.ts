import { concatBytes } from './concatBytes';
import { faultOf, latin1 } from '../files/pcmFile';

/** What a FLAC stream says of itself in its first block (RFC 9639 8.2). */
export interface FlacInfo {
  /** Samples a frame, where all have as many. */
  readonly blockSize: number;
  readonly rateHz: number;
  readonly channelCount: number;
  readonly bits: number;
  /** Samples of a channel; 0 where it is not known. */
  readonly totalSamples: number;
}

/** A whole frame, whose checksums are right. */
export interface FlacFrame {
  readonly bytes: Uint8Array;
  /** Where it begins: samples of a channel. */
  readonly startSample: number;
  readonly sampleCount: number;
}

/** A frame's head and where it lies; what is between it and the next head may be a frame. */
interface Candidate {
  readonly at: number;
  readonly startSample: number;
  readonly sampleCount: number;
}

const INFO_BYTES = 34;
/** The longest head (RFC 9639 9.1): four bytes, seven for the number, four for uncommon sizes and rates, one checksum. */
const HEAD_BYTES = 16;
/** Sizes of blocks by the head's code (RFC 9639 table 14); 6 and 7 stand for a size that follows. */
const BLOCK_SIZES = [0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];
/** The shortest frame: head, one constant subframe of eight bits and the checksum. */
const SHORTEST_BYTES = 10;
/** So many heads are tried as a frame's beginning. Some of them stand in the sound by chance. */
const MOST_CANDIDATES = 8;
/** No frame is longer: 65,535 samples of 24 bit in eight channels. */
const LONGEST_BYTES = 1_600_000;
/** An ID3v1 tag behind the last frame. */
const TAG_BYTES = 128;

const CRC8 = Uint8Array.from({ length: 256 }, (_, value) => crcOf(value, 0x07, 8));
const CRC16 = Uint16Array.from({ length: 256 }, (_, value) => crcOf(value, 0x8005, 16));

function crcOf(value: number, polynomial: number, width: 8 | 16): number {
  let crc = value << (width - 8);
  for (let bit = 0; bit < 8; bit++) crc = (crc >> (width - 1)) & 1 ? (crc << 1) ^ polynomial : crc << 1;
  return crc & (2 ** width - 1);
}

/** Reads a STREAMINFO block; undefined where it is none. */
export function readFlacInfo(bytes: Uint8Array): FlacInfo | undefined {
  if (bytes.length < INFO_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const packed = view.getUint32(10);
  const rateHz = packed >>> 12;
  const channelCount = ((packed >>> 9) & 7) + 1;
  if (faultOf({ channelCount, sampleRateHz: rateHz })) return undefined;
  return {
    blockSize: view.getUint16(0),
    rateHz,
    channelCount,
    bits: ((packed >>> 4) & 31) + 1,
    totalSamples: (packed & 15) * 2 ** 32 + view.getUint32(14),
  };
}

/**
 * Finds the frames of a FLAC stream, whatever lies between them, so that damage costs only the frames that it hit. Bytes may come in
 * blocks of any size; the frames found are the same.
 */
export class FlacFrameReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private scannedTo = 0;
  private candidates: Candidate[] = [];
  /** Where the last frame ended, or where the first has to begin. */
  private doneTo = 0;
  private isBroken = false;

  constructor(private readonly info: FlacInfo) {}

  /** Whether there are bytes that belong to no whole frame. */
  get isDamaged(): boolean {
    return this.isBroken;
  }

  /** @param isEnd whether these are the stream's last bytes */
  *push(block: Uint8Array, isEnd: boolean): Generator<FlacFrame> {
    this.bytes = concatBytes(this.bytes, block);
    for (;;) {
      const at = this.bytes.indexOf(0xff, this.scannedTo);
      if (at < 0 || (!isEnd && at + HEAD_BYTES > this.bytes.length)) {
        this.scannedTo = at < 0 ? this.bytes.length : at;
        break;
      }
      const head = this.headAt(at);
      this.scannedTo = at + 1;
      if (!head) continue;
      yield* this.frameBefore(at);
      this.candidates.push(head);
      if (this.candidates.length > MOST_CANDIDATES) this.candidates.shift();
    }
    if (isEnd) {
      const { length } = this.bytes;
      const tail = latin1(this.bytes.subarray(length - TAG_BYTES, length - TAG_BYTES + 3)) === 'TAG' ? TAG_BYTES : 0;
      yield* this.frameBefore(length - tail);
      if (this.doneTo < length - tail) this.isBroken = true;
    } else this.forget();
  }

  /** The frame that ends at `end`, if there is one. */
  private *frameBefore(end: number): Generator<FlacFrame> {
    const found = this.candidates.find(({ at }) => end - at >= SHORTEST_BYTES && crc16(this.bytes, at, end) === 0);
    if (!found) return;
    if (found.at !== this.doneTo) this.isBroken = true;
    this.doneTo = end;
    this.candidates = [];
    const { at, startSample, sampleCount } = found;
    yield { bytes: this.bytes.slice(at, end), startSample, sampleCount };
  }

  /** Lets go of bytes in which no frame begins any more. */
  private forget(): void {
    this.candidates = this.candidates.filter(({ at }) => this.bytes.length - at <= LONGEST_BYTES);
    const keepFrom = this.candidates[0]?.at ?? this.scannedTo;
    this.bytes = this.bytes.slice(keepFrom);
    this.scannedTo -= keepFrom;
    this.doneTo -= keepFrom;
    this.candidates = this.candidates.map((one) => ({ ...one, at: one.at - keepFrom }));
  }

  /** The head that stands there (RFC 9639 9.1); undefined where none does. */
  private headAt(at: number): Candidate | undefined {
    const head = this.bytes.subarray(at, at + HEAD_BYTES);
    const byte = (i: number): number => head[i] ?? 0;
    const isVariable = byte(1) === 0xf9;
    const [sizeCode, rateCode, channels, bits] = [byte(2) >> 4, byte(2) & 15, byte(3) >> 4, (byte(3) >> 1) & 7];
    if (!isVariable && byte(1) !== 0xf8) return undefined;
    if (sizeCode === 0 || rateCode === 15 || channels > 10 || bits === 3 || byte(3) & 1) return undefined;
    const coded = codedNumber(head, 4);
    if (!coded) return undefined;
    let { end } = coded;
    let sampleCount = BLOCK_SIZES[sizeCode] ?? 0;
    if (sizeCode === 6) sampleCount = byte(end++) + 1;
    if (sizeCode === 7) {
      sampleCount = byte(end) * 256 + byte(end + 1) + 1;
      end += 2;
    }
    end += rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
    let crc = 0;
    for (let i = 0; i < end; i++) crc = CRC8[crc ^ byte(i)] ?? 0;
    if (end >= head.length || crc !== byte(end)) return undefined;
    return { at, startSample: isVariable ? coded.value : coded.value * this.info.blockSize, sampleCount };
  }
}

/** A number of up to 36 bits, written as UTF-8 writes signs (RFC 9639 9.1.5). */
function codedNumber(head: Uint8Array, at: number): { readonly value: number; readonly end: number } | undefined {
  const first = head[at] ?? 0;
  if (first < 0x80) return { value: first, end: at + 1 };
  const following = Math.clz32(~(first << 24)) - 1;
  if (following < 1 || following > 6) return undefined;
  let value = first & (2 ** (6 - following) - 1);
  for (let i = at + 1; i <= at + following; i++) {
    const next = head[i] ?? 0;
    if ((next & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (next & 0x3f);
  }
  return { value, end: at + 1 + following };
}

function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) crc = ((crc << 8) ^ (CRC16[(crc >> 8) ^ (bytes[i] ?? 0)] ?? 0)) & 0xffff;
  return crc;
}
