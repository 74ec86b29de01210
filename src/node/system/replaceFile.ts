import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';

/**
 * Writes a file whole or not at all, and on the disk when this returns. Whoever reads it meanwhile finds the old text or the new one. Where it cannot
 * be written, nothing is left beside it.
 *
 * @throws NodeJS.ErrnoException
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  // A name that no other process takes.
  const written = `${file}.${randomUUID()}.new`;
  try {
    const handle = await fs.open(written, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(written, file);
  } catch (error) {
    await fs.rm(written, { force: true }).catch(() => undefined);
    throw error;
  }
}
