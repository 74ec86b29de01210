import type { Hash } from 'node:crypto';
import { constants } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { toMinutesError } from '../system/fileProblems';

/** How much is read at once for the checksum of what an earlier run left: little memory, few calls. */
const BLOCK_BYTES = 1024 * 1024;

/** The ending of a file that has not arrived whole. */
export const PART_ENDING = '.part';

/** A file that has not arrived completely, with the checksum of the part that is here where one is wanted. */
export class PartFile {
  private sum: Hash | undefined;
  private done = 0;

  private constructor(
    private readonly handle: FileHandle,
    readonly path: string,
    private readonly newSum: () => Hash | undefined,
  ) {
    this.sum = newSum();
  }

  /**
   * Opens what an earlier run left, or begins a new file.
   *
   * @param newSum makes the hash that gets every byte; undefined where nobody asks for a checksum
   * @throws MinutesError `diskFull`; errors of the file system; the signal's reason when aborted
   */
  static async open(path: string, newSum: () => Hash | undefined, signal: AbortSignal): Promise<PartFile> {
    const handle = await fs.open(path, constants.O_RDWR | constants.O_CREAT);
    const part = new PartFile(handle, path, newSum);
    try {
      await part.sumUp((await handle.stat()).size, signal);
      return part;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get doneBytes(): number {
    return this.done;
  }

  /** @throws MinutesError `diskFull` */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at, this.done);
        this.sum?.update(bytes.subarray(at, at + bytesWritten));
        this.done += bytesWritten;
        at += bytesWritten;
      }
    } catch (error) {
      throw toMinutesError(error, this.path);
    }
  }

  /** Drops all bytes and begins again. */
  async restart(): Promise<void> {
    await this.handle.truncate(0);
    this.done = 0;
    this.sum = this.newSum();
  }

  /** The checksum of all bytes, hexadecimal; undefined where none was wanted. To be called once, at the end. */
  checksum(): string | undefined {
    return this.sum?.digest('hex');
  }

  /** Resolves when the bytes are on the disk and survive a power cut. @throws MinutesError `diskFull` */
  async sync(): Promise<void> {
    try {
      await this.handle.sync();
    } catch (error) {
      throw toMinutesError(error, this.path);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async sumUp(sizeBytes: number, signal: AbortSignal): Promise<void> {
    if (!this.sum) {
      this.done = sizeBytes;
      return;
    }
    const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, sizeBytes));
    while (this.done < sizeBytes) {
      signal.throwIfAborted();
      const { bytesRead } = await this.handle.read(block, 0, Math.min(block.length, sizeBytes - this.done), this.done);
      if (bytesRead === 0) break;
      this.sum.update(block.subarray(0, bytesRead));
      this.done += bytesRead;
    }
  }
}
