import { concatBytes } from './concatBytes';
import { FlacFrameReader, readFlacInfo, type FlacFrame, type FlacInfo } from './flacFrames';
import { latin1 } from '../files/pcmFile';
import { ID3_HEAD_BYTES, sevenBitNumber } from './id3Tag';
import { creationTimeIn } from './vorbisComment';

/** Kinds of metadata (RFC 9639 8.1). */
const [STREAMINFO, COMMENTS] = [0, 4];
/** A block of comments that is longer holds pictures. */
const LONGEST_COMMENTS_BYTES = 1024 * 1024;
const BLOCK_HEAD_BYTES = 4;

/** A FLAC file's frames, and what stands before them. Bytes may come in blocks of any size. */
export class FlacStreamReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private passBytes = 0;
  private hasBegun = false;
  private isLastBlock = false;
  private found: FlacInfo | undefined;
  private frames: FlacFrameReader | undefined;
  private createdMs: number | undefined;

  /** Known before the first frame. */
  get info(): FlacInfo | undefined {
    return this.found;
  }

  /** When the recording began, as the file tells. */
  get recordedMs(): number | undefined {
    return this.createdMs;
  }

  /** Whether there are bytes that belong to no whole frame. */
  get isDamaged(): boolean {
    return this.frames?.isDamaged ?? true;
  }

  /** @param isEnd whether these are the file's last bytes */
  *push(block: Uint8Array, isEnd: boolean): Generator<FlacFrame> {
    if (this.frames) {
      yield* this.frames.push(block, isEnd);
      return;
    }
    this.bytes = concatBytes(this.bytes, block);
    while (this.takeHead());
    if (!this.isLastBlock || this.passBytes > 0 || !this.found) return;
    this.frames = new FlacFrameReader(this.found);
    yield* this.frames.push(this.bytes, isEnd);
    this.bytes = new Uint8Array(0);
  }

  /** Takes one part of what stands before the frames. @returns whether there was a whole one */
  private takeHead(): boolean {
    if (this.passBytes > 0) {
      const passed = Math.min(this.passBytes, this.bytes.length);
      this.passBytes -= passed;
      this.bytes = this.bytes.subarray(passed);
      return passed > 0;
    }
    if (this.isLastBlock) return false;
    return this.hasBegun ? this.takeBlock() : this.takeSignature();
  }

  private takeSignature(): boolean {
    const { bytes } = this;
    if (bytes.length < ID3_HEAD_BYTES) return false;
    const name = latin1(bytes.subarray(0, 4));
    if (name.startsWith('ID3')) {
      this.passBytes = ID3_HEAD_BYTES + (sevenBitNumber(bytes, 6) ?? 0);
      return true;
    }
    if (name !== 'fLaC') {
      // No FLAC: nothing is found.
      this.isLastBlock = true;
      return false;
    }
    this.hasBegun = true;
    this.bytes = bytes.subarray(4);
    return true;
  }

  private takeBlock(): boolean {
    const [kind = 0, high = 0, middle = 0, low = 0] = this.bytes;
    if (this.bytes.length < BLOCK_HEAD_BYTES) return false;
    const length = (high << 16) | (middle << 8) | low;
    const isWanted = (kind & 127) === STREAMINFO || ((kind & 127) === COMMENTS && length <= LONGEST_COMMENTS_BYTES);
    if (isWanted && this.bytes.length < BLOCK_HEAD_BYTES + length) return false;
    if (isWanted) {
      const block = this.bytes.subarray(BLOCK_HEAD_BYTES, BLOCK_HEAD_BYTES + length);
      if ((kind & 127) === STREAMINFO) this.found ??= readFlacInfo(block);
      else this.createdMs ??= creationTimeIn(block);
    }
    this.passBytes = BLOCK_HEAD_BYTES + length;
    this.isLastBlock = (kind & 128) !== 0;
    return true;
  }
}
