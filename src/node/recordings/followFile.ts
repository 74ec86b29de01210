import type { BigIntStats } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** Files are copied in blocks of this size. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * Where an open file lies now, which the user may have renamed, or its folder. Undefined where it was deleted, or moved somewhere that
 * nothing tells of.
 *
 * @param file where it was
 */
export async function placeOf(handle: FileHandle, file: string): Promise<string | undefined> {
  const own = await handle.stat({ bigint: true });
  for await (const place of places(handle, file)) if (await isSame(place, own)) return place;
  return undefined;
}

/** Copies an open file to another. */
export async function copyTo(handle: FileHandle, target: FileHandle): Promise<void> {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(block, 0, block.length, at);
    if (bytesRead === 0) return;
    for (let done = 0; done < bytesRead;) {
      const { bytesWritten } = await target.write(block, done, bytesRead - done, at + done);
      done += bytesWritten;
    }
    at += bytesRead;
  }
}

/** Where the file may be, the likeliest first. */
async function* places(handle: FileHandle, file: string): AsyncGenerator<string> {
  yield file;
  // Linux tells it.
  const told = await fs.readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  if (told !== undefined) yield told;
  const folder = path.dirname(file);
  for (const name of await namesIn(folder)) yield path.join(folder, name);
  const above = path.dirname(folder);
  for (const name of await namesIn(above)) yield path.join(above, name, path.basename(file));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return fs.readdir(folder).catch(() => []);
}

async function isSame(file: string, own: BigIntStats): Promise<boolean> {
  return fs.stat(file, { bigint: true }).then(
    ({ ino, dev }) => ino === own.ino && dev === own.dev,
    () => false,
  );
}
