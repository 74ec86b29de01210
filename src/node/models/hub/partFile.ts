import type { Hash } from 'node:crypto';
import { constants } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import type { HubFile } from '../../../core/models/parseHub';
import { toMinutesError } from '../../system/fileProblems';
import { newChecksum } from '../../system/checksum';

/** How much is read at once for the checksum of what an earlier run left: little memory, few calls. */
const BLOCK_BYTES = 1024 * 1024;

/** A file that has not arrived completely, with the checksum of the part that is here. */
export class PartFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly path: string,
    private readonly file: HubFile,
    private sum: Hash,
    private done: number,
  ) {}

  /**
   * Opens what an earlier run left, or begins a new file.
   *
   * @throws MinutesError `diskFull`; errors of the file system; the signal's reason when aborted
   */
  static async open(path: string, file: HubFile, signal: AbortSignal): Promise<PartFile> {
    const handle = await fs.open(path, constants.O_RDWR | constants.O_CREAT);
    const part = new PartFile(handle, path, file, PartFile.newSum(file), 0);
    try {
      const { size } = await handle.stat();
      if (size > file.sizeBytes) await part.restart();
      else await part.sumUp(size, signal);
      return part;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private static newSum({ checksum, sizeBytes }: HubFile): Hash {
    return newChecksum(checksum.kind, sizeBytes);
  }

  get doneBytes(): number {
    return this.done;
  }

  isComplete(): boolean {
    return this.done === this.file.sizeBytes;
  }

  /** @throws MinutesError `diskFull` */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at, this.done);
        this.sum.update(bytes.subarray(at, at + bytesWritten));
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
    this.sum = PartFile.newSum(this.file);
  }

  /** Whether the complete file has the hub's checksum. To be called once, at the end. */
  isRight(): boolean {
    return this.isComplete() && this.sum.digest('hex') === this.file.checksum.hex;
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
