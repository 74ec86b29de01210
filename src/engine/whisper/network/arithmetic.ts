import { GraphBuilder, MICROSOFT } from '../onnx/graph';
import { encodeOnnx, ONNX_DATA_TYPE, type OnnxTensor } from '../onnx/onnxSchema';
import { OPERATOR_SETS, ONNX_IR_VERSION } from '../onnx/onnxVersions';
import { WEIGHT_ZERO_POINT } from '../weights/unsignedWeights';
import { signWeights } from '../onnx/signWeights';
import { seededRandom } from './random';
import type { Runtime, WeightForm } from './runtime';

/** How many products one sum adds up. The largest sum, 512 × 255 × 128, just fits the 24 bits that a float32 keeps exactly. */
const INPUTS = 512;
/** Not a multiple of any kernel's width, so that the kernels' code for the remaining columns is tried as well. */
const OUTPUTS = 67;
/** There are different kernels for different numbers of rows: one row while tokens are read, many while audio is encoded. */
const ROW_COUNTS = [1, 2, 7, 64] as const;
const LARGEST = 255;

/** Lowest activations. ONNX Runtime quantises whole numbers from `lowest` to `lowest` + 255 with a scale of exactly 1. */
const LOWEST_ACTIVATIONS = [0, -WEIGHT_ZERO_POINT, -LARGEST] as const;

/**
 * Chooses the form of the products' weights: signed where that gives exact results, else unsigned. Processors with VNNI multiply signed
 * weights quicker by a sixth; those without it add pairs of products in 16 bits, which overflows (see `WEIGHT_ZERO_POINT`). There is no list of
 * processors: the test uses this machine's library, processor and kernels. WebAssembly has one kernel for both forms.
 *
 * @throws Error where neither form is exact: the model would write wrong words, and nobody would notice
 */
export async function chooseWeightForm(runtime: Runtime): Promise<WeightForm> {
  if (runtime.kind === 'native' && (await findWrongProduct(runtime, 'signed')) === undefined) return 'signed';
  const wrong = await findWrongProduct(runtime, 'unsigned');
  if (wrong === undefined) return 'unsigned';
  throw new Error(`The 8-bit arithmetic of this machine is wrong (${wrong}), so Whisper cannot be used here`);
}

/**
 * Compares the graphs' two kinds of product with exact whole numbers, at the bounds of 8 bits.
 * Exported for its own tests.
 *
 * @returns a description of the first product that differs; undefined where all are right
 */
export async function findWrongProduct(runtime: Runtime, weightForm: WeightForm): Promise<string | undefined> {
  const weights = boundaryWeights();
  const graph = productGraph(weights);
  const session = await runtime.openBytes(weightForm === 'signed' ? signWeights(graph) : graph);
  try {
    for (const rowCount of ROW_COUNTS) {
      for (const lowest of LOWEST_ACTIVATIONS) {
        const activations = boundaryActivations(rowCount, lowest);
        const found = await session.run({ activations: runtime.floats(activations, [rowCount, INPUTS]) });
        const exact = exactProduct(activations, weights);
        for (const operator of PRODUCTS) {
          const wrong = firstDifference(found[operator]?.data, exact);
          if (wrong !== undefined) return `${operator} gives ${wrong}`;
        }
      }
    }
  } finally {
    await session.release();
  }
  return undefined;
}

/** The operators. The outputs have the same names. */
const PRODUCTS = ['DynamicQuantizeMatMul', 'MatMulIntegerToFloat'] as const;

/** The product in whole numbers, [rows, outputs]. */
function exactProduct(activations: Float32Array, weights: Uint8Array): Float64Array {
  const rowCount = activations.length / INPUTS;
  const product = new Float64Array(rowCount * OUTPUTS);
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < INPUTS; i++) {
      const activation = activations[row * INPUTS + i] ?? 0;
      for (let output = 0; output < OUTPUTS; output++) {
        const weight = (weights[i * OUTPUTS + output] ?? 0) - WEIGHT_ZERO_POINT;
        product[row * OUTPUTS + output] = (product[row * OUTPUTS + output] ?? 0) + activation * weight;
      }
    }
  }
  return product;
}

function firstDifference(found: unknown, exact: Float64Array): string | undefined {
  const values = found instanceof Float32Array ? found : new Float32Array();
  const wrong = exact.findIndex((value, i) => value !== values[i]);
  return wrong < 0 ? undefined : `${String(values[wrong])} for ${String(exact[wrong])}`;
}

/** [inputs, outputs]: columns at either bound, columns that alternate between the bounds, and random columns from a seed. */
function boundaryWeights(): Uint8Array {
  const random = seededRandom(1);
  const weights = new Uint8Array(INPUTS * OUTPUTS);
  for (let i = 0; i < INPUTS; i++) {
    for (let output = 0; output < OUTPUTS; output++) {
      weights[i * OUTPUTS + output] = boundaryNumber(i, output, random);
    }
  }
  return weights;
}

/** Activations whose rows each hold both bounds, since the scale is computed from the whole input. */
function boundaryActivations(rowCount: number, lowest: number): Float32Array {
  const random = seededRandom(2);
  const activations = new Float32Array(rowCount * INPUTS);
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < INPUTS; i++) {
      activations[row * INPUTS + i] = lowest + boundaryNumber(i, row, random);
    }
    activations[row * INPUTS] = lowest;
    activations[row * INPUTS + 1] = lowest + LARGEST;
  }
  return activations;
}

function boundaryNumber(i: number, kind: number, random: () => number): number {
  switch (kind % 5) {
    case 0:
      return LARGEST;
    case 1:
      return 0;
    case 2:
      return i % 2 === 0 ? LARGEST : 0;
    case 3:
      return random() < 0.5 ? 0 : LARGEST;
    default:
      return Math.floor(random() * (LARGEST + 1));
  }
}

function productGraph(weights: Uint8Array): Uint8Array {
  const graph = new GraphBuilder();
  const input = graph.input('activations', 'float32', ['n', INPUTS]);
  const quantised = ['steps', 'scale', 'zero'] as const;
  graph.nodeOf('DynamicQuantizeLinear', [input], quantised);
  const [steps, scale, zero] = quantised;
  graph.nodeOf('DynamicQuantizeMatMul', [input, 'weights', 'scales', 'zeros'], [PRODUCTS[0]], { domain: MICROSOFT });
  const operands = [steps, 'weights', scale, 'scales', zero, 'zeros'];
  graph.nodeOf('MatMulIntegerToFloat', operands, [PRODUCTS[1]], { domain: MICROSOFT });
  for (const output of PRODUCTS) graph.output(output, 'float32', ['n', OUTPUTS]);
  const { nodes, inputs, outputs } = graph.build();
  const ones = new Uint8Array(new Float32Array(OUTPUTS).fill(1).buffer);
  const zeroPoints = new Uint8Array(OUTPUTS).fill(WEIGHT_ZERO_POINT);
  const tensors: readonly OnnxTensor[] = [
    { name: 'weights', dims: [INPUTS, OUTPUTS], dataType: ONNX_DATA_TYPE.uint8, rawData: weights },
    { name: 'scales', dims: [OUTPUTS], dataType: ONNX_DATA_TYPE.float32, rawData: ones },
    { name: 'zeros', dims: [OUTPUTS], dataType: ONNX_DATA_TYPE.uint8, rawData: zeroPoints },
  ];
  return encodeOnnx({
    irVersion: ONNX_IR_VERSION,
    producerName: 'minutes',
    operatorSets: OPERATOR_SETS,
    graph: { name: 'arithmetic', nodes, tensors, inputs, outputs },
  });
}
