import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../core/audio/pcm';
import { WAV_HEADER_BYTES } from '../../core/audio/wav';
import { MinutesError } from '../../core/errors';
import type {
  RecordingStore,
  RecordingTarget,
  RecordingWriter,
  UnfinishedRecording,
} from '../../core/capture/recordings';
import { errnoOf } from '../system/fileProblems';
import { openRecording } from '../audio/openRecording';
import { isOwned } from './ownership';
import { toRecordingError, WavRecordingWriter } from './recordingWriter';
import { repairRecording } from './repairRecording';
import { readSidecar, readSidecars, sidecarFile, takeOver, writeSidecar, type Sidecar } from './sidecar';

/** A recording begins only where the disk has room for five minutes (16 kHz, 16 bit: 32 kB/s). */
const MINIMUM_ROOM_S = 300;

/**
 * Keeps recordings as WAV files where the caller wants them, and a sidecar for each that nobody has dealt with. All sidecars lie in one
 * folder of our own, not beside the audio: a start then reads one folder instead of every workspace, and no file of ours stays in the
 * user's folders.
 */
export class FileRecordingStore implements RecordingStore {
  /** @param folder for the sidecars; one for all windows of this user */
  constructor(private readonly folder: string) {}

  async create(folder: string, name: string, target: RecordingTarget): Promise<RecordingWriter> {
    try {
      await fs.mkdir(this.folder, { recursive: true });
      await fs.mkdir(folder, { recursive: true });
      const roomS = await roomIn(folder);
      if (roomS < MINIMUM_ROOM_S) throw new MinutesError({ code: 'diskFull', path: folder });
      if (await this.isAnotherRecording()) throw new MinutesError({ code: 'alreadyRecording' });
      const { file, handle } = await openNew(folder, name);
      const sidecar: Sidecar = {
        version: 1,
        path: file,
        startedMs: Date.now(),
        processId: process.pid,
        target,
        state: 'recording',
      };
      try {
        await writeSidecar(this.folder, sidecar);
        // Two windows may begin at the same instant. Each has written its sidecar before it looks, so at least one sees the other and stops.
        if (await this.isAnotherRecording(file)) throw new MinutesError({ code: 'alreadyRecording' });
        return await WavRecordingWriter.begin({
          handle,
          path: file,
          roomS,
          onFinished: () => this.markFinished(sidecar),
        });
      } catch (error) {
        await handle.close();
        await this.remove(file);
        throw error;
      }
    } catch (error) {
      throw toRecordingError(error, folder);
    }
  }

  async unfinished(): Promise<UnfinishedRecording[]> {
    const found: UnfinishedRecording[] = [];
    for (const sidecar of await readSidecars(this.folder)) {
      const { path: file, startedMs, target } = sidecar;
      const isFree = async (current: Sidecar): Promise<boolean> => !(await isOwned(this.folder, current));
      if (!(await isFree(sidecar)) || !(await this.isThere(file))) continue;
      try {
        if (!(await takeOver(this.folder, file, isFree))) continue;
        const sampleCount = await repairRecording(file);
        if (sampleCount > 0) found.push({ recording: await openRecording(file), startedMs, sampleCount, target });
        else await this.forgetEmpty(file);
      } catch {
        // The recording cannot be read now. The next start tries again.
      }
    }
    return found.sort((a, b) => a.startedMs - b.startedMs);
  }

  async settle(file: string): Promise<void> {
    await fs.rm(sidecarFile(this.folder, file), { force: true });
  }

  async remove(file: string): Promise<void> {
    await fs.rm(file, { force: true });
    await this.settle(file);
  }

  private async isAnotherRecording(own?: string): Promise<boolean> {
    for (const sidecar of await readSidecars(this.folder)) {
      if (sidecar.path === own || sidecar.state !== 'recording') continue;
      if (await isOwned(this.folder, sidecar)) return true;
    }
    return false;
  }

  /** Whether the audio is there. Deleted audio is forgotten, but not where its folder is gone too: the drive may come back. */
  private async isThere(file: string): Promise<boolean> {
    const exists = async (place: string): Promise<boolean> =>
      fs.access(place).then(
        () => true,
        () => false,
      );
    if (await exists(file)) return true;
    if (await exists(path.dirname(file))) await this.settle(file);
    return false;
  }

  /** Forgets a recording without samples. Its file is deleted only where it is empty; a file that is not our recording stays. */
  private async forgetEmpty(file: string): Promise<void> {
    const { size } = await fs.stat(file);
    if (size <= WAV_HEADER_BYTES) await this.remove(file);
    else await this.settle(file);
  }

  private async markFinished(sidecar: Sidecar): Promise<void> {
    try {
      if (await readSidecar(this.folder, sidecar.path)) {
        await writeSidecar(this.folder, { ...sidecar, state: 'finished' });
      }
    } catch {
      // A full disk may refuse this. The recording is complete all the same, and the next start offers it.
    }
  }
}

/** Seconds of audio for which the disk has room. */
async function roomIn(folder: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(folder);
  return samplesToSeconds((bavail * bsize) / BYTES_PER_SAMPLE);
}

/** Makes a new file under a free name. */
async function openNew(folder: string, name: string): Promise<{ file: string; handle: FileHandle }> {
  for (let number = 1; ; number++) {
    const file = path.join(folder, number === 1 ? `${name}.wav` : `${name} ${number}.wav`);
    try {
      return { file, handle: await fs.open(file, 'wx+') };
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}
