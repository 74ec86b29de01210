import fs from 'node:fs/promises';
import path from 'node:path';
import { MinutesError } from '../../core/errors';
import { errnoOf } from '../system/fileProblems';

/**
 * How much is read at once. Each block costs a turn through the thread pool. Uploading 100 MiB to a server on the same machine took
 * 374 ms with 64 KiB and nothing read ahead, 156 ms with 256 KiB and one block ahead, 137 ms with 512 KiB, and no less with 1 MiB. Three
 * buffers used in turn took 107 ms and 30 MB less, but a block that a socket still holds might then be overwritten.
 */
const BLOCK_BYTES = 512 * 1024;

/**
 * Reads a range of a file, a block at a time; memory does not grow with the range. A file that ends early ends the range. While the
 * reader is busy with a block, the next one is read. The reader may keep every block.
 *
 * @throws MinutesError `fileUnreadable`
 */
export async function* readRange(
  file: string,
  offsetBytes: number,
  lengthBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const handle = await fs.open(file).catch((error: unknown) => unreadable(file, error));
  const end = offsetBytes + lengthBytes;
  const readAt = async (at: number): Promise<Uint8Array> => {
    const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, end - at));
    const { bytesRead } = await handle.read(block, 0, block.length, at);
    return block.subarray(0, bytesRead);
  };
  try {
    let at = offsetBytes;
    let ahead = at < end ? readAt(at) : undefined;
    while (ahead) {
      signal.throwIfAborted();
      const block = await ahead.catch((error: unknown) => unreadable(file, error));
      if (block.length === 0) return;
      at += block.length;
      ahead = at < end ? readAt(at) : undefined;
      // The failure is thrown when the next block is asked for, which may never happen.
      ahead?.catch(() => undefined);
      yield block;
    }
  } finally {
    // `close` waits for a read that is under way.
    await handle.close();
  }
}

/** Throws the `fileUnreadable` for an error of the disk. */
export function unreadable(file: string, cause: unknown): never {
  const reason = errnoOf(cause) ?? String(cause);
  throw new MinutesError({ code: 'fileUnreadable', file: path.basename(file), reason }, { cause });
}

/** Throws the `fileUnreadable` for a file that ended before what was known to be in it. */
export function cutShort(file: string): never {
  const reason = 'it became shorter while it was read';
  throw new MinutesError({ code: 'fileUnreadable', file: path.basename(file), reason });
}
