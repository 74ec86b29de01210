import path from 'node:path';
import { BUNDLED_NAME, hasWeights, modelPlaces, modelsFolder } from '../scripts/model/modelPlaces';
import { projectRoot } from './speech';

export type ModelFolder =
  | { readonly folder: string }
  /** Why there is none. */
  | { readonly absent: string };

/**
 * A model with weights in the folder that `MINUTES_MODELS` names, `../shared/models` beside the project where it names none. Whisper base is also taken
 * from where `npm run setup` has put it; the judges' words (`expected.json`) are not there.
 */
export function modelFolder(name: string): ModelFolder {
  const root = projectRoot();
  const folder = path.join(modelsFolder(root), name);
  if (hasWeights(folder)) return { folder };
  const { source } = modelPlaces(root);
  if (name === BUNDLED_NAME && hasWeights(source)) return { folder: source };
  return { absent: `there is no model.safetensors in ${path.relative(root, folder)}` };
}
