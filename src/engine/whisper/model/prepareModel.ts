import type { PreparedModel } from '../../../core/engineProtocol';
import fs from 'node:fs/promises';
import path from 'node:path';
import { decoderGraph } from './decoderGraph';
import { encoderGraph } from './encoderGraph';
import { completeGeneration } from './generationConfig';
import type { Graph, NeededTensor } from '../onnx/graph';
import type { Precision } from './recipes';
import { UnusableModel } from '../weights/unusableModel';
import { INDEX_FILE, WeightFiles, WEIGHTS_FILE } from '../weights/weightFiles';
import { parseConfig } from './whisperConfig';
import { writeGraph } from '../onnx/writeGraph';

/** Small files that an installed model keeps. `generation_config.json` is written by {@link completeGeneration}. */
const COPIED_FILES = ['config.json', 'tokenizer.json', 'preprocessor_config.json'] as const;
const OPTIONAL_COPIED_FILES = ['tokenizer_config.json'] as const;
/** How a model writes: suppressed tokens, languages, alignment heads. */
export const GENERATION_FILE = 'generation_config.json';

/** The progress of a preparation in bytes of numbers as float32; these are nearly proportional to time. */
export interface PreparationProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/**
 * Makes a folder that the engine can load, from a folder in the public hub's format: `encoder` and `decoder` as graphs with 8-bit weights,
 * and the small files that decoding needs. Tensors are read and written piece by piece, so that little memory is used.
 *
 * Call it in a process of its own: between two pieces it blocks the thread for some milliseconds.
 *
 * @param sourceFolder it is only read
 * @param targetFolder an empty folder, which the caller removes after a failure and renames after success
 * @throws UnusableModel where the files are not those of a Whisper that can be run; then nothing large has been written
 */
export async function prepareModel(
  sourceFolder: string,
  targetFolder: string,
  { precision = 'int8' }: { readonly precision?: Precision },
  onProgress: (progress: PreparationProgress) => void,
  signal: AbortSignal,
): Promise<PreparedModel> {
  await requireFiles(sourceFolder);
  const wire = await readJson(sourceFolder, 'config.json');
  const config = parseConfig(wire);
  const generation = completeGeneration(
    await readJson(sourceFolder, GENERATION_FILE),
    wire,
    await readJson(sourceFolder, 'tokenizer.json'),
    config,
  );
  const graphs = {
    encoder: encoderGraph(config, precision),
    decoder: decoderGraph(config, generation.alignmentHeads, precision),
  };
  const weights = await WeightFiles.open(sourceFolder);
  try {
    const tensors = requireTensors(Object.values(graphs), weights);
    const parameterCount = [...tensors.values()].reduce((sum, count) => sum + count, 0);
    // Tensors that two recipes need, such as the vocabulary's vectors, count twice.
    const worked = Object.values(graphs).flatMap(({ recipes }) => recipes.flatMap(({ needs }) => needs));
    const total = worked.reduce((sum, { name }) => sum + (tensors.get(name) ?? 0), 0);
    let done = 0;
    const onTensor = (name: string): void => {
      done += tensors.get(name) ?? 0;
      onProgress({ doneBytes: done * 4, totalBytes: total * 4 });
    };
    let installedBytes = 0;
    for (const [name, graph] of Object.entries(graphs)) {
      installedBytes += await writeGraph(graph, name, targetFolder, weights, onTensor, signal);
    }
    installedBytes += await copySmallFiles(sourceFolder, targetFolder, generation.json);
    const { languages, canTranslate } = generation;
    return { installedBytes, parameterCount, languages, canTranslate };
  } finally {
    await weights.close();
  }
}

/** @throws UnusableModel that names all missing files at once */
async function requireFiles(folder: string): Promise<void> {
  const names = new Set(await fs.readdir(folder));
  const missing: string[] = COPIED_FILES.filter((name) => !names.has(name));
  if (!names.has(WEIGHTS_FILE) && !names.has(INDEX_FILE)) missing.push(WEIGHTS_FILE);
  if (missing.length > 0) throw new UnusableModel({ kind: 'missing', files: missing });
}

/** How many numbers each tensor of the graphs has. */
function requireTensors(graphs: readonly Graph[], weights: WeightFiles): ReadonlyMap<string, number> {
  const tensors = new Map<string, number>();
  const needs: readonly NeededTensor[] = graphs.flatMap(({ recipes }) => recipes.flatMap((recipe) => recipe.needs));
  for (const { name, shape } of needs) {
    const found = weights.shapeOf(name);
    if (!found) throw new UnusableModel({ kind: 'notWhisper', reason: `it has no tensor ${name}` });
    if (found.join() !== shape.join()) {
      const reason = `the tensor ${name} is [${found.join()}], not [${shape.join()}] as config.json says`;
      throw new UnusableModel({ kind: 'notWhisper', reason });
    }
    tensors.set(
      name,
      shape.reduce((product, size) => product * size, 1),
    );
  }
  return tensors;
}

/** Writes the files that decoding needs besides the graphs. @returns how many bytes they have */
export async function copySmallFiles(sourceFolder: string, targetFolder: string, generation: unknown): Promise<number> {
  const names = new Set(await fs.readdir(sourceFolder));
  const contents = new Map<string, Uint8Array>([
    [GENERATION_FILE, Buffer.from(JSON.stringify(generation, undefined, 1) + '\n')],
  ]);
  for (const name of [...COPIED_FILES, ...OPTIONAL_COPIED_FILES].filter((file) => names.has(file))) {
    contents.set(name, await fs.readFile(path.join(sourceFolder, name)));
  }
  for (const [name, bytes] of contents) await fs.writeFile(path.join(targetFolder, name), bytes);
  return [...contents.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
}

/** A model folder's JSON file; undefined where there is none. @throws UnusableModel where it is not JSON */
export async function readJson(folder: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await fs.readFile(path.join(folder, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnusableModel({ kind: 'damaged', file, reason: 'it is no JSON' });
  }
}
