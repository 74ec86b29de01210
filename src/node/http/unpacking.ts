import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Exchange } from './exchange';

type MakeDecoder = (firstByte: number) => Transform;

/** What unpacks each coding (RFC 9110, 8.4.1). */
const DECODERS = new Map<string, MakeDecoder>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['br', () => createBrotliDecompress()],
  // Some servers leave out zlib's header, whose first byte names the method 8 in its lower half (RFC 1950, 2.2).
  ['deflate', (firstByte) => ((firstByte & 0x0f) === 8 ? createInflate() : createInflateRaw())],
]);

/** Unpacks an answer's body on its way to the exchange, which so counts, limits and reads what was packed. */
export class Unpacking {
  private readonly packed = new PassThrough();
  private unpacked: Promise<void> | undefined;

  private constructor(
    private readonly makeDecoder: MakeDecoder,
    private readonly link: Pick<Exchange, 'block' | 'signal'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /**
   * @param coding the answer's `content-encoding`
   * @param onError called where the bytes are not what the header says
   * @returns undefined for an answer that is not packed, or in a way that is not known: its bytes stay as they are
   */
  static of(
    coding: string | readonly string[] | undefined,
    link: Pick<Exchange, 'block' | 'signal'>,
    onError: (error: unknown) => void,
  ): Unpacking | undefined {
    const makeDecoder = DECODERS.get(String(coding).trim().toLowerCase());
    return makeDecoder && new Unpacking(makeDecoder, link, onError);
  }

  /** Takes a block as it was sent. Where it returns a promise, the next block has to wait for it; the promise never rejects. */
  block(bytes: Uint8Array): Promise<void> | undefined {
    const [firstByte] = bytes;
    if (this.packed.destroyed || this.link.signal.aborted || firstByte === undefined) return undefined;
    this.unpacked ??= this.unpack(this.makeDecoder(firstByte));
    if (this.packed.write(bytes)) return undefined;
    return new Promise((resolve) => {
      const go = (): void => {
        this.packed.off('drain', go).off('close', go);
        resolve();
      };
      this.packed.on('drain', go).on('close', go);
    });
  }

  /** Resolves when the exchange has taken the last block. A body without a byte, as behind a 204, is whole at once. */
  async end(): Promise<void> {
    this.packed.end();
    await this.unpacked;
  }

  private unpack(decoder: Transform): Promise<void> {
    const { link } = this;
    const give = async (blocks: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const block of blocks) await link.block(block);
    };
    const unpacked = pipeline(this.packed, decoder, give, { signal: link.signal });
    unpacked.catch(this.onError);
    return unpacked;
  }
}
