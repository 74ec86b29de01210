import fs from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from './isAlive';

/** Folders for one run's temporary files, named after the process that owns them. */
export class RunFolders {
  private count = 0;
  private cleaned: Promise<void> | undefined;

  constructor(private readonly parent: string) {}

  /** A name for a new folder; it does not exist yet. Folders that a killed process left behind are removed on the first call. */
  async next(): Promise<string> {
    await (this.cleaned ??= this.removeOrphans());
    return path.join(this.parent, `${String(process.pid)}-${String(this.count++)}`);
  }

  private async removeOrphans(): Promise<void> {
    const names = await fs.readdir(this.parent).catch(() => []);
    for (const name of names) {
      const owner = Number(/^(\d+)-/.exec(name)?.[1]);
      if (owner === process.pid || (owner > 0 && !isAlive(owner))) {
        await fs.rm(path.join(this.parent, name), { recursive: true, force: true });
      }
    }
  }
}
