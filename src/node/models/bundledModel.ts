import { defined } from '../../core/async/defined';
import type { InstalledModel } from '../../core/models/engineModel';
import { bundledModelFolders } from '../engine/engineFiles';
import { readModel } from './modelFolders';

/** The model that comes with Minutes. @returns undefined where the package has no model */
export async function readBundledModel(extensionFolder: string): Promise<InstalledModel | undefined> {
  for (const folder of bundledModelFolders(extensionFolder)) {
    const model = await readModel(folder);
    if (model) return { ...model, isBundled: true };
  }
  return undefined;
}

/**
 * The models of the models folder and the one that comes with Minutes. A copy of the bundled model in the models folder is not listed:
 * the bundled one is renewed by updates of Minutes.
 *
 * @param installed in the order of their names, which the result has as well
 * @param remembered the speed that was measured here for the bundled model
 */
export function withBundled(
  installed: readonly InstalledModel[],
  bundled: InstalledModel | undefined,
  remembered: InstalledModel['speed'],
): readonly InstalledModel[] {
  if (!bundled) return installed;
  const copy = installed.find(({ name }) => name === bundled.name);
  const speed = remembered ?? copy?.speed;
  const listed: InstalledModel = defined({
    ...bundled,
    speed,
    copyBytes: copy?.installedBytes,
  });
  return [...installed.filter((model) => model !== copy), listed].sort((a, b) => (a.name < b.name ? -1 : 1));
}
