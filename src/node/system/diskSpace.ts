import fs from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from './fileProblems';

/** How many bytes this user may still write to a folder's disk. The folder need not exist yet. */
export async function freeBytesOf(folder: string): Promise<number> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = await fs.statfs(at);
      return bavail * bsize;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || path.dirname(at) === at) throw error;
    }
  }
}
