import fs, { type FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../core/audio/pcm';
import { WAV_HEADER_BYTES } from '../../core/audio/wav';
import { MinutesError } from '../../core/errors';
import type {
  RecordingStore,
  RecordingTarget,
  RecordingWriter,
  UnfinishedRecording,
} from '../../core/capture/recordings';
import { openRecording } from '../audio/openRecording';
import type { FileLock } from '../system/fileLock';
import { lockCapture } from './captureLock';
import { cutOffMs, isOwned } from './ownership';
import { openNew, toRecordingError, WavRecordingWriter } from './recordingWriter';
import { repairRecording } from './repairRecording';
import { readSidecar, readSidecars, sidecarFile, takeOver, writeSidecar, type Sidecar } from './sidecar';

/** A recording begins only where the disk has room for five minutes (16 kHz, 16 bit: 32 kB/s). */
const MINIMUM_ROOM_S = 300;

/**
 * The lock of this user's machine, whatever editor the windows are of: two captures of one microphone would be an accident. It lies where
 * a restart of the machine or the system clears files away.
 */
export function machineLockFile(environment = process.env): string {
  const runtime = environment['XDG_RUNTIME_DIR'];
  const folder = runtime !== undefined && path.isAbsolute(runtime) ? runtime : os.tmpdir();
  return path.join(folder, `minutes-capture-${os.userInfo().username.replace(/\W/g, '_')}.lock`);
}

/** What a store needs to know besides its folder. */
export interface RecordingStoreOptions {
  /** The lock under which recordings are made; absent: one in the folder. */
  readonly lockFile?: string;
  /** What another window calls this one. */
  readonly windowName?: () => string;
  /** Called with the file when a recording was deleted while it was made, and was made again. */
  readonly onMadeAgain?: (file: string) => void;
}

/** A recording that begins or goes on. */
interface Begun extends Pick<UnfinishedRecording, 'startedMs' | 'target' | 'channelCount' | 'sampleCount'> {
  readonly file: string;
  readonly roomS: number;
}

/**
 * Keeps recordings as WAV files where the caller wants them, and a sidecar for each that nobody has dealt with. All sidecars lie in one
 * folder of our own, not beside the audio: a start then reads one folder instead of every workspace, and no file of ours stays in the
 * user's folders.
 */
export class FileRecordingStore implements RecordingStore {
  private readonly lockFile: string;
  private readonly windowName: () => string;
  private readonly onMadeAgain: (file: string) => void;

  /** @param folder for the sidecars; one for all windows of this user */
  constructor(
    private readonly folder: string,
    {
      lockFile = path.join(folder, 'capture.lock'),
      windowName = () => '',
      onMadeAgain = () => undefined,
    }: RecordingStoreOptions = {},
  ) {
    this.lockFile = lockFile;
    this.windowName = windowName;
    this.onMadeAgain = onMadeAgain;
  }

  async create(folder: string, name: string, target: RecordingTarget, channelCount = 1): Promise<RecordingWriter> {
    return this.locked(folder, target, async (lock) => {
      await fs.mkdir(folder, { recursive: true });
      const roomS = await enoughRoomIn(folder, channelCount);
      const { file, handle } = await openNew(folder, name);
      try {
        return await this.begin(
          handle,
          { file, startedMs: Date.now(), target, channelCount, sampleCount: 0, roomS },
          lock,
        );
      } catch (error) {
        await this.remove(file);
        throw error;
      }
    });
  }

  async reopen({ recording, startedMs, target, channelCount }: UnfinishedRecording): Promise<RecordingWriter> {
    const file = recording.path;
    return this.locked(file, target, async (lock) => {
      if (!(await exists(file))) throw new MinutesError({ code: 'recordingGone', file: recording.name });
      const roomS = await enoughRoomIn(path.dirname(file), channelCount);
      const sampleCount = await repairRecording(file, channelCount);
      // Another file may lie there by now; its header must not be overwritten.
      if (sampleCount === 0) throw new MinutesError({ code: 'recordingGone', file: recording.name });
      const handle = await fs.open(file, 'r+');
      return this.begin(handle, { file, startedMs, target, channelCount, sampleCount, roomS }, lock);
    });
  }

  async unfinished(wants: (target: RecordingTarget) => boolean = () => true): Promise<UnfinishedRecording[]> {
    const found: UnfinishedRecording[] = [];
    for (const sidecar of await readSidecars(this.folder)) {
      const { path: file, startedMs, target, channelCount = 1 } = sidecar;
      const isFree = async (current: Sidecar): Promise<boolean> => !(await isOwned(this.folder, current));
      if (!wants(target) || !(await isFree(sidecar)) || !(await this.isThere(file))) continue;
      try {
        const taken = await takeOver(this.folder, file, isFree, (current) => cutOffMs(this.folder, current));
        if (!taken) continue;
        const sampleCount = await repairRecording(file, channelCount);
        if (sampleCount > 0) {
          const facts = { startedMs, sampleCount, channelCount, target, cutOffMs: taken.cutOffMs };
          found.push(defined({ recording: await openRecording(file), ...facts }));
        } else await this.forgetEmpty(file);
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

  /** Begins a recording under the machine's lock, which is held until the recording is finished. */
  private async locked(
    where: string,
    target: RecordingTarget,
    begin: (lock: FileLock) => Promise<RecordingWriter>,
  ): Promise<RecordingWriter> {
    let lock: FileLock | undefined;
    try {
      await fs.mkdir(this.folder, { recursive: true });
      lock = await lockCapture(this.lockFile, this.windowName(), target.kind);
      return await begin(lock);
    } catch (error) {
      await lock?.release();
      throw toRecordingError(error, where);
    }
  }

  /** Remembers the recording and writes its header. Closes the file where it fails. */
  private async begin(handle: FileHandle, begun: Begun, lock: FileLock): Promise<RecordingWriter> {
    const { file, startedMs, target, channelCount, sampleCount, roomS } = begun;
    let sidecar: Sidecar = defined({
      version: 1,
      path: file,
      startedMs,
      processId: process.pid,
      target,
      channelCount: channelCount === 1 ? undefined : channelCount,
      state: 'recording',
    });
    const onFinished = async (isCutOff: boolean): Promise<void> => {
      await this.markFinished(defined({ ...sidecar, cutOffMs: isCutOff ? Date.now() : undefined }));
      await lock.release();
    };
    const onMoved = async (to: string, isMadeAgain: boolean): Promise<void> => {
      const from = sidecar.path;
      sidecar = { ...sidecar, path: to };
      await writeSidecar(this.folder, sidecar);
      if (from !== to) await this.settle(from);
      if (isMadeAgain) this.onMadeAgain(to);
    };
    try {
      await writeSidecar(this.folder, sidecar);
      const more = { onFinished, onMoved };
      return await WavRecordingWriter.begin({ handle, path: file, roomS, channelCount, sampleCount, ...more });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Whether the audio is there. Deleted audio is forgotten, but not where its folder is gone too: the drive may come back. */
  private async isThere(file: string): Promise<boolean> {
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

async function exists(place: string): Promise<boolean> {
  return fs.access(place).then(
    () => true,
    () => false,
  );
}

/** Seconds of audio for which the disk has room. @throws MinutesError `diskFull` */
async function enoughRoomIn(folder: string, channelCount: number): Promise<number> {
  const { bavail, bsize } = await fs.statfs(folder);
  const roomS = samplesToSeconds((bavail * bsize) / (channelCount * BYTES_PER_SAMPLE));
  if (roomS < MINIMUM_ROOM_S) throw new MinutesError({ code: 'diskFull', path: folder });
  return roomS;
}
