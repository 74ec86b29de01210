/** The weights in one file, or the list of the files that they are divided into. Exported for tests that make such folders. */
export const WEIGHTS = 'model.safetensors';
/** Names the files of weights that are divided, as on the public hub. */
export const WEIGHTS_INDEX = 'model.safetensors.index.json';
/** The file with a model's sizes, as on the public hub. */
export const CONFIG = 'config.json';

/** What the preparation reads besides the weights. */
const NEEDED = [CONFIG, 'tokenizer.json', 'preprocessor_config.json'];
/** Optional files. Fine-tunes often lack the first; its content then follows from the other files. */
const WELCOME = ['generation_config.json', 'tokenizer_config.json'];

/** Which of a repository's or a folder's files make a model. */
export interface ModelFiles {
  /** Small files first. The shards are not among them: the index names them. */
  readonly wanted: readonly string[];
  /** Files that are missing, by names that a user can look for; empty where the model is complete. */
  readonly missing: readonly string[];
  /** Whether the weights are divided into shards, which the index names. */
  readonly isDivided: boolean;
}

/** Chooses what is needed of the files that a model has. */
export function chooseModelFiles(names: ReadonlySet<string>): ModelFiles {
  const isDivided = !names.has(WEIGHTS) && names.has(WEIGHTS_INDEX);
  const weights = isDivided ? WEIGHTS_INDEX : WEIGHTS;
  return {
    wanted: [...NEEDED, ...WELCOME.filter((name) => names.has(name)), weights],
    missing: [...NEEDED, weights].filter((name) => !names.has(name)),
    isDivided,
  };
}

/** A shard's name, never a path: a name from the index becomes a file's name on this machine. */
const SHARD = /^[A-Za-z0-9][\w.-]{0,200}\.safetensors$/;

/** The files that an index names, each once. @returns undefined where it is no index */
export function parseWeightsIndex(text: string): readonly string[] | undefined {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof index !== 'object' || index === null || !('weight_map' in index)) return undefined;
  const map = index.weight_map;
  if (typeof map !== 'object' || map === null) return undefined;
  const shards = [...new Set<unknown>(Object.values(map))];
  return shards.length > 0 && shards.every((name) => typeof name === 'string' && SHARD.test(name))
    ? (shards as readonly string[]).toSorted()
    : undefined;
}
