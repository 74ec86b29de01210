import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NEVER } from '../src/core/async/never';
import type { InstalledModel } from '../src/core/models/engineModel';
import { parseModelFacts, printModelFacts } from '../src/core/models/installedFacts';
import { recipesIdentity } from '../scripts/model/modelPlaces';
import { prepareModel } from '../src/engine/whisper/model/prepareModel';
import { modelFolder } from './models';
import { projectRoot } from './speech';

/**
 * A model that {@link modelFolder} finds, prepared as a user's would be. Made once, in the system's folder for passing
 * files, and made anew when the model or the code that prepares it has changed.
 *
 * @returns why there is none, where there is none
 */
export async function preparedModel(name = 'whisper-base'): Promise<InstalledModel | { readonly absent: string }> {
  const source = modelFolder(name);
  if ('absent' in source) return source;
  const ready = path.join(os.tmpdir(), 'minutes-test-models', `${name}-${await identityOf(source.folder)}`);
  const there = await read(ready);
  if (there) return there;
  const unfinished = `${ready}.${process.pid}.part`;
  await fs.rm(unfinished, { recursive: true, force: true });
  await fs.mkdir(unfinished, { recursive: true });
  const facts = await prepareModel(source.folder, unfinished, {}, () => undefined, NEVER);
  await fs.writeFile(path.join(unfinished, 'model.json'), printModelFacts({ name: `test/${name}`, ...facts }));
  await fs.rename(unfinished, ready).catch(() => fs.rm(unfinished, { recursive: true, force: true }));
  const made = await read(ready);
  if (!made) throw new Error(`${ready} could not be made`);
  return made;
}

async function read(folder: string): Promise<InstalledModel | undefined> {
  const text = await fs.readFile(path.join(folder, 'model.json'), 'utf8').catch(() => '');
  const facts = parseModelFacts(text);
  return facts && { folder, ...facts };
}

async function identityOf(source: string): Promise<string> {
  const identity = createHash('sha256').update(await recipesIdentity(projectRoot()));
  for (const file of (await fs.readdir(source)).sort()) {
    const { size, mtimeMs } = await fs.stat(path.join(source, file));
    identity.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return identity.digest('hex').slice(0, 16);
}
