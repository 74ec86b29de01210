import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { skipWithReason } from '../../../speech';

/** Makes file systems of few megabytes, gone behind each test of the suite; skips the test where it may not. */
export function smallFileSystem(): (context: Mocha.Context, megabytes: number) => Promise<string> {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) {
      execFileSync('umount', [folder]);
      await fs.rmdir(folder);
    }
  });
  return async (context, megabytes) => {
    if (process.platform !== 'linux') skipWithReason(context, 'small file systems are made on Linux only');
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'minutes-small-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      await fs.rmdir(folder);
      skipWithReason(context, 'this user may not mount a small file system');
    }
    folders.push(folder);
    return folder;
  };
}
