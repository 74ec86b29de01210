import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import type { AnsweredFile } from '../../core/downloads/answeredFile';
import { isLocked } from '../system/fileLock';
import { replaceFile } from '../system/replaceFile';
import { PART_ENDING } from './partFile';

/** What is kept of a file beside its bytes. */
export interface KeptFacts extends AnsweredFile {
  /** The recording's file name. */
  readonly name: string;
}

/** Our files begin with a dot, the name of a recording never does. */
const FACTS = '.download.json';
const LOCK = '.lock';

/**
 * The folder of one address: the bytes that arrived, and what the server told about the file. It is named after a checksum of the address,
 * which may hold a key and is not written down anywhere.
 */
export class DownloadFolder {
  private constructor(readonly path: string) {}

  static of(root: string, url: string): DownloadFolder {
    return new DownloadFolder(path.join(root, createHash('sha256').update(url).digest('hex').slice(0, 32)));
  }

  static async all(root: string): Promise<readonly DownloadFolder[]> {
    const entries = await fs.readdir(root, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => new DownloadFolder(path.join(root, name)));
  }

  get part(): string {
    return path.join(this.path, PART_ENDING);
  }

  get lock(): string {
    return path.join(this.path, LOCK);
  }

  /** The recording, once it is whole. */
  recording({ name }: KeptFacts): string {
    return path.join(this.path, name);
  }

  async facts(): Promise<KeptFacts | undefined> {
    return parseFacts(await fs.readFile(path.join(this.path, FACTS), 'utf8').catch(() => ''));
  }

  async writeFacts(facts: KeptFacts): Promise<void> {
    await replaceFile(path.join(this.path, FACTS), JSON.stringify(facts));
  }

  /** Whether the recording is here as a whole. */
  async isWhole(facts: KeptFacts): Promise<boolean> {
    return fs.access(this.recording(facts)).then(
      () => true,
      () => false,
    );
  }

  /** How many bytes of an unfinished download are here. */
  async doneBytes(): Promise<number> {
    return fs.stat(this.part).then(
      ({ size }) => size,
      () => 0,
    );
  }

  /** Whether a window downloads into it now. */
  isBusy(): Promise<boolean> {
    return isLocked(this.lock);
  }

  /** When it was used last: milliseconds since 1970. The recording itself has its server's time. */
  async usedMs(): Promise<number> {
    const files = [this.path, this.part, path.join(this.path, FACTS)];
    const times = files.map((file) =>
      fs.stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    );
    return Math.max(...(await Promise.all(times)));
  }

  async remove(): Promise<void> {
    await fs.rm(this.path, { recursive: true, force: true });
  }
}

function parseFacts(text: string): KeptFacts | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { name, sizeBytes, validator, modifiedMs } = value as Readonly<Record<string, unknown>>;
    // The file is ours, but what stands in it becomes a path.
    if (typeof name !== 'string' || name === '' || name.startsWith('.') || path.basename(name) !== name)
      return undefined;
    return defined({
      name,
      sizeBytes: typeof sizeBytes === 'number' ? sizeBytes : undefined,
      validator: typeof validator === 'string' ? validator : undefined,
      modifiedMs: typeof modifiedMs === 'number' ? modifiedMs : undefined,
    });
  } catch {
    return undefined;
  }
}
