import { concatBytes } from './concatBytes';

/** A page of an Ogg stream (RFC 3533 6), with the packets that end on it. */
export interface OggPage {
  /** Tells streams apart that lie in one file. */
  readonly serial: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** The codec's own position behind the page's last packet; undefined where none ends here. */
  readonly granule: number | undefined;
  readonly packets: readonly Uint8Array[];
  /** Whether pages of this stream before it are missing. */
  readonly isBehindLoss: boolean;
}

/** What is known of a stream while its pages come. */
interface Stream {
  sequence: number;
  /** The beginning of a packet that goes on on the next page. */
  part: Uint8Array;
}

const HEAD_BYTES = 27;
/** The capture pattern "OggS". */
const CAPTURE = [0x4f, 0x67, 0x67, 0x53];
const [CONTINUED, FIRST, LAST] = [1, 2, 4];
/** A packet that is longer is none: those of sound have some kilobytes, Vorbis' setup some more. */
const LONGEST_PACKET_BYTES = 4 * 1024 * 1024;

/** So many streams are remembered at a time; the others are over long since, or were never there. */
const MOST_STREAMS = 64;
/**
 * So many patterns in a row may stand within a page whose checksum is wrong, each with a wrong one of its own. Chance gives hardly one; a file
 * that is made of them would have 64 KB summed up for every few bytes.
 */
const MOST_NESTED = 16;

const CRC = Uint32Array.from({ length: 256 }, (_, value) => {
  let crc = value << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/**
 * Finds the pages of an Ogg file, whatever lies between them. Bytes may come in blocks of any size; the pages found are the same. A page
 * with a wrong checksum is none.
 */
export class OggPacketReader {
  private rest: Uint8Array = new Uint8Array(0);
  private readonly streams = new Map<number, Stream>();
  private isBroken = false;
  private isCut = false;
  /** How far pages with wrong checksums reached, counted from the beginning of `rest`, and how many of them began within another. */
  private wrongTo = 0;
  private nestedCount = 0;

  /** Whether there are bytes that belong to no page, or pages are missing. */
  get isDamaged(): boolean {
    return this.isBroken;
  }

  /** Whether the file ends within a page. */
  get isTruncated(): boolean {
    return this.isCut;
  }

  /** @param isEnd whether these are the file's last bytes */
  *push(block: Uint8Array, isEnd: boolean): Generator<OggPage> {
    const bytes = concatBytes(this.rest, block);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    for (;;) {
      const start = findCapture(bytes, at);
      if (start < 0) {
        // A pattern may be cut by the block's end.
        const kept = isEnd ? 0 : Math.min(CAPTURE.length - 1, bytes.length - at);
        if (bytes.length - kept > at) this.isBroken = true;
        at = bytes.length - kept;
        break;
      }
      if (start > at) this.isBroken = true;
      at = start;
      const length = pageLength(bytes, at);
      if (length === undefined || at + length > bytes.length) {
        if (!isEnd) break;
        // Is it a page that was cut, or a pattern by chance?
        this.isCut = true;
        at++;
        continue;
      }
      if (view.getUint32(at + 22, true) !== checksum(bytes, at, at + length)) {
        this.isBroken = true;
        at = this.behindWrong(at, length);
        continue;
      }
      this.isCut = false;
      this.nestedCount = 0;
      yield this.page(bytes.subarray(at, at + length));
      at += length;
    }
    this.rest = bytes.slice(at);
    this.wrongTo -= at;
  }

  /** Where to look on behind a pattern with a wrong checksum: at the next byte, or behind all that a crowd of such patterns reached. */
  private behindWrong(at: number, lengthBytes: number): number {
    this.nestedCount = at < this.wrongTo ? this.nestedCount + 1 : 0;
    this.wrongTo = Math.max(this.wrongTo, at + lengthBytes);
    if (this.nestedCount < MOST_NESTED) return at + 1;
    this.nestedCount = 0;
    return this.wrongTo;
  }

  private page(bytes: Uint8Array): OggPage {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const flags = bytes[5] ?? 0;
    const serial = view.getUint32(14, true);
    const sequence = view.getUint32(18, true);
    let stream = this.streams.get(serial);
    if (!stream || flags & FIRST) {
      stream = { sequence: sequence - 1, part: new Uint8Array(0) };
      // The one that began last is the last in the map.
      this.streams.delete(serial);
      this.streams.set(serial, stream);
      const [oldest] = this.streams.keys();
      if (this.streams.size > MOST_STREAMS && oldest !== undefined) this.streams.delete(oldest);
    }
    const isBehindLoss = sequence !== stream.sequence + 1;
    stream.sequence = sequence;
    if (isBehindLoss) this.isBroken = true;
    if (isBehindLoss || !(flags & CONTINUED)) stream.part = new Uint8Array(0);
    const packets = packetsOf(bytes, stream, (flags & CONTINUED) !== 0);
    const granule = Number(view.getBigInt64(6, true));
    return {
      serial,
      isFirst: (flags & FIRST) !== 0,
      isLast: (flags & LAST) !== 0,
      granule: granule < 0 ? undefined : granule,
      packets,
      isBehindLoss,
    };
  }
}

/** The packets that end on a page. What begins there and goes on is left in `stream.part`. */
function packetsOf(page: Uint8Array, stream: Stream, isContinued: boolean): Uint8Array[] {
  const count = page[HEAD_BYTES - 1] ?? 0;
  const packets: Uint8Array[] = [];
  // A packet whose beginning is lost is lost.
  let isLost = isContinued && stream.part.length === 0;
  let from = HEAD_BYTES + count;
  let to = from;
  for (const lacing of page.subarray(HEAD_BYTES, HEAD_BYTES + count)) {
    to += lacing;
    if (lacing === 255) continue;
    if (!isLost) packets.push(concatBytes(stream.part, page.subarray(from, to)));
    isLost = false;
    stream.part = new Uint8Array(0);
    from = to;
  }
  if (to > from && !isLost) stream.part = concatBytes(stream.part, page.slice(from, to));
  if (stream.part.length > LONGEST_PACKET_BYTES) stream.part = new Uint8Array(0);
  return packets;
}

function findCapture(bytes: Uint8Array, from: number): number {
  const [first = 0, ...others] = CAPTURE;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + CAPTURE.length > bytes.length) return -1;
    if (others.every((value, i) => bytes[at + 1 + i] === value)) return at;
  }
  return -1;
}

/** The whole length of a page, as far as it can be told. */
function pageLength(bytes: Uint8Array, at: number): number | undefined {
  const count = bytes[at + HEAD_BYTES - 1];
  if (count === undefined || at + HEAD_BYTES + count > bytes.length) return undefined;
  let length = HEAD_BYTES + count;
  for (let i = 0; i < count; i++) length += bytes[at + HEAD_BYTES + i] ?? 0;
  return length;
}

/** The checksum of a page in which the checksum itself counts as zero. */
function checksum(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) {
    const value = i >= from + 22 && i < from + 26 ? 0 : (bytes[i] ?? 0);
    crc = (crc << 8) ^ (CRC[(crc >>> 24) ^ value] ?? 0);
  }
  return crc >>> 0;
}
