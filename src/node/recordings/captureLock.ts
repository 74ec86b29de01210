import fs from 'node:fs/promises';
import path from 'node:path';
import type { RecordingTarget } from '../../core/capture/recordings';
import { MinutesError } from '../../core/errors';
import { readLock, takeLock, type FileLock } from '../system/fileLock';

/** What a window that records says about itself. */
interface Holder {
  readonly window: string;
  readonly purpose: RecordingTarget['kind'];
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** Takes the lock for a recording. That of a window that is gone does not count. @throws MinutesError `alreadyRecording` */
export async function lockCapture(file: string, window: string, purpose: Holder['purpose']): Promise<FileLock> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const own: Holder = { window, purpose, sinceMs: Date.now() };
  const lock = await takeLock(file, own);
  if (lock) return lock;
  const other = parseHolder((await readLock(file))?.about);
  throw new MinutesError({ code: 'alreadyRecording', ...other });
}

function parseHolder(value: unknown): Holder {
  const given = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const { window, purpose, sinceMs } = given;
  return {
    window: typeof window === 'string' ? window : '',
    purpose: purpose === 'dictation' ? 'dictation' : 'meeting',
    sinceMs: typeof sinceMs === 'number' ? sinceMs : Date.now(),
  };
}
