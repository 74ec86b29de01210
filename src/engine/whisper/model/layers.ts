import { defined } from '../../../core/async/defined';
import { MICROSOFT, type GraphBuilder } from '../onnx/graph';
import { biasRecipe, matrixRecipe, plainRecipe, type LinearPart, type Precision } from './recipes';

/** PyTorch's default, which Whisper was trained with; no configuration names it. */
const NORM_EPSILON = 1e-5;

/** What layers are drawn into. */
export interface Drawing {
  readonly graph: GraphBuilder;
  /** Of vectors between layers. */
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

/** What goes into a product. Several products of the same value share its quantisation. */
export interface Operand {
  readonly value: string;
  /** uint8, with a scale and a zero point for all of it; absent where each product quantises for itself. */
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
 * 8-bit weights with a scale per output, stored unsigned (see `WEIGHT_ZERO_POINT`); ONNX Runtime quantises the activations to uint8, with a scale and a zero point for all of the
 * input, while it runs. Other ways measured slower (MatMulNBits with 8 bits by a tenth to a third) or less accurate (a scale per tensor).
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
 * The queries are divided by √(size of a head) in their weights: attention then multiplies with nothing, and for a single position ONNX
 * Runtime takes its quick way for a product of a vector with a matrix, which knows no factor.
 */
export function attentionParts(name: string, headWidth: number): readonly [LinearPart, LinearPart, LinearPart] {
  return [
    { weight: `${name}.q_proj.weight`, bias: `${name}.q_proj.bias`, factor: headWidth ** -0.5 },
    // Whisper's keys have no bias: it would add the same to every score, and softmax takes it away.
    { weight: `${name}.k_proj.weight` },
    { weight: `${name}.v_proj.weight`, bias: `${name}.v_proj.bias` },
  ];
}

/** Names of the constants of {@link attentionParts}, where each has a product of its own. */
export const ATTENTION_PROJECTIONS = ['q_proj', 'k_proj', 'v_proj'] as const;

/** Attention's multiplication with 1/√size is in the queries' weights already. */
export const NO_SCALE = { scale: 1 } as const;

/** The feed-forward part of a layer, with its norm and what goes past it. */
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
