import type { ConstantForm, NeededTensor, Recipe } from '../onnx/graph';
import { quantiseRows, type QuantisedRows } from '../weights/quantise';
import { unsigned, WEIGHT_ZERO_POINT } from '../weights/unsignedWeights';
import { UnusableModel } from '../weights/unusableModel';

/** How a graph's large matrices are stored: in 8 bits, or unchanged (for tests, and to measure what quantisation costs). */
export type Precision = 'int8' | 'float32';

/** A part of a linear layer's outputs. Several parts make one product, so that the activations are quantised and read once. */
export interface LinearPart {
  /** The tensor [outputs, inputs] with the part's rows. */
  readonly weight: string;
  /** Absent where the layer has none, as for Whisper's keys. */
  readonly bias?: string;
  /** A factor for weight and bias; absent: 1. It holds attention's 1/√size, which costs nothing here. */
  readonly factor?: number;
}

/** Names of a matrix' constants in 8 bits. */
export interface MatrixNames {
  /** uint8; float32 where the graph is not quantised. */
  readonly matrix: string;
  /** float32, one per output. */
  readonly scales: string;
  /** uint8, one per output, all {@link WEIGHT_ZERO_POINT}. */
  readonly zeroPoints: string;
}

/** Side of the squares in which a matrix is transposed. Their rows and columns fit the processor's first cache. */
const TRANSPOSE_BLOCK = 64;

/** An unchanged tensor, float32. */
export function plainRecipe(constant: string, need: NeededTensor, factor = 1): Recipe {
  return {
    needs: [need],
    makes: [{ name: constant, dataType: 'float32', shape: need.shape }],
    async *make(weights, signal) {
      for await (const { values } of weights.rows(need.name, signal)) {
        yield { constant, bytes: bytesOf(scale(values, factor)) };
      }
    },
  };
}

/** The biases of a product's parts in a row; zeros for a part without a bias. */
export function biasRecipe(constant: string, parts: readonly LinearPart[], outputsPerPart: number): Recipe {
  return {
    needs: parts.flatMap(({ bias }) => (bias === undefined ? [] : [{ name: bias, shape: [outputsPerPart] }])),
    makes: [{ name: constant, dataType: 'float32', shape: [parts.length * outputsPerPart] }],
    async *make(weights, signal) {
      for (const { bias, factor = 1 } of parts) {
        const values =
          bias === undefined ? new Float32Array(outputsPerPart) : scale(await weights.read(bias, signal), factor);
        yield { constant, bytes: bytesOf(values) };
      }
    },
  };
}

/**
 * The matrix of a product: [inputs, outputs], transposed from the model's [outputs, inputs], with the parts' outputs in a row. In 8 bits
 * there are two more constants, `scales` and `zeroPoints`.
 */
export function matrixRecipe(
  names: MatrixNames,
  parts: readonly LinearPart[],
  inputs: number,
  outputsPerPart: number,
  precision: Precision,
): Recipe {
  const outputs = parts.length * outputsPerPart;
  const isQuantised = precision === 'int8';
  const matrix: ConstantForm = {
    name: names.matrix,
    dataType: isQuantised ? 'uint8' : 'float32',
    shape: [inputs, outputs],
  };
  const scales: ConstantForm = { name: names.scales, dataType: 'float32', shape: [outputs] };
  const zeroPoints: ConstantForm = { name: names.zeroPoints, dataType: 'uint8', shape: [outputs] };
  return {
    needs: parts.map(({ weight }) => ({ name: weight, shape: [outputsPerPart, inputs] })),
    makes: isQuantised ? [matrix, scales, zeroPoints] : [matrix],
    async *make(weights, signal) {
      const all = isQuantised ? new Uint8Array(inputs * outputs) : new Float32Array(inputs * outputs);
      for (const [i, { weight, factor = 1 }] of parts.entries()) {
        for await (const { firstRow, values } of weights.rows(weight, signal)) {
          const firstOutput = i * outputsPerPart + firstRow;
          if (!isQuantised) {
            transposeInto(all, scale(values, factor), inputs, outputs, firstOutput);
            continue;
          }
          const rows = quantise(weight, values, inputs);
          transposeInto(all, unsigned(rows.quantised), inputs, outputs, firstOutput);
          yield { constant: names.scales, bytes: bytesOf(scale(rows.scales, factor)) };
        }
      }
      yield { constant: names.matrix, bytes: bytesOf(all) };
      if (isQuantised) yield { constant: names.zeroPoints, bytes: new Uint8Array(outputs).fill(WEIGHT_ZERO_POINT) };
    },
  };
}

/** A matrix in the model's own layout [outputs, inputs], in 8 bits with a scale per row: the layout for a look-up by row. */
export function rowsRecipe(names: MatrixNames, need: NeededTensor): Recipe {
  const [rows = 0, columns = 0] = need.shape;
  return {
    needs: [need],
    makes: [
      { name: names.matrix, dataType: 'uint8', shape: [rows, columns] },
      { name: names.scales, dataType: 'float32', shape: [rows] },
      { name: names.zeroPoints, dataType: 'uint8', shape: [rows] },
    ],
    async *make(weights, signal) {
      for await (const { values } of weights.rows(need.name, signal)) {
        const { quantised, scales } = quantise(need.name, values, columns);
        yield { constant: names.matrix, bytes: unsigned(quantised) };
        yield { constant: names.scales, bytes: bytesOf(scales) };
      }
      yield { constant: names.zeroPoints, bytes: new Uint8Array(rows).fill(WEIGHT_ZERO_POINT) };
    },
  };
}

function quantise(name: string, values: Float32Array, columns: number): QuantisedRows {
  try {
    return quantiseRows(values, columns);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UnusableModel({ kind: 'notWhisper', reason: `${name}: ${error.message}` });
  }
}

/** Multiplies in place. */
function scale<T extends Float32Array>(values: T, factor: number): T {
  if (factor !== 1) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * factor;
  return values;
}

function bytesOf(values: Float32Array | Int8Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * Writes rows of [outputs, inputs] into their columns of [inputs, outputs]. It works in squares, since column by column a large matrix
 * misses the cache at every number.
 */
function transposeInto(
  target: Uint8Array | Float32Array,
  rows: Uint8Array | Float32Array,
  inputs: number,
  outputs: number,
  firstOutput: number,
): void {
  const count = rows.length / inputs;
  for (let row0 = 0; row0 < count; row0 += TRANSPOSE_BLOCK) {
    const row1 = Math.min(row0 + TRANSPOSE_BLOCK, count);
    for (let input0 = 0; input0 < inputs; input0 += TRANSPOSE_BLOCK) {
      const input1 = Math.min(input0 + TRANSPOSE_BLOCK, inputs);
      for (let input = input0; input < input1; input++) {
        const begin = input * outputs + firstOutput;
        for (let row = row0; row < row1; row++) target[begin + row] = rows[row * inputs + input] ?? 0;
      }
    }
  }
}
