import { latin1 } from '../files/pcmFile';
import { momentInTag } from './tagDate';

/** The bytes before a tag's frames, in all versions (id3.org: ID3v2.2, ID3v2.3 and ID3v2.4, section 3.1). */
export const ID3_HEAD_BYTES = 10;
/** Frames that tell of time, by their names in ID3v2.2 and since. */
const TIMES: Readonly<Record<string, string>> = { TYE: 'TYER', TDA: 'TDAT', TIM: 'TIME' };
const WANTED = new Set(['TYER', 'TDAT', 'TIME', 'TDRC', 'TDEN']);
/** Longer texts are no dates. */
const LONGEST_TEXT_BYTES = 128;
/** Flags of a tag: 0xFF stands as 0xFF 0x00; a second head follows (since version 2.3; before, it says that the tag is packed). */
const [GUARDED, EXTENDED] = [0x80, 0x40];
const FRAME_NAME = /^[A-Z][A-Z0-9]{2,3}$/;

/** A number of four bytes, of which seven bits count. Undefined where the eighth is set. */
export function sevenBitNumber(bytes: Uint8Array, at: number): number | undefined {
  const [a = 128, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return ((a | b | c | d) & 0x80) === 0 ? (a << 21) | (b << 14) | (c << 7) | d : undefined;
}

/**
 * When a recording was made, as an ID3v2 tag tells: milliseconds since 1970. The times of its release and of the tag do not count.
 *
 * @param tag from its head on; it may be cut
 */
export function recordedInId3(tag: Uint8Array): number | undefined {
  const [, , , version = 0, , flags = 0] = tag;
  if (latin1(tag.subarray(0, 3)) !== 'ID3' || version < 2 || version > 4) return undefined;
  if (version === 2 && (flags & EXTENDED) !== 0) return undefined;
  const rest = tag.subarray(ID3_HEAD_BYTES);
  // In version 2.4 the sizes of frames count the bytes as they lie there.
  const body = (flags & GUARDED) !== 0 && version < 4 ? withoutGuards(rest) : rest;
  const from = (flags & EXTENDED) === 0 ? 0 : extendedBytes(body, version);
  const texts = new Map<string, string>();
  for (const { name, content } of framesOf(body.subarray(from), version)) {
    if (WANTED.has(name) && content.length <= LONGEST_TEXT_BYTES && !texts.has(name)) texts.set(name, asciiOf(content));
  }
  // Version 2.4 has all times in UTC (structure, section 4).
  const moment = (text = ''): number | undefined => momentInTag(text, version === 4 ? 'utc' : 'local');
  return moment(texts.get('TDRC')) ?? moment(joined(texts)) ?? moment(texts.get('TDEN'));
}

/** Year, day and month, and time of day, which were apart before version 2.4. */
function joined(texts: ReadonlyMap<string, string>): string {
  const [, day, month] = /^(\d\d)(\d\d)$/.exec(texts.get('TDAT') ?? '') ?? [];
  const [, hour, minute] = /^(\d\d)(\d\d)$/.exec(texts.get('TIME') ?? '') ?? [];
  return `${texts.get('TYER') ?? ''}-${month ?? ''}-${day ?? ''} ${hour ?? ''}:${minute ?? ''}`;
}

/** Dates are written in ASCII, in whichever of the four encodings: what the first byte and the other bytes add is left out. */
function asciiOf(content: Uint8Array): string {
  return latin1(content.subarray(1).filter((byte) => byte >= 0x20 && byte < 0x7f));
}

function withoutGuards(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => byte !== 0 || bytes[i - 1] !== 0xff);
}

function extendedBytes(body: Uint8Array, version: number): number {
  // Version 2.3 does not count the number itself.
  return version === 4 ? (sevenBitNumber(body, 0) ?? 0) : 4 + plainNumber(body, 0);
}

function plainNumber(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return a * 2 ** 24 + ((b << 16) | (c << 8) | d);
}

interface Frame {
  readonly name: string;
  readonly content: Uint8Array;
}

/** The frames that are whole and plain. */
function* framesOf(body: Uint8Array, version: number): Generator<Frame> {
  const [nameBytes, headBytes] = version === 2 ? [3, 6] : [4, 10];
  for (let at = 0; at + headBytes <= body.length;) {
    const name = latin1(body.subarray(at, at + nameBytes));
    if (!FRAME_NAME.test(name)) return;
    const start = at + headBytes;
    const sizeBytes = frameBytes(body, at, version);
    if (start + sizeBytes > body.length) return;
    const plainAt = version === 2 ? 0 : plainStart(body[at + 9] ?? 0, version);
    const content = body.subarray(start + (plainAt ?? 0), start + sizeBytes);
    if (plainAt !== undefined) yield { name: TIMES[name] ?? name, content };
    at = start + sizeBytes;
  }
}

function frameBytes(body: Uint8Array, at: number, version: number): number {
  if (version === 2) return plainNumber(body, at + 2) % 2 ** 24;
  const plain = plainNumber(body, at + 4);
  const proper = version === 4 ? sevenBitNumber(body, at + 4) : plain;
  if (proper === undefined || proper === plain) return plain;
  // iTunes writes plain numbers into tags of version 2.4. Whose successor is a frame is right.
  return isFrameAt(body, at + 10 + proper) || !isFrameAt(body, at + 10 + plain) ? proper : plain;
}

function isFrameAt(body: Uint8Array, at: number): boolean {
  return at === body.length || FRAME_NAME.test(latin1(body.subarray(at, at + 4)));
}

/** Where the content begins behind what a frame's flags add; undefined where it is packed or encrypted. */
function plainStart(flags: number, version: number): number | undefined {
  if (version === 3) return (flags & 0xc0) === 0 ? (flags & 0x20) >> 5 : undefined;
  return (flags & 0x0c) === 0 ? ((flags & 0x40) >> 6) + 4 * (flags & 1) : undefined;
}
