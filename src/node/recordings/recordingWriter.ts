import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import { wavHeader, WAV_HEADER_BYTES } from '../../core/audio/wav';
import { MinutesError, problemOf } from '../../core/errors';
import type { Recording } from '../../core/model';
import type { RecordingWriter } from '../../core/capture/recordings';
import { errnoOf, toMinutesError } from '../system/fileProblems';
import { copyTo, placeOf } from './followFile';
import { GrowingRecording } from './growingRecording';

/** How late the header may be. Other programs, such as players, miss this much of a growing recording. */
const HEADER_INTERVAL_MS = 1000;
/** After this many headers the audio is forced to the disk (0.5 ms). A power cut costs at most the audio since then. */
const HEADERS_PER_SYNC = 5;
/** The largest size that fits the header, 37 hours. Our own reader takes a larger one for "to the file's end". */
const MAXIMUM_DATA_BYTES = 0xffff_ffff - WAV_HEADER_BYTES;

/** How a recording is begun, or goes on. */
export interface WavRecordingWriterOptions {
  /** The file, open for writing. The writer owns it from here on. */
  readonly handle: FileHandle;
  readonly path: string;
  readonly roomS: number;
  readonly channelCount: number;
  /** How many samples of each channel are in the file; none where the file is empty. */
  readonly sampleCount: number;
  /** Called when the file is complete and closed, with what {@link RecordingWriter.finish} was told. */
  readonly onFinished: (isCutOff: boolean) => Promise<void>;
  /** Called when the file lies elsewhere. `isMadeAgain` tells that it was deleted and is made again, with all its samples. */
  readonly onMoved?: (to: string, isMadeAgain: boolean) => Promise<void>;
}

/**
 * Writes samples as they come into a WAV whose header is valid at every moment: it never names more than was written, and at most a
 * second less. The header is rewritten even when no samples come: this tells other windows that this one lives.
 */
export class WavRecordingWriter implements RecordingWriter {
  readonly roomS: number;
  readonly channels: readonly GrowingRecording[];

  private readonly frameBytes: number;
  private handle: FileHandle;
  private file: string;
  private readonly timer: NodeJS.Timeout;
  private dataBytes: number;
  /** The writes to the file, one after the other. */
  private work: Promise<void> = Promise.resolve();
  private syncing: Promise<void> | undefined;
  private headerCount = 0;
  private failure: Error | undefined;
  private finished: Promise<Recording> | undefined;

  private constructor(private readonly options: WavRecordingWriterOptions) {
    this.file = options.path;
    this.roomS = options.roomS;
    this.handle = options.handle;
    this.frameBytes = options.channelCount * BYTES_PER_SAMPLE;
    this.dataBytes = options.sampleCount * this.frameBytes;
    this.channels = Array.from(
      { length: options.channelCount },
      (_, channel) => new GrowingRecording(options.path, channel, options.channelCount),
    );
    this.grow();
    this.timer = setInterval(() => {
      this.beat();
    }, HEADER_INTERVAL_MS);
    this.timer.unref();
  }

  /** Writes the header. @throws MinutesError `diskFull`, `recordingUnwritable`; the handle is still the caller's then */
  static async begin(options: WavRecordingWriterOptions): Promise<WavRecordingWriter> {
    try {
      const dataBytes = options.sampleCount * options.channelCount * BYTES_PER_SAMPLE;
      await writeAll(options.handle, headerOf(dataBytes, options.channelCount), 0);
    } catch (error) {
      throw toRecordingError(error, options.path);
    }
    return new WavRecordingWriter(options);
  }

  get path(): string {
    return this.file;
  }

  get sampleCount(): number {
    return Math.floor(this.dataBytes / this.frameBytes);
  }

  get audio(): GrowingRecording {
    const [first] = this.channels;
    if (!first) throw new Error('A recording has one channel at least.');
    return first;
  }

  append(pcm: Uint8Array): Promise<void> {
    return this.inTurn(async () => {
      await writeAll(this.handle, pcm, WAV_HEADER_BYTES + this.dataBytes, (bytes) => {
        this.dataBytes += bytes;
        this.grow();
      });
    });
  }

