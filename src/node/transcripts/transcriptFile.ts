import fs, { type FileHandle } from 'node:fs/promises';
import { MinutesError } from '../../core/errors';
import type { LogSink } from '../../core/transcript/transcriptLog';
import { takeLock, type FileLock } from '../system/fileLock';

/**
 * A log's file, open for its only writer. Lines are on the disk when an append resolves. What a crash or a full disk cut off is removed
 * before the next line is written.
 */
export class TranscriptFile implements LogSink {
  /** The appends, one after the other. */
  private work: Promise<void> = Promise.resolve();

  private constructor(
    private readonly handle: FileHandle,
    private readonly lock: FileLock,
    /** The whole lines so far. */
    readonly text: string,
    private sizeBytes: number,
  ) {}

  /**
   * Opens a file, which is made where there is none.
   *
   * @param name the recording's name, for the message where somebody else has it
   * @throws MinutesError `transcriptBusy`
   */
  static async open(file: string, name: string): Promise<TranscriptFile> {
    const lock = await takeLock(`${file}.lock`);
    if (!lock) throw new MinutesError({ code: 'transcriptBusy', file: name });
    let handle: FileHandle | undefined;
    try {
      // A log holds what was said: nobody else on this machine may read it.
      handle = await fs.open(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
      const bytes = await handle.readFile();
      const wholeBytes = bytes.lastIndexOf('\n') + 1;
      return new TranscriptFile(handle, lock, bytes.toString('utf8', 0, wholeBytes), wholeBytes);
    } catch (error) {
      await handle?.close();
      await lock.release();
      throw error;
    }
  }

  append(lines: string): Promise<void> {
    return this.inTurn(() => this.write(Buffer.from(lines)));
  }

  /** Puts these lines in the place of all others. */
  replace(lines: string): Promise<void> {
    return this.inTurn(async () => {
      this.sizeBytes = 0;
      await this.write(Buffer.from(lines));
    });
  }

  async close(): Promise<void> {
    await this.work;
    await this.handle.close();
    await this.lock.release();
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.work.then(step);
    this.work = done.catch(() => undefined);
    return done;
  }

  private async write(bytes: Uint8Array): Promise<void> {
    // Behind the whole lines there may be the beginning of a line.
    if ((await this.handle.stat()).size !== this.sizeBytes) await this.handle.truncate(this.sizeBytes);
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await this.handle.write(
        bytes,
        written,
        bytes.length - written,
        this.sizeBytes + written,
      );
      written += bytesWritten;
    }
    await this.handle.datasync();
    this.sizeBytes += bytes.length;
  }
}
