import path from 'node:path';
import fs from 'node:fs/promises';
import { chooseModelFiles, CONFIG, parseWeightsIndex, WEIGHTS_INDEX } from '../../../core/models/modelFiles';
import type { HubFile, HubModel } from '../../../core/models/parseHub';
import {
  estimateInstalledBytes,
  LARGEST_CONFIG_BYTES,
  parseWhisperConfig,
  type WhisperShape,
} from '../../../core/models/whisperShape';
import { MinutesError } from '../../../core/errors';
import type { HubClient } from './hubClient';
import { PART_ENDING } from '../../downloads/partFile';

/** Everything that has to be known before a model is fetched. */
export interface ModelPlan extends HubModel {
  readonly name: string;
  /** In the order in which they are fetched, small ones first. */
  readonly files: readonly HubFile[];
  /** Size of the finished model. */
  readonly installedBytes: number;
}

/** The largest Whisper's list of shards has a hundred kilobytes. */
const LARGEST_INDEX_BYTES = 10_000_000;

/**
 * Finds out from a repository's list of files, and from its small files, whether it holds a Whisper that can be prepared.
 *
 * @param commit absent: the newest
 * @throws MinutesError `hubUnreachable`, `hubFailed`, `modelUnknown`, `modelIncomplete`, `modelNotWhisper`, `downloadCorrupt`
 */
export async function planModel(hub: HubClient, name: string, signal: AbortSignal): Promise<ModelPlan> {
  const model = await hub.model(name, signal);
  const files = new Map((await hub.files(name, model.commit, signal)).map((file) => [file.path, file]));
  const shape = await readShape(hub, model.commit, name, files, signal);
  const { wanted, missing, isDivided } = chooseModelFiles(new Set(files.keys()));
  if (missing.length > 0) throw new MinutesError({ code: 'modelIncomplete', model: name, missing });
  const shards = isDivided ? await readIndex(hub, model.commit, name, files, signal) : [];
  const lost = shards.filter((shard) => !files.has(shard));
  if (lost.length > 0) throw new MinutesError({ code: 'modelIncomplete', model: name, missing: lost });
  return {
    ...model,
    name,
    installedBytes: estimateInstalledBytes(shape),
    files: [...wanted, ...shards].flatMap((file) => files.get(file) ?? []),
  };
}

/** Reads the shape before missing files are told: for another kind of model it makes no sense to say which files it lacks. */
async function readShape(
  hub: HubClient,
  commit: string,
  name: string,
  files: ReadonlyMap<string, HubFile>,
  signal: AbortSignal,
): Promise<WhisperShape> {
  const file = files.get(CONFIG);
  if (!file) {
    const { missing } = chooseModelFiles(new Set(files.keys()));
    throw new MinutesError({ code: 'modelIncomplete', model: name, missing });
  }
  const text = await readSmall(hub, commit, name, file, LARGEST_CONFIG_BYTES, signal);
  return checkedShape(name, text);
}

/** @throws MinutesError `modelNotWhisper` */
export function checkedShape(name: string, config: string): WhisperShape {
  const shape = parseWhisperConfig(config);
  if ('notWhisper' in shape) {
    throw new MinutesError({ code: 'modelNotWhisper', model: name, reason: shape.notWhisper });
  }
  return shape;
}

async function readIndex(
  hub: HubClient,
  commit: string,
  name: string,
  files: ReadonlyMap<string, HubFile>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const file = files.get(WEIGHTS_INDEX);
  const text = file ? await readSmall(hub, commit, name, file, LARGEST_INDEX_BYTES, signal) : '';
  const shards = parseWeightsIndex(text);
  if (!shards) throw new MinutesError({ code: 'modelNotWhisper', model: name, reason: `${WEIGHTS_INDEX} is no index` });
  return shards;
}

async function readSmall(
  hub: HubClient,
  commit: string,
  name: string,
  file: HubFile,
  largestBytes: number,
  signal: AbortSignal,
): Promise<string> {
  if (file.sizeBytes <= largestBytes) return hub.text(name, commit, file, signal);
  const reason = `its ${file.path} has ${file.sizeBytes} bytes`;
  throw new MinutesError({ code: 'modelNotWhisper', model: name, reason });
}

/** How many bytes of the files are already in a folder. */
export async function fetchedBytes(files: readonly HubFile[], folder: string): Promise<number> {
  const sizes = files.map(async ({ path: file, sizeBytes }) => {
    const whole = path.join(folder, file);
    if (await isOfSize(whole, sizeBytes)) return sizeBytes;
    const part = await fs.stat(whole + PART_ENDING).catch(() => undefined);
    return part && part.size <= sizeBytes ? part.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Whether a file is there. It gets its final name only after its checksum was checked, so the size is enough to recognise it. */
export async function isOfSize(file: string, sizeBytes: number): Promise<boolean> {
  const found = await fs.stat(file).catch(() => undefined);
  return found?.isFile() === true && found.size === sizeBytes;
}
