import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';

/**
 * Writes a file completely or not at all. It is on the disk when this returns. A reader meanwhile finds the old text or the new one. A
 * failed write leaves no other file behind.
 *
 * @throws NodeJS.ErrnoException
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  // No other process uses this name.
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
