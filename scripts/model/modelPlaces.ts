import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { GRAPH_VERSION } from '../../src/core/models/installedFacts';
import { WEIGHTS } from '../../src/core/models/modelFiles';

/** As `MINUTES_MODELS` and our own folders call the model that is shipped. */
export const BUNDLED_NAME = 'whisper-base';

/** What the committed folder has that a model needs besides its weights. */
export const SMALL_FILES = [
  'config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
] as const;

/** Where the code lies that writes graphs: another code may write others. */
const RECIPES = path.join('src', 'engine', 'whisper', 'model');

/** In a folder that was made here: from what. It is not shipped. */
export const IDENTITY_FILE = '.identity';

/** Absolute paths. */
export interface ModelPlaces {
  /** Committed: small files, licence, the list of tensors. */
  readonly committed: string;
  /** The model as the public hub has it, made here. */
  readonly source: string;
  /** The prepared model, made here; it is what is shipped. */
  readonly model: string;
  /** What is being downloaded. */
  readonly download: string;
  /** Taken by whoever works in these folders. */
  readonly lock: string;
}

/** Of the project in this folder. */
export function modelPlaces(root: string): ModelPlaces {
  const build = path.join(root, 'build', 'model');
  return {
    committed: path.join(root, 'models', BUNDLED_NAME),
    source: path.join(build, `${BUNDLED_NAME}-source`),
    model: path.join(build, BUNDLED_NAME),
    download: path.join(build, 'download'),
    lock: path.join(build, '.lock'),
  };
}

/** The folder with models of the developer's own: `MINUTES_MODELS`, else `../shared/models` beside the project. */
export function modelsFolder(root: string): string {
  return path.resolve(root, process.env['MINUTES_MODELS'] ?? path.join('..', 'shared', 'models'));
}

/** Whether a folder holds weights as the hub has them. */
export function hasWeights(folder: string): boolean {
  return existsSync(path.join(folder, WEIGHTS));
}

/** What the source folder was made from, as text to compare: the list of tensors and the small files. */
export async function sourceIdentity(committed: string): Promise<string> {
  const sum = createHash('sha256');
  for (const name of ['tensors.json', ...SMALL_FILES]) sum.update(await fs.readFile(path.join(committed, name)));
  return sum.digest('hex');
}

/** What writes the graphs of any model, as text to compare: their version and the code. */
export async function recipesIdentity(root: string): Promise<string> {
  const sum = createHash('sha256').update(String(GRAPH_VERSION));
  const folder = path.join(root, RECIPES);
  for (const name of (await fs.readdir(folder)).sort()) sum.update(await fs.readFile(path.join(folder, name)));
  return sum.digest('hex');
}

/** Whether a folder that was made here was made from what is there now. */
export async function isMadeFrom(folder: string, identity: string): Promise<boolean> {
  const found = await fs.readFile(path.join(folder, IDENTITY_FILE), 'utf8').catch(() => undefined);
  return found === identity;
}
