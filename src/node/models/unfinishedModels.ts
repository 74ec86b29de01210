import fs from 'node:fs/promises';
import path from 'node:path';
import type { UnfinishedModel } from '../../core/models/engineModel';
import type { ModelFolders } from './modelFolders';
import { isLocked } from '../system/fileLock';
import type { ModelPlan } from './hub/modelPlan';

/** A file beside the parts that names their model. No file of a model that is fetched begins with a dot. */
const NOTE = '.download.json';

/** Writes down what is being fetched, for the case that the download is broken off. */
export async function noteDownload(folder: string, { name, files }: ModelPlan): Promise<void> {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(path.join(folder, NOTE), JSON.stringify({ name, totalBytes }));
}

/** Unfinished downloads in the order of their names, without those that a window is fetching now. */
export async function unfinishedModels(folders: ModelFolders): Promise<readonly UnfinishedModel[]> {
  const found = await Promise.all((await folders.workshops()).map(readWorkshop));
  return found.filter((model) => model !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readWorkshop({
  workshop,
  lock,
}: {
  readonly workshop: string;
  readonly lock: string;
}): Promise<UnfinishedModel | undefined> {
  if (await isLocked(lock)) return undefined;
  for (const commit of await fs.readdir(workshop).catch(() => [])) {
    const folder = path.join(workshop, commit);
    const note = parseNote(await fs.readFile(path.join(folder, NOTE), 'utf8').catch(() => ''));
    if (note) return { ...note, doneBytes: await sizeOf(folder) };
  }
  return undefined;
}

function parseNote(text: string): Pick<UnfinishedModel, 'name' | 'totalBytes'> | undefined {
  try {
    const { name, totalBytes } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (typeof name !== 'string') return undefined;
    return typeof totalBytes === 'number' ? { name, totalBytes } : { name };
  } catch {
    return undefined;
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = (await fs.readdir(folder)).filter((name) => name !== NOTE);
  const sizes = names.map((name) =>
    fs.stat(path.join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
