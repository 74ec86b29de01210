import { defined } from '../../../core/async/defined';
import { MICROSOFT, type GraphBuilder } from '../onnx/graph';
import { biasRecipe, matrixRecipe, plainRecipe, type LinearPart, type Precision } from './recipes';

/** PyTorch's default. Whisper was trained with it; no configuration names it. */
const NORM_EPSILON = 1e-5;

/** The graph that layers are drawn into, with their width and precision. */
export interface Drawing {
  readonly graph: GraphBuilder;
  /** Width of the vectors between layers. */
  readonly width: number;
  readonly precision: Precision;
}

/** A tensor of the model as a constant of the graph, under its own name. */
export function plain(graph: GraphBuilder, name: string, shape: readonly number[]): string {
  graph.add(plainRecipe(name, { name, shape }));
  return name;
}

/** Layer normalisation with the tensors `<name>.weight` and `<name>.bias`. */
export function norm({ graph, width }: Drawing, input: string, name: string): string {
  return graph.node(
    'LayerNormalization',
    [input, plain(graph, `${name}.weight`, [width]), plain(graph, `${name}.bias`, [width])],
    { attributes: { axis: -1 }, floatAttributes: { epsilon: NORM_EPSILON } },
  );
}

/** The input of a product. Several products of the same value share its quantisation. */
export interface Operand {
  readonly value: string;
  /** uint8, with one scale and one zero point for the whole value; absent where each product quantises by itself. */
  readonly quantised?: readonly [steps: string, scale: string, zeroPoint: string];
}

/** Quantises a value once for several products. */
export function sharedOperand({ graph, precision }: Drawing, value: string): Operand {
  if (precision === 'float32') return { value };
  const quantised = [`${value}.steps`, `${value}.scale`, `${value}.zero`] as const;
  graph.nodeOf('DynamicQuantizeLinear', [value], quantised);
  return { value, quantised };
}

/**
 * A product with a matrix, plus biases: [1, n, inputs] → [1, n, parts × outputsPerPart].
 *
 * The weights have 8 bits with a scale per output, and are stored unsigned (see `WEIGHT_ZERO_POINT`). ONNX Runtime quantises the activations
 * to uint8 while it runs, with one scale and one zero point for the whole input. Other ways were slower (MatMulNBits with 8 bits by a tenth
 * to a third) or less accurate (a scale per tensor).
 *
 * @param name begins the names of the constants made for it
 */
export function linear(
  { graph, precision }: Drawing,
  input: Operand,
  name: string,
  parts: readonly LinearPart[],
  inputs: number,
  outputsPerPart: number,
): string {
  const names = { matrix: `${name}.matrix`, scales: `${name}.scales`, zeroPoints: `${name}.zeros` };
  const { matrix, scales, zeroPoints } = names;
  const bias = `${name}.biases`;
  graph.add(matrixRecipe(names, parts, inputs, outputsPerPart, precision));
  const hasBias = parts.some((part) => part.bias !== undefined);
  if (hasBias) graph.add(biasRecipe(bias, parts, outputsPerPart));
  if (precision === 'float32') {
    const product = graph.node('MatMul', [input.value, matrix]);
    return hasBias ? graph.node('Add', [product, bias]) : product;
  }
  const biases = hasBias ? [bias] : [];
  if (!input.quantised) {
    const operands = [input.value, matrix, scales, zeroPoints, ...biases];
    return graph.node('DynamicQuantizeMatMul', operands, { domain: MICROSOFT });
  }
  const [steps, scale, zeroPoint] = input.quantised;
  const operands = [steps, matrix, scale, scales, zeroPoint, zeroPoints, ...biases];
  return graph.node('MatMulIntegerToFloat', operands, { domain: MICROSOFT });
}

/** A linear layer with the tensors `<name>.weight` [outputs, inputs] and `<name>.bias`. */
export function dense(drawing: Drawing, input: string, name: string, inputs: number, outputs: number): string {
  return linear(drawing, { value: input }, name, [{ weight: `${name}.weight`, bias: `${name}.bias` }], inputs, outputs);
}

/**
 * The parts of an attention: queries, keys, values.
 * The queries' weights are divided by √(size of a head), so that attention needs no factor. For a single position ONNX Runtime then uses its
 * quick product of a vector with a matrix, which does not support a factor.
 */
export function attentionParts(name: string, headWidth: number): readonly [LinearPart, LinearPart, LinearPart] {
  return [
    { weight: `${name}.q_proj.weight`, bias: `${name}.q_proj.bias`, factor: headWidth ** -0.5 },
    // Whisper's keys have no bias: it would add the same number to every score, and softmax removes such a number.
    { weight: `${name}.k_proj.weight` },
    { weight: `${name}.v_proj.weight`, bias: `${name}.v_proj.bias` },
  ];
}

/** Names of the constants of {@link attentionParts}, where each part has a product of its own. */
export const ATTENTION_PROJECTIONS = ['q_proj', 'k_proj', 'v_proj'] as const;

/** No factor for attention: the queries' weights contain 1/√size already. */
export const NO_SCALE = { scale: 1 } as const;

/** The feed-forward part of a layer, with its norm and its residual connection. */
export function feedForward(drawing: Drawing, input: string, layer: string, innerWidth: number): string {
  const { graph, width } = drawing;
  const normed = norm(drawing, input, `${layer}.final_layer_norm`);
  const inner = graph.node('Gelu', [dense(drawing, normed, `${layer}.fc1`, width, innerWidth)], { domain: MICROSOFT });
  return graph.node('Add', [input, dense(drawing, inner, `${layer}.fc2`, innerWidth, width)]);
}

/** [1, n, heads × headWidth] → [1, heads, n, headWidth] */
export function splitHeads(
  { graph }: Drawing,
  input: string,
  heads: number,
  headWidth: number,
  output?: string,
): string {
  const split = graph.node('Reshape', [input, graph.integers(1, -1, heads, headWidth)]);
  return graph.node(
    'Transpose',
    [split],
    defined({
      attributes: { perm: [0, 2, 1, 3] },
      output,
    }),
  );
}
