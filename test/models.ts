import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './speech';

export type ModelFolder =
  | { readonly folder: string }
  /** Why there is none. */
  | { readonly absent: string };

/** A model with weights in the folder that `MINUTES_MODELS` names; `../shared/models` beside the project where it names none. */
export function modelFolder(name: string): ModelFolder {
  const root = projectRoot();
  const folder = path.resolve(root, process.env['MINUTES_MODELS'] ?? path.join('..', 'shared', 'models'), name);
  if (existsSync(path.join(folder, 'model.safetensors'))) return { folder };
  return { absent: `there is no model.safetensors in ${path.relative(root, folder)}` };
}
