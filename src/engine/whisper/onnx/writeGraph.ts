import fs from 'node:fs/promises';
import path from 'node:path';
import type { ConstantForm, DataType, Graph, TensorSource } from './graph';
import { encodeOnnx, externalTensor, ONNX_DATA_TYPE, type OnnxTensor } from './onnxSchema';
import { ONNX_IR_VERSION, OPERATOR_SETS } from './onnxVersions';

/**
 * Alignment of constants in the weights' file. Where the system allows, ONNX Runtime maps such a constant into memory instead of reading it.
 * Its offset must then be a multiple of a page (4 or 16 KB) on Linux and macOS, of 64 KB on Windows. Most file systems do not store the gaps.
 */
const ALIGNMENT_BYTES = 64 * 1024;

/** Smaller constants lie in the graph's own file: a mapping for each would cost more than it saves. */
const LEAST_EXTERNAL_BYTES = 64 * 1024;

const BYTES_PER_NUMBER: Readonly<Record<DataType, number>> = { float32: 4, uint8: 1, int8: 1, int64: 8 };

/** Where a constant's bytes are written. */
interface Place {
  readonly form: ConstantForm;
  readonly sizeBytes: number;
  /** Their offset in the weights' file; absent where they lie in the graph's own file. */
  readonly offsetBytes?: number;
  /** The bytes that lie in the graph's own file. */
  readonly inline?: Uint8Array;
  doneBytes: number;
}

/** The two files of a graph, in this order: `<name>.onnx` and `<name>.weights`. */
export function graphFiles(name: string): readonly [graph: string, weights: string] {
  return [`${name}.onnx`, `${name}.weights`];
}

/**
 * Writes a graph with its numbers, one tensor of the model after the other.
 *
 * @param folder gets {@link graphFiles}, which must not be there
 * @param onTensor called with the name of each tensor of the model when the tensor is done
 * @returns how many bytes were written
 */
export async function writeGraph(
  graph: Graph,
  name: string,
  folder: string,
  weights: TensorSource,
  onTensor: (name: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const [graphFile, weightsFile] = graphFiles(name);
  const places = planPlaces(graph);
  const handle = await fs.open(path.join(folder, weightsFile), 'wx');
  let weightsBytes: number;
  try {
    for (const recipe of graph.recipes) {
      for await (const { constant, bytes } of recipe.make(weights, signal)) await put(handle, places, constant, bytes);
      for (const { name: tensor } of recipe.needs) onTensor(tensor);
      signal.throwIfAborted();
    }
    weightsBytes = (await handle.stat()).size;
  } finally {
    await handle.close();
  }
  const model = encodeOnnx({
    irVersion: ONNX_IR_VERSION,
    producerName: 'minutes',
    operatorSets: OPERATOR_SETS,
    graph: {
      name,
      nodes: graph.nodes,
      tensors: [...places.values()].map((place) => tensorOf(place, weightsFile)),
      inputs: graph.inputs,
      outputs: graph.outputs,
    },
  });
  await fs.writeFile(path.join(folder, graphFile), model, { flag: 'wx' });
  return weightsBytes + model.byteLength;
}

function planPlaces(graph: Graph): Map<string, Place> {
  const places = new Map<string, Place>();
  let endBytes = 0;
  for (const form of graph.recipes.flatMap(({ makes }) => makes)) {
    if (places.has(form.name)) throw new Error(`the graph has two constants ${form.name}`);
    const sizeBytes = form.shape.reduce((product, size) => product * size, BYTES_PER_NUMBER[form.dataType]);
    if (sizeBytes < LEAST_EXTERNAL_BYTES) {
      places.set(form.name, { form, sizeBytes, inline: new Uint8Array(sizeBytes), doneBytes: 0 });
    } else {
      const offsetBytes = Math.ceil(endBytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
      places.set(form.name, { form, sizeBytes, offsetBytes, doneBytes: 0 });
      endBytes = offsetBytes + sizeBytes;
    }
  }
  return places;
}

async function put(
  handle: fs.FileHandle,
  places: ReadonlyMap<string, Place>,
  constant: string,
  bytes: Uint8Array,
): Promise<void> {
  const place = places.get(constant);
  if (!place || place.doneBytes + bytes.byteLength > place.sizeBytes) throw new Error(`too many bytes for ${constant}`);
  if (place.inline) place.inline.set(bytes, place.doneBytes);
  else await writeFully(handle, bytes, (place.offsetBytes ?? 0) + place.doneBytes);
  place.doneBytes += bytes.byteLength;
}

/** Writes all bytes: a single write may take fewer, for example where the disk is nearly full. */
async function writeFully(handle: fs.FileHandle, bytes: Uint8Array, offsetBytes: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    done += (await handle.write(bytes, done, bytes.byteLength - done, offsetBytes + done)).bytesWritten;
  }
}

function tensorOf(place: Place, weightsFile: string): OnnxTensor {
  const { form, sizeBytes } = place;
  if (place.doneBytes !== sizeBytes) {
    throw new Error(`too few bytes for ${form.name}`);
  }
  const tensor = { name: form.name, dims: form.shape, dataType: ONNX_DATA_TYPE[form.dataType] };
  if (place.inline) return { ...tensor, rawData: place.inline };
  return { ...tensor, ...externalTensor(weightsFile, place.offsetBytes ?? 0, sizeBytes) };
}