  finish(isCutOff = false): Promise<Recording> {
    return (this.finished ??= this.close(isCutOff));
  }

  private async close(isCutOff: boolean): Promise<Recording> {
    clearInterval(this.timer);
    await this.work.catch(() => undefined);
    // Readers have all of it now, whatever becomes of the header.
    for (const channel of this.channels) channel.close();
    await this.syncing;
    await this.followFile();
    try {
      // The header does not count half a sample that a full disk left behind.
      await writeAll(this.handle, this.header(), 0);
      await this.handle.datasync();
      const { size, mtimeMs } = await this.handle.stat();
      return { name: path.basename(this.path), path: this.path, sizeBytes: size, modifiedMs: mtimeMs };
    } catch (error) {
      throw toRecordingError(error, this.path);
    } finally {
      await this.handle.close();
      await this.options.onFinished(isCutOff);
    }
  }

  /** Runs a step after those before it. After a failure nothing more is written: a gap would shift all times behind it. */
  private inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.work.then(async () => {
      if (this.failure) throw this.failure;
      try {
        await step();
      } catch (error) {
        this.failure = toRecordingError(error, this.path);
        for (const channel of this.channels) channel.close(this.failure);
        throw this.failure;
      }
    });
    this.work = done.catch(() => undefined);
    return done;
  }

  private beat(): void {
    this.inTurn(async () => {
      await this.followFile();
      await writeAll(this.handle, this.header(), 0);
    }).catch(() => undefined);
    if (++this.headerCount % HEADERS_PER_SYNC !== 0) return;
    // The sync runs beside the writes, not between them: a slow disk must not delay the microphone's samples.
    this.syncing ??= this.handle
      .datasync()
      .catch(() => undefined)
      .finally(() => (this.syncing = undefined));
  }

  /** The user may rename the file or its folder, or delete it: then it is made again. Where that fails, the next try may do better. */
  private async followFile(): Promise<void> {
    try {
      const place = await placeOf(this.handle, this.file);
      if (place === this.file) return;
      const isMadeAgain = place === undefined;
      if (isMadeAgain) await this.makeAgain();
      else this.file = place;
      for (const channel of this.channels) channel.moveTo(this.file);
      await this.options.onMoved?.(this.file, isMadeAgain);
    } catch {
      // What is open can still be written to.
    }
  }

  /** Copies what was recorded into a new file, and goes on there. */
  private async makeAgain(): Promise<void> {
    await fs.mkdir(path.dirname(this.file), { recursive: true });
    const { file, handle } = await openNew(path.dirname(this.file), path.basename(this.file, '.wav'));
    try {
      await copyTo(this.handle, handle);
    } catch (error) {
      await handle.close();
      await fs.rm(file, { force: true });
      throw error;
    }
    await this.syncing;
    await this.handle.close();
    [this.file, this.handle] = [file, handle];
  }

  private header(): Uint8Array {
    return headerOf(this.sampleCount * this.frameBytes, this.options.channelCount);
  }

  private grow(): void {
    for (const channel of this.channels) channel.grow(this.sampleCount);
  }
}

function headerOf(dataBytes: number, channelCount: number): Uint8Array {
  return wavHeader(Math.min(dataBytes, MAXIMUM_DATA_BYTES), channelCount);
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

/** Makes a new file under a free name. @param name without its ending */
export async function openNew(folder: string, name: string): Promise<{ file: string; handle: FileHandle }> {
  for (let number = 1; ; number++) {
    const file = path.join(folder, number === 1 ? `${name}.wav` : `${name} ${number}.wav`);
    try {
      return { file, handle: await fs.open(file, 'wx+') };
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** The error of Minutes for an error of the disk. */
export function toRecordingError(error: unknown, file: string): Error {
  const known = toMinutesError(error, file);
  if (problemOf(known)) return known;
  return new MinutesError(
    { code: 'recordingUnwritable', path: file, reason: errnoOf(error) ?? known.message },
    { cause: error },
  );
}
