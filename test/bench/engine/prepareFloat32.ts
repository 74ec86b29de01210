import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import type { InstalledModel } from '../../../src/core/models/engineModel';
import { printModelFacts } from '../../../src/core/models/installedFacts';
import { prepareModel } from '../../../src/engine/whisper/model/prepareModel';

/**
 * The same model with its matrices as they are, to tell what 8 bits cost. The engine's program prepares none like it, so this calls the code
 * itself.
 */
export async function prepareFloat32(name: string, sourceFolder: string, folder: string): Promise<InstalledModel> {
  mkdirSync(folder);
  const facts = await prepareModel(sourceFolder, folder, { precision: 'float32' }, () => undefined, NEVER);
  // What the model store writes last: without it a model is not installed.
  writeFileSync(path.join(folder, 'model.json'), printModelFacts({ name, ...facts }));
  return { name, folder, ...facts };
}
