import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * How we decode, whatever the model's own files say:
 * - without dither: Kaldi adds random noise to the signal, and the same recording gave up to three different texts;
 * - a wider search than the phone's that the small models are tuned for: 1 to 10 points fewer errors for 1.5 times the time.
 */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'conf/mfcc.conf': { dither: '0' },
  'conf/model.conf': { beam: '12.0', 'max-active': '5000', 'lattice-beam': '4.0' },
};

/**
 * Makes a Vosk model ready: a folder of our own with the same files (linked where the disk allows, copied else) and our options in
 * its configuration. The model's own folder stays as it is. A folder made before is used again; a half-made one never is.
 *
 * @returns the folder to load
 */
export async function prepareModel(modelFolder: string, cacheFolder: string): Promise<string> {
  const files: string[] = [];
  const identity = createHash('sha256').update(JSON.stringify([modelFolder, OPTIONS]));
  for (const file of (await fs.readdir(modelFolder, { recursive: true })).sort()) {
    // Follows symbolic links, which download caches are made of.
    const stat = await fs.stat(path.join(modelFolder, file)).catch(() => undefined);
    if (!stat?.isFile()) continue;
    const { size, mtimeMs } = stat;
    files.push(file);
    identity.update(`${file} ${String(size)} ${String(mtimeMs)}\n`);
  }
  const ready = path.join(cacheFolder, identity.digest('hex').slice(0, 16));
  if (await exists(ready)) return ready;

  const unfinished = `${ready}.${String(process.pid)}.part`;
  await fs.rm(unfinished, { recursive: true, force: true });
  for (const file of new Set([...files, ...Object.keys(OPTIONS)])) {
    const [from, to] = [path.join(modelFolder, file), path.join(unfinished, file)];
    await fs.mkdir(path.dirname(to), { recursive: true });
    const options = OPTIONS[file.split(path.sep).join('/')];
    if (options) await fs.writeFile(to, withOptions(await readIfThere(from), options));
    else await fs.link(await fs.realpath(from), to).catch(() => fs.copyFile(from, to));
  }
  try {
    await fs.rename(unfinished, ready);
  } catch (error) {
    await fs.rm(unfinished, { recursive: true, force: true });
    // Another window was quicker.
    if (!(await exists(ready))) throw error;
  }
  return ready;
}

/** A Kaldi configuration (`--name=value` a line) with these options in place of its own. */
export function withOptions(configuration: string, options: Readonly<Record<string, string>>): string {
  const kept = configuration.split(/\r?\n/).filter((line) => {
    const name = /^--([^=\s]+)/.exec(line)?.[1];
    return line.trim() !== '' && (name === undefined || !(name in options));
  });
  return [...kept, ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)].join('\n') + '\n';
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

async function readIfThere(file: string): Promise<string> {
  return fs.readFile(file, 'utf8').catch(() => '');
}
