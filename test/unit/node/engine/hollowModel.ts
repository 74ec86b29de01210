import fs from 'node:fs/promises';
import path from 'node:path';
import type { InstalledModel } from '../../../../src/core/models/engineModel';

/** A model that looks installed and holds nothing: for what never comes to the engine, or to one that only plays it. */
export async function hollowModel(folder: string, changes: Partial<InstalledModel> = {}): Promise<InstalledModel> {
  const { name = 'base' } = changes;
  const place = path.join(folder, 'models', name);
  await fs.mkdir(place, { recursive: true });
  await fs.writeFile(path.join(place, 'model.json'), '');
  const facts = { installedBytes: 1, parameterCount: 1, languages: ['en'], canTranslate: true };
  return { name, folder: place, ...facts, ...changes };
}
