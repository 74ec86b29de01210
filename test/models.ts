import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BUNDLED_NAME, hasWeights, modelPlaces, modelsFolder } from '../scripts/model/modelPlaces';
import { inFixtures, projectRoot } from './speech';

export type ModelFolder =
  | { readonly folder: string }
  /** Why there is none. */
  | { readonly absent: string };

/**
 * A model with weights in the folder that `MINUTES_MODELS` names, `../shared/models` beside the project where it names none. Whisper base is also taken
 * from where `npm run setup` has put it.
 */
export function modelFolder(name: string): ModelFolder {
  const root = projectRoot();
  const folder = path.join(modelsFolder(root), name);
  if (hasWeights(folder)) return { folder };
  const { source } = modelPlaces(root);
  if (name === BUNDLED_NAME && hasWeights(source)) return { folder: source };
  return { absent: `there is no model.safetensors in ${path.relative(root, folder)}` };
}

/** The folder of a Whisper with random weights. It comes without a tokenizer; its vocabulary is Whisper base's. */
export function tinyModel(): string {
  return inFixtures('tiny-random');
}

/** The folder of Whisper base's committed files: all but its weights. */
export function baseWithoutWeights(): string {
  return modelPlaces(projectRoot()).committed;
}

/** The judge's words about a model; its reader knows their shape. */
export function readExpectations(model: 'tiny-random' | 'whisper-base'): unknown {
  return JSON.parse(readFileSync(inFixtures(model, 'expected.json'), 'utf8')) as unknown;
}
