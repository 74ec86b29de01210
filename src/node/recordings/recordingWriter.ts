import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import { wavHeader, WAV_HEADER_BYTES } from '../../core/audio/wav';
import { MinutesError, problemOf } from '../../core/errors';
import type { Recording } from '../../core/model';
import type { RecordingWriter } from '../../core/capture/recordings';
import { errnoOf, toMinutesError } from '../system/fileProblems';

/** How late the header may be: players and other programs see so much less of a recording that grows. */
const HEADER_INTERVAL_MS = 1000;
/** Every so many headers the audio is forced to the disk (0.5 ms): what a power cut may cost. */
const HEADERS_PER_SYNC = 5;
/** The largest size that fits the header; readers of our own take more for "to the file's end". 37 hours. */
const MAXIMUM_DATA_BYTES = 0xffff_ffff - WAV_HEADER_BYTES;

/** How a recording is begun. */
export interface WavRecordingWriterOptions {
  /** Open for writing, empty. Owned from here on. */
  readonly handle: FileHandle;
  readonly path: string;
  readonly roomS: number;
  /** The file is whole and closed. */
  readonly onFinished: () => Promise<void>;
}

/**
 * Writes samples as they come into a WAV whose header is true at every moment: it never names more than was written, and less by a
 * second at most. It is rewritten without samples, too, which tells other windows that this one lives.
 */
export class WavRecordingWriter implements RecordingWriter {
  readonly path: string;
  readonly roomS: number;

  private readonly handle: FileHandle;
  private readonly timer: NodeJS.Timeout;
  private dataBytes = 0;
  /** Everything done to the file, one after the other. */
  private work: Promise<void> = Promise.resolve();
  private syncing: Promise<void> | undefined;
  private headerCount = 0;
  private failure: Error | undefined;
  private finished: Promise<Recording> | undefined;

  private constructor(private readonly options: WavRecordingWriterOptions) {
    this.path = options.path;
    this.roomS = options.roomS;
    this.handle = options.handle;
    this.timer = setInterval(() => {
      this.beat();
    }, HEADER_INTERVAL_MS);
    this.timer.unref();
  }

  /** Writes the header. @throws MinutesError `diskFull`, `recordingUnwritable`; the handle is still the caller's then */
  static async begin(options: WavRecordingWriterOptions): Promise<WavRecordingWriter> {
    try {
      await writeAll(options.handle, wavHeader(0), 0);
    } catch (error) {
      throw toRecordingError(error, options.path);
    }
    return new WavRecordingWriter(options);
  }

  get sampleCount(): number {
    return Math.floor(this.dataBytes / BYTES_PER_SAMPLE);
  }

  append(pcm: Uint8Array): Promise<void> {
    return this.inTurn(async () => {
      await writeAll(this.handle, pcm, WAV_HEADER_BYTES + this.dataBytes, (bytes) => (this.dataBytes += bytes));
    });
  }

  finish(): Promise<Recording> {
    return (this.finished ??= this.close());
  }

  private async close(): Promise<Recording> {
    clearInterval(this.timer);
    await this.work.catch(() => undefined);
    await this.syncing;
    try {
      // Half a sample that a full disk left behind is not counted.
      await writeAll(this.handle, this.header(), 0);
      await this.handle.datasync();
      const { size, mtimeMs } = await this.handle.stat();
      return { name: path.basename(this.path), path: this.path, sizeBytes: size, modifiedMs: mtimeMs };
    } catch (error) {
      throw toRecordingError(error, this.path);
    } finally {
      await this.handle.close();
      await this.options.onFinished();
    }
  }

  /** After a failure nothing more is written: a gap in the middle would shift all times behind it. */
  private inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.work.then(async () => {
      if (this.failure) throw this.failure;
      try {
        await step();
      } catch (error) {
        this.failure = toRecordingError(error, this.path);
        throw this.failure;
      }
    });
    this.work = done.catch(() => undefined);
    return done;
  }

  private beat(): void {
    this.inTurn(() => writeAll(this.handle, this.header(), 0)).catch(() => undefined);
    if (++this.headerCount % HEADERS_PER_SYNC !== 0) return;
    // Beside the writes, not between them: a slow disk must not hold up what the microphone gives.
    this.syncing ??= this.handle
      .datasync()
      .catch(() => undefined)
      .finally(() => (this.syncing = undefined));
  }

  private header(): Uint8Array {
    return wavHeader(Math.min(this.sampleCount * BYTES_PER_SAMPLE, MAXIMUM_DATA_BYTES));
  }
}

async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  onWritten: (bytes: number) => void = () => undefined,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
    onWritten(bytesWritten);
  }
}

/** Our error for one that the disk gave. */
export function toRecordingError(error: unknown, file: string): Error {
  const known = toMinutesError(error, file);
  if (problemOf(known)) return known;
  return new MinutesError(
    { code: 'recordingUnwritable', path: file, reason: errnoOf(error) ?? known.message },
    { cause: error },
  );
}
