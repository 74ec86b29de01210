import fs from 'node:fs/promises';
import path from 'node:path';
import { chooseModelFiles, CONFIG, parseWeightsIndex, WEIGHTS_INDEX } from '../../core/models/modelFiles';
import { nameFromFolder } from '../../core/models/modelName';
import { estimateInstalledBytes } from '../../core/models/whisperShape';
import { MinutesError } from '../../core/errors';
import { checkedShape } from './hub/modelPlan';

/** A model that lies in a folder of the user's. */
export interface SourceFolder {
  readonly folder: string;
  readonly name: string;
  readonly commit?: string;
  /** Size of the finished model. */
  readonly installedBytes: number;
}

/**
 * Checks whether a folder holds a Whisper that can be prepared.
 *
 * @param chosen the folder with the files, or a model's folder in the hub's usual cache
 * @throws MinutesError `modelIncomplete`, `modelNotWhisper`
 */
export async function openSourceFolder(chosen: string): Promise<SourceFolder> {
  const folder = await snapshotIn(path.resolve(chosen));
  const named = nameFromFolder(folder.split(path.sep));
  const { name } = named;
  const names = new Set(await fs.readdir(folder).catch(() => []));
  const { missing, isDivided } = chooseModelFiles(names);
  // For another kind of model the user is told its kind, not which files it lacks.
  const shape = names.has(CONFIG)
    ? checkedShape(name, await fs.readFile(path.join(folder, CONFIG), 'utf8'))
    : undefined;
  const index = isDivided ? await fs.readFile(path.join(folder, WEIGHTS_INDEX), 'utf8') : undefined;
  const shards = index === undefined ? [] : (parseWeightsIndex(index) ?? []);
  const lost = [...missing, ...shards.filter((shard) => !names.has(shard))];
  if (!shape || lost.length > 0) throw new MinutesError({ code: 'modelIncomplete', model: name, missing: lost });
  return { ...named, folder, installedBytes: estimateInstalledBytes(shape) };
}

/** For a model's folder in the cache (`models--openai--whisper-base`): the snapshot of branch `main`. Any other folder is returned as it is. */
async function snapshotIn(folder: string): Promise<string> {
  if (!path.basename(folder).startsWith('models--')) return folder;
  const commit = await fs.readFile(path.join(folder, 'refs', 'main'), 'utf8').catch(() => '');
  return /^[0-9a-f]{40}$/.test(commit.trim()) ? path.join(folder, 'snapshots', commit.trim()) : folder;
}
