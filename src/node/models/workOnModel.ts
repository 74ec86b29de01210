import fs from 'node:fs/promises';
import type { InstalledModel } from '../../core/models/engineModel';
import type { ModelFacts } from '../../core/models/installedFacts';
import { MinutesError } from '../../core/errors';
import { problemFrom } from './installProblems';
import type { ModelFolders } from './modelFolders';
import { takeLock } from '../system/fileLock';

/** Works on a model's files while no other window does. @throws MinutesError `modelBusy` */
export async function holdModel<Result>(
  name: string,
  folders: ModelFolders,
  work: () => Promise<Result>,
): Promise<Result> {
  const { workshop, lock: file } = folders.of(name);
  try {
    await fs.mkdir(workshop, { recursive: true });
    const lock = await takeLock(file);
    if (!lock) throw new MinutesError({ code: 'modelBusy', model: name });
    try {
      return await work();
    } finally {
      await lock.release();
      // Succeeds only where the folder is empty.
      await fs.rmdir(workshop).catch(() => undefined);
    }
  } catch (error) {
    throw problemFrom(error, name, folders.root);
  }
}

/** Lets `work` make a model in an empty folder, and moves it to its place. A half-made model is deleted. */
export async function makeModel(
  name: string,
  folders: ModelFolders,
  work: (targetFolder: string) => Promise<ModelFacts>,
): Promise<InstalledModel> {
  const { made: targetFolder } = folders.of(name);
  await fs.rm(targetFolder, { recursive: true, force: true });
  await fs.mkdir(targetFolder);
  try {
    return await folders.publish(name, await work(targetFolder));
  } catch (error) {
    await fs.rm(targetFolder, { recursive: true, force: true });
    throw error;
  }
}
