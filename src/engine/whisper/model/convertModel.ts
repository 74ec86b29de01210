import fs from 'node:fs/promises';
import path from 'node:path';
import { decoderGraph } from './decoderGraph';
import { encoderGraph } from './encoderGraph';
import { completeGeneration } from './generationConfig';
import type { ConstantBytes, ConstantForm, Graph, Recipe, TensorSource } from '../onnx/graph';
import { decodeConstants, ONNX_DATA_TYPE, type StoredConstant } from '../onnx/onnxSchema';
import { copySmallFiles, GENERATION_FILE, readJson, type PreparationProgress } from './prepareModel';
import { unsigned, WEIGHT_ZERO_POINT } from '../weights/unsignedWeights';
import { UnusableModel } from '../weights/unusableModel';
import { parseConfig } from './whisperConfig';
import { graphFiles, writeGraph } from '../onnx/writeGraph';

/** How much is read and converted at once. */
const BLOCK_BYTES = 2 * 1024 * 1024;

/**
 * Converts a model that Minutes 0.3.0 prepared (graph version 1) to the current version, without the weights that it was made from. The old
 * 8-bit matrices are signed. The same numbers are written unsigned, and the vocabulary once instead of twice. Nothing is rounded again.
 *
 * @param sourceFolder the old model's folder; it is only read
 * @param targetFolder an empty folder, which the caller removes after a failure
 * @returns how many bytes were written
 * @throws UnusableModel where the old model's files differ from those that 0.3.0 wrote
 */
export async function convertModel(
  sourceFolder: string,
  targetFolder: string,
  onProgress: (progress: PreparationProgress) => void,
  signal: AbortSignal,
): Promise<number> {
  const wire = await readJson(sourceFolder, 'config.json');
  const config = parseConfig(wire);
  const tokenizer = await readJson(sourceFolder, 'tokenizer.json');
  const generation = completeGeneration(await readJson(sourceFolder, GENERATION_FILE), wire, tokenizer, config);
  const graphs = {
    encoder: encoderGraph(config, 'int8'),
    decoder: decoderGraph(config, generation.alignmentHeads, 'int8'),
  };
  const recipeCount = Object.values(graphs).reduce((sum, { recipes }) => sum + recipes.length, 0);
  let done = 0;
  let installedBytes = 0;
  for (const [name, graph] of Object.entries(graphs)) {
    const old = await OldConstants.open(sourceFolder, name);
    try {
      const onRecipe = (): void => {
        done++;
        onProgress({ doneBytes: done, totalBytes: recipeCount });
      };
      const recipes = graph.recipes.map((recipe) => convertedRecipe(recipe, old, onRecipe));
      const converted: Graph = { ...graph, recipes };
      installedBytes += await writeGraph(converted, name, targetFolder, NO_TENSORS, () => undefined, signal);
    } finally {
      await old.close();
    }
  }
  return installedBytes + (await copySmallFiles(sourceFolder, targetFolder, generation.json));
}

/** No tensors are needed: the recipes' constants are in the old graph, under the same names. */
const NO_TENSORS: TensorSource = {
  read: () => Promise.reject(new Error('an old model has no tensors to read')),
  rows: () => {
    throw new Error('an old model has no tensors to read');
  },
};

function convertedRecipe(recipe: Recipe, old: OldConstants, onDone: () => void): Recipe {
  return {
    needs: recipe.needs,
    makes: recipe.makes,
    async *make(weights, signal) {
      // Shapes and other literals come from the new graph itself.
      if (recipe.needs.length === 0) yield* recipe.make(weights, signal);
      else for (const form of recipe.makes) yield* old.convert(form, signal);
      onDone();
    },
  };
}

/** The numbers of one of the old model's graphs. */
class OldConstants {
  private constructor(
    private readonly constants: ReadonlyMap<string, StoredConstant>,
    private readonly weightsFile: string,
    private readonly handle: fs.FileHandle,
  ) {}

  static async open(folder: string, graphName: string): Promise<OldConstants> {
    const [graphFile, weightsFile] = graphFiles(graphName);
    const bytes = await fs.readFile(path.join(folder, graphFile));
    let constants: readonly StoredConstant[];
    try {
      constants = decodeConstants(bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UnusableModel({ kind: 'damaged', file: graphFile, reason });
    }
    const named = new Map(constants.map((constant) => [constant.name, constant]));
    return new OldConstants(named, weightsFile, await fs.open(path.join(folder, weightsFile)));
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** The bytes of a constant of the new graph, block after block. The next block uses the same memory. */
  async *convert(form: ConstantForm, signal: AbortSignal): AsyncGenerator<ConstantBytes> {
    const count = form.shape.reduce((product, size) => product * size, 1);
    const constant = this.constants.get(form.name);
    if (constant === undefined) {
      if (form.dataType !== 'uint8') throw this.damaged(`it has no ${form.name}`);
      // Signed weights had no zero points.
      yield { constant: form.name, bytes: new Uint8Array(count).fill(WEIGHT_ZERO_POINT) };
      return;
    }
    const isSigned = constant.dataType === ONNX_DATA_TYPE.int8;
    if ((form.dataType === 'uint8') !== isSigned || constant.dims.join() !== form.shape.join()) {
      throw this.damaged(`${form.name} has another form than expected`);
    }
    for await (const block of this.blocks(constant, signal)) {
      yield { constant: form.name, bytes: isSigned ? unsigned(block) : block };
    }
  }

  private async *blocks({ name, rawData, external }: StoredConstant, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (rawData !== undefined) {
      yield rawData.slice();
      return;
    }
    if (external?.location !== this.weightsFile) throw this.damaged(`${name} lies in no file of this model`);
    const block = new Uint8Array(BLOCK_BYTES);
    const end = external.offsetBytes + external.lengthBytes;
    for (let at = external.offsetBytes; at < end;) {
      signal.throwIfAborted();
      const { bytesRead } = await this.handle.read(block, 0, Math.min(BLOCK_BYTES, end - at), at);
      if (bytesRead === 0) throw this.damaged('it is too short');
      yield block.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  private damaged(reason: string): UnusableModel {
    return new UnusableModel({ kind: 'damaged', file: this.weightsFile, reason });
  }
}
