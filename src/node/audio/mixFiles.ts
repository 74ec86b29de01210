import { BYTES_PER_SAMPLE, bytesToInt16, int16ToBytes } from '../../core/audio/pcm';
import { readRange } from './readRange';

/** Samples in a file: 16 kHz mono signed 16-bit little-endian from its start. */
export interface SampleFile {
  readonly file: string;
  readonly sampleCount: number;
}

/** Mixes files of samples, a block at a time: the mean of all, so that nothing is too loud. A file that ends before the others is silent then. */
export async function* mixFiles(files: readonly SampleFile[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const sources = files.map(
    ({ file, sampleCount }) => new Source(readRange(file, 0, sampleCount * BYTES_PER_SAMPLE, signal)),
  );
  try {
    for (;;) {
      const blocks = await Promise.all(sources.map((source) => source.look()));
      const present = blocks.filter((block) => block.length > 0);
      if (present.length === 0) return;
      const count = Math.min(...present.map((block) => block.length));
      const mixed = new Int16Array(count);
      for (let i = 0; i < count; i++) {
        mixed[i] = Math.round(present.reduce((sum, block) => sum + (block[i] ?? 0), 0) / files.length);
      }
      for (const source of sources) source.take(count);
      yield int16ToBytes(mixed);
    }
  } finally {
    await Promise.all(sources.map((source) => source.end()));
  }
}

/** One file's samples, as far as they are not mixed. */
class Source {
  private readonly blocks: AsyncIterator<Uint8Array>;
  private rest = new Int16Array(0);

  constructor(blocks: AsyncIterable<Uint8Array>) {
    this.blocks = blocks[Symbol.asyncIterator]();
  }

  /** The next samples; none where the file has ended. */
  async look(): Promise<Int16Array> {
    while (this.rest.length === 0) {
      const next = await this.blocks.next();
      if (next.done === true) break;
      this.rest = new Int16Array(bytesToInt16(next.value));
    }
    return this.rest;
  }

  take(count: number): void {
    this.rest = this.rest.subarray(count);
  }

  async end(): Promise<void> {
    await this.blocks.return?.();
  }
}
