import { concatBytes } from './concatBytes';
import { latin1 } from '../files/pcmFile';
import { ID3_HEAD_BYTES, recordedInId3, sevenBitNumber } from './id3Tag';

/** The first four bytes of a frame of MPEG audio (ISO 11172-3 2.4.2.3, ISO 13818-3). */
export interface MpegHead {
  /** 1 for MPEG-1; 2 and 2.5 for the lower rates. */
  readonly version: 1 | 2 | 2.5;
  readonly layer: number;
  readonly rateHz: number;
  readonly channelCount: number;
  readonly sampleCount: number;
  readonly lengthBytes: number;
}

/** What lies in a file of MPEG audio, in order. */
export type MpegPart =
  /** Whole frames, one behind the other. */
  | { readonly kind: 'frames'; readonly bytes: Uint8Array }
  /** Bytes between frames that are none, and how long the sound was that they held. */
  | { readonly kind: 'hole'; readonly rateHz: number; readonly sampleCount: number };

/** Rates of MPEG-1 in Hz; versions 2 and 2.5 have a half and a quarter of them. */
const RATES_HZ = [44_100, 48_000, 32_000];
/** Kilobits a second by the header's index: MPEG-1 layers 1 to 3, then version 2's layer 1, and its layers 2 and 3. */
const KBITS = {
  '1-1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const HEAD_BYTES = 4;
/** So many frames are given together: about half a second. */
const FRAMES_TOGETHER = 16;
/** The longest frame: layer 2 with 160 kbit/s at 8 kHz. */
const LONGEST_BYTES = 2881;
/** So much of a tag is looked at; what is behind is the rest of a picture. */
const LONGEST_TAG_BYTES = 1024 * 1024;
/** What may stand behind the last frame: ID3v1, APE, Lyrics3. */
const TAIL_TAGS = /^(TAG|APETAGEX|LYRICSBEGIN)/;

/** Reads a frame's head; undefined where none is, and for free rates, whose frames tell no length. */
export function readMpegHead(bytes: Uint8Array, at = 0): MpegHead | undefined {
  const [sync = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + HEAD_BYTES);
  if (sync !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const version = ([2.5, undefined, 2, 1] as const)[(second >> 3) & 3];
  const layer = 4 - ((second >> 1) & 3);
  const baseHz = RATES_HZ[(third >> 2) & 3];
  if (version === undefined || layer === 4 || baseHz === undefined) return undefined;
  const table = version === 1 ? (['1-1', '1-2', '1-3'] as const)[layer - 1] : layer === 1 ? '2-1' : '2-2';
  const kbits = KBITS[table ?? '1-3'][third >> 4] ?? 0;
  if (kbits === 0) return undefined;
  const rateHz = version === 1 ? baseHz : version === 2 ? baseHz / 2 : baseHz / 4;
  const padding = (third >> 1) & 1;
  const sampleCount = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  const slotBytes = layer === 1 ? 4 : 1;
  const lengthBytes = (Math.floor((sampleCount * kbits * 125) / rateHz / slotBytes) + padding) * slotBytes;
  return { version, layer, rateHz, channelCount: fourth >> 6 === 3 ? 1 : 2, sampleCount, lengthBytes };
}

/**
 * Finds the frames of a file of MPEG audio (MP3 above all), whatever lies before, between and behind them. Bytes may come in blocks of
 * any size; the frames found are the same.
 */
export class MpegFrameReader {
  private rest: Uint8Array = new Uint8Array(0);
  private last: MpegHead | undefined;
  /** Bytes to be passed over: the rest of a tag. */
  private passBytes = 0;
  /** The first tag, as far as it has been passed over. */
  private tag: Uint8Array = new Uint8Array(0);
  private isTagRead = false;
  private createdMs: number | undefined;
  private isInStep = false;
  private holeBytes = 0;
  /** Whether what was passed over begins like a tag. */
  private isTagHole = false;
  private frameBytes = 0;
  private frameCount = 0;
  private sampleCount = 0;
  private declared: number | undefined;
  private isBroken = false;

  /** Whether there are bytes that are neither frames nor tags. */
  get isDamaged(): boolean {
    return this.isBroken;
  }

  /** When the recording began, as the file tells: milliseconds since 1970. */
  get recordedMs(): number | undefined {
    return this.createdMs;
  }

  /** How long the file says that its sound is; undefined where it does not. */
  get declaredS(): number | undefined {
    return this.declared;
  }

  /** How long the frames and holes given so far are. */
  get heardS(): number {
    return this.last === undefined ? 0 : this.sampleCount / this.last.rateHz;
  }

  /** @param isEnd whether these are the file's last bytes */
  *push(block: Uint8Array, isEnd: boolean): Generator<MpegPart> {
    const bytes = concatBytes(this.rest, block);
    let at = 0;
    let [from, count] = [0, 0];
    const frames = (): MpegPart[] => (count > 0 ? [{ kind: 'frames', bytes: bytes.subarray(from, at) }] : []);
    for (;;) {
      const step = this.next(bytes, at, isEnd);
      if (step.kind === 'frame') {
        if (this.holeBytes > 0) yield* this.closeHole(step.head);
        if (count === 0) from = at;
        count++;
        this.take(step.head, bytes.subarray(at, at + step.head.lengthBytes));
        at += step.head.lengthBytes;
        if (count < FRAMES_TOGETHER) continue;
      }
      yield* frames();
      count = 0;
      if (step.kind === 'more') break;
      if (step.kind === 'pass') {
        if (!step.isTag && this.holeBytes === 0) this.isTagHole = TAIL_TAGS.test(latin1(bytes.subarray(at, at + 11)));
        at += step.bytes;
        if (!step.isTag) this.holeBytes += step.bytes;
      }
    }
    // What is left behind the end is a frame that was cut, or a tag.
    this.rest = bytes.slice(at);
    if (isEnd && ((this.holeBytes > 0 && !this.isTagHole) || this.rest.length > 0)) this.isBroken = true;
  }

  private next(bytes: Uint8Array, at: number, isEnd: boolean): Step {
    const left = bytes.length - at;
    if (this.passBytes > 0) {
      const passed = Math.min(this.passBytes, left);
      this.passBytes -= passed;
      this.readTag(bytes.subarray(at, at + passed));
      return passed > 0 ? { kind: 'pass', bytes: passed, isTag: true } : { kind: 'more' };
    }
    if (left === 0 || (!isEnd && left < 2 * LONGEST_BYTES)) return { kind: 'more' };
    const head = readMpegHead(bytes, at);
    if (head && (this.isInStep ? isAlike(head, this.last) : this.isFollowed(head, bytes, at, isEnd))) {
      if (head.lengthBytes > left) return { kind: 'more' };
      this.isInStep = true;
      return { kind: 'frame', head };
    }
    if (this.isInStep) {
      // A frame of another kind may begin here; that is looked at anew.
      this.isInStep = false;
      return { kind: 'pass', bytes: 0, isTag: true };
    }
    const tag = tagBytes(bytes.subarray(at, at + ID3_HEAD_BYTES));
    if (tag > 0) {
      this.passBytes = tag;
      return { kind: 'pass', bytes: 0, isTag: true };
    }
    const next = bytes.subarray(at + 1).findIndex((value) => value === 0xff || value === 0x49 || value === 0x54);
    const passed = next < 0 ? left : next + 1;
    return { kind: 'pass', bytes: passed, isTag: false };
  }

  /** Takes the next bytes of a tag. Only the first tag counts: others are of files that were joined to the first. */
  private readTag(bytes: Uint8Array): void {
    if (this.isTagRead) return;
    this.tag = concatBytes(this.tag, bytes.slice());
    if (this.passBytes > 0 && this.tag.length < LONGEST_TAG_BYTES) return;
    this.createdMs = recordedInId3(this.tag);
    this.tag = new Uint8Array(0);
    this.isTagRead = true;
  }

  /** Whether another frame begins behind the one at `at`, so that it is none by chance. */
  private isFollowed(head: MpegHead, bytes: Uint8Array, at: number, isEnd: boolean): boolean {
    const behind = at + head.lengthBytes;
    if (isEnd && behind === bytes.length) return true;
    const next = behind + HEAD_BYTES <= bytes.length ? readMpegHead(bytes, behind) : undefined;
    return next !== undefined && isAlike(next, head);
  }

  private *closeHole({ rateHz, sampleCount }: MpegHead): Generator<MpegPart> {
    // What stands before the first frame is no sound.
    if (this.frameCount > 0 && !this.isTagHole) {
      this.isBroken = true;
      const lost = Math.round(this.holeBytes / (this.frameBytes / this.frameCount)) * sampleCount;
      this.sampleCount += lost;
      if (lost > 0) yield { kind: 'hole', rateHz, sampleCount: lost };
    }
    this.holeBytes = 0;
  }

  private take(head: MpegHead, frame: Uint8Array): void {
    if (this.frameCount === 0) this.declared = declaredS(head, frame);
    this.last = head;
    this.frameCount++;
    this.frameBytes += head.lengthBytes;
    this.sampleCount += head.sampleCount;
  }
}

type Step =
  | { readonly kind: 'frame'; readonly head: MpegHead }
  | { readonly kind: 'pass'; readonly bytes: number; readonly isTag: boolean }
  | { readonly kind: 'more' };

function isAlike(one: MpegHead, other: MpegHead | undefined): boolean {
  return one.version === other?.version && one.layer === other.layer && one.rateHz === other.rateHz;
}

/** How long an ID3v2 tag is that begins here; 0 where none does. */
function tagBytes(bytes: Uint8Array): number {
  const sizeBytes = sevenBitNumber(bytes, 6);
  return sizeBytes === undefined || latin1(bytes.subarray(0, 3)) !== 'ID3' ? 0 : ID3_HEAD_BYTES + sizeBytes;
}

/** The length that encoders write into a first frame of their own ("Xing" or "Info", behind the room for a frame's side information). */
function declaredS(
  { version, layer, channelCount, rateHz, sampleCount }: MpegHead,
  frame: Uint8Array,
): number | undefined {
  if (layer !== 3) return undefined;
  const sideBytes = version === 1 ? (channelCount === 1 ? 17 : 32) : channelCount === 1 ? 9 : 17;
  const at = HEAD_BYTES + sideBytes;
  if (!/^(Xing|Info)$/.test(latin1(frame.subarray(at, at + 4)))) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (frame.length < at + 12 || (view.getUint32(at + 4) & 1) === 0) return undefined;
  return (view.getUint32(at + 8) * sampleCount) / rateHz;
}
