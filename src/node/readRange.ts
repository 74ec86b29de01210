import fs from 'node:fs/promises';
import path from 'node:path';
import { MinutesError } from '../core/errors';
import { errnoOf } from './fileProblems';

/** Read at once: small beside everything else in memory, large beside the cost of a call. */
const BLOCK_BYTES = 64 * 1024;

/**
 * A range of a file, a block at a time; memory does not grow with the range. A file that ends early ends the range.
 * Every block is the reader's own to keep.
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
  try {
    let at = offsetBytes;
    const end = offsetBytes + lengthBytes;
    while (at < end) {
      signal.throwIfAborted();
      const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, end - at));
      const { bytesRead } = await handle
        .read(block, 0, block.length, at)
        .catch((error: unknown) => unreadable(file, error));
      if (bytesRead === 0) return;
      at += bytesRead;
      yield block.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function unreadable(file: string, cause: unknown): never {
  const reason = errnoOf(cause) ?? String(cause);
  throw new MinutesError({ code: 'fileUnreadable', file: path.basename(file), reason }, { cause });
}
