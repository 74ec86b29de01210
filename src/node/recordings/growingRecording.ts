import fs, { type FileHandle } from 'node:fs/promises';
import type { GrowingFile } from '../../core/audio/growingAudio';
import { bytesToInt16, BYTES_PER_SAMPLE, channelOf } from '../../core/audio/pcm';
import type { ChannelPlace } from '../../core/model';
import { WAV_HEADER_BYTES } from '../../core/audio/wav';
import { cutShort, unreadable } from '../audio/readRange';

/** A reader that lies behind gets at most so much at once: 4 s, so that an hour is read in 900 blocks of 128 KiB. */
const BLOCK_SAMPLES = 65_536;

/**
 * A recording that is read while it is written. The writer announces what lies in the file; every reader takes it from there, so that
 * memory grows neither with the recording nor with a reader that is slow. Nobody asks the disk whether there is more.
 */
export class GrowingRecording implements GrowingFile {
  readonly dataOffsetBytes = WAV_HEADER_BYTES;
  readonly channel?: ChannelPlace;
  private sampleCount = 0;
  private end: { readonly error?: Error } | undefined;
  private readonly waiting = new Set<() => void>();

  /**
   * @param path a WAV of our writer, which need not exist before a reader begins
   * @param index which of the file's channels is read
   */
  constructor(
    readonly path: string,
    private readonly index = 0,
    private readonly channelCount = 1,
  ) {
    if (channelCount > 1) this.channel = { index, count: channelCount };
  }

  /** So many samples lie in the file. */
  grow(sampleCount: number): void {
    this.sampleCount = sampleCount;
    this.wake();
  }

  /** Nothing is written any more: the recording is complete, or this failure ended it. A later call changes nothing. */
  close(error?: Error): void {
    this.end ??= error ? { error } : {};
    this.wake();
  }

  async *samples(fromSample: number, signal: AbortSignal): AsyncGenerator<Int16Array> {
    let at = fromSample;
    let handle: FileHandle | undefined;
    try {
      for (;;) {
        signal.throwIfAborted();
        const count = Math.min(BLOCK_SAMPLES, this.sampleCount - at);
        if (count > 0) {
          handle ??= await fs.open(this.path).catch((error: unknown) => unreadable(this.path, error));
          const block = await this.read(handle, at, count);
          at += block.length;
          yield block;
        } else if (!this.end) await this.news(signal);
        else if (this.end.error) throw this.end.error;
        else return;
      }
    } finally {
      await handle?.close();
    }
  }

  private async read(handle: FileHandle, fromSample: number, count: number): Promise<Int16Array> {
    const frameBytes = this.channelCount * BYTES_PER_SAMPLE;
    const bytes = Buffer.allocUnsafeSlow(count * frameBytes);
    const { bytesRead } = await handle
      .read(bytes, 0, bytes.length, this.dataOffsetBytes + fromSample * frameBytes)
      .catch((error: unknown) => unreadable(this.path, error));
    const block = channelOf(bytesToInt16(bytes.subarray(0, bytesRead)), this.index, this.channelCount);
    return block.length > 0 ? block : cutShort(this.path);
  }

  private wake(): void {
    for (const wake of this.waiting) wake();
  }

  /** Resolves with the writer's next announcement. @throws the signal's reason when aborted */
  private async news(signal: AbortSignal): Promise<void> {
    let wake = (): void => undefined;
    try {
      await new Promise<void>((resolve) => {
        wake = resolve;
        this.waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
    } finally {
      this.waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    }
    signal.throwIfAborted();
  }
}
