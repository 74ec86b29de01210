import fs from 'node:fs/promises';
import path from 'node:path';
import { MinutesError } from '../../core/errors';
import type { Recording } from '../../core/model';
import { errnoOf } from '../system/fileProblems';

/** A file on this machine as a recording. @throws MinutesError `fileUnreadable`, `fileEmpty` */
export async function openRecording(file: string, name = path.basename(file)): Promise<Recording> {
  try {
    const stat = await fs.stat(file);
    if (!stat.isFile()) throw new MinutesError({ code: 'fileUnreadable', file: name, reason: 'it is not a file' });
    // Only opening shows for certain that the file can be read; permissions may be wrong, as on a network's drive.
    await (await fs.open(file)).close();
    if (stat.size === 0) throw new MinutesError({ code: 'fileEmpty', file: name });
    return { name, path: file, sizeBytes: stat.size, modifiedMs: stat.mtimeMs };
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw new MinutesError({ code: 'fileUnreadable', file: name, reason: code }, { cause: error });
  }
}
