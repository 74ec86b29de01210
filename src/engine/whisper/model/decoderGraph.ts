import { GraphBuilder, MICROSOFT, type Graph } from '../onnx/graph';
import { attentionParts, dense, feedForward, linear, NO_SCALE, norm, plain, splitHeads, type Drawing } from './layers';
import { ONNX_DATA_TYPE } from '../onnx/onnxSchema';
import { plainRecipe, rowsRecipe, type Precision } from './recipes';
import { headWidth, type WhisperConfig } from './whisperConfig';

/** A head of the decoder's cross-attention: [layer, head]. */
export type AttentionHead = readonly [layer: number, head: number];

const EMBEDDING = 'decoder.embed_tokens.weight';
/** The names of the embedding's constants in 8 bits. */
const EMBEDDING_NAMES = {
  matrix: EMBEDDING,
  scales: `${EMBEDDING}.scales`,
  zeroPoints: `${EMBEDDING}.zeros`,
} as const;

/**
 * Computes the scores of the next token from new tokens, earlier tokens and the audio.
 *
 * - in `input_ids` int64 [1, n], `positions` int64 [n], `rows` int64 [r]: the rows of `input_ids` whose scores are wanted. The vocabulary's
 *   product is the largest of all, and a prompt's rows need no scores;
 * - in `past.key.{layer}`, `past.value.{layer}` [1, heads, P, head width]: `present…` of the step before; P may be 0;
 * - in `cross.key.{layer}`, `cross.value.{layer}` [1, heads, T, head width]: the encoder's;
 * - out `logits` [r, vocabulary], `present.key.{layer}`, `present.value.{layer}` [1, heads, P + n, head width];
 * - out `alignment` [A, n, T]: the alignment heads' attention to the audio, after softmax, in the order of `alignmentHeads`.
 *
 * @param alignmentHeads at least one, all within the network
 */
export function decoderGraph(
  config: WhisperConfig,
  alignmentHeads: readonly AttentionHead[],
  precision: Precision,
): Graph {
  const graph = new GraphBuilder();
  const { width } = config;
  const drawing: Drawing = { graph, width, precision };
  const size = headWidth(config, config.decoder);
  const heads = config.decoder.heads;

  graph.input('input_ids', 'int64', [1, 'n']);
  graph.input('positions', 'int64', ['n']);
  graph.input('rows', 'int64', ['r']);
  let x = embed(drawing, config);
  const attentions: string[] = [];
  for (let i = 0; i < config.decoder.layers; i++) {
    const layer = `decoder.layers.${i}`;
    x = graph.node('Add', [x, selfAttention(drawing, x, i, heads, size)]);
    const normed = norm(drawing, x, `${layer}.encoder_attn_layer_norm`);
    const cross = crossAttention(drawing, normed, i, heads, size);
    attentions.push(cross.attention);
    x = graph.node('Add', [x, cross.output]);
    x = feedForward(drawing, x, layer, config.decoder.innerWidth);
  }
  scores(drawing, x, config.vocabularySize);
  align(drawing, attentions, alignmentHeads);
  return graph.build();
}

/** Vectors of tokens and positions: [1, n, width]. */
function embed({ graph, width, precision }: Drawing, config: WhisperConfig): string {
  const need = { name: EMBEDDING, shape: [config.vocabularySize, width] };
  let tokens: string;
  if (precision === 'int8') {
    graph.add(rowsRecipe(EMBEDDING_NAMES, need));
    const rows = graph.node('Gather', [EMBEDDING_NAMES.matrix, 'input_ids']);
    const scales = graph.node('Unsqueeze', [
      graph.node('Gather', [EMBEDDING_NAMES.scales, 'input_ids']),
      graph.integers(-1),
    ]);
    const zeroPoints = graph.node('Unsqueeze', [
      graph.node('Gather', [EMBEDDING_NAMES.zeroPoints, 'input_ids']),
      graph.integers(-1),
    ]);
    const float = { attributes: { to: ONNX_DATA_TYPE.float32 } };
    const steps = graph.node('Sub', [graph.node('Cast', [rows], float), graph.node('Cast', [zeroPoints], float)]);
    tokens = graph.node('Mul', [steps, scales]);
  } else {
    graph.add(plainRecipe(EMBEDDING, need));
    tokens = graph.node('Gather', [EMBEDDING, 'input_ids']);
  }
  const table = plain(graph, 'decoder.embed_positions.weight', [config.mostTextPositions, width]);
  return graph.node('Add', [tokens, graph.node('Gather', [table, 'positions'])]);
}

/** Attention to the tokens so far: [1, n, width] → [1, n, width]. */
function selfAttention(drawing: Drawing, x: string, i: number, heads: number, size: number): string {
  const { graph, width } = drawing;
  const name = `decoder.layers.${i}.self_attn`;
  const normed = norm(drawing, x, `${name}_layer_norm`);
  const pasts = (['key', 'value'] as const).map((kind) => {
    graph.output(`present.${kind}.${i}`, 'float32', [1, heads, 'P + n', size]);
    return graph.input(`past.${kind}.${i}`, 'float32', [1, heads, 'P', size]);
  });
  const attended = `${name}.attended`;
  graph.nodeOf(
    'MultiHeadAttention',
    // Left out: bias, padding mask, attention bias.
    [...queriesKeysValues(drawing, normed, name, size), '', '', '', ...pasts],
    [attended, `present.key.${i}`, `present.value.${i}`],
    { domain: MICROSOFT, attributes: { num_heads: heads, unidirectional: 1 }, floatAttributes: NO_SCALE },
  );
  return dense(drawing, attended, `${name}.out_proj`, width, width);
}

/** Three values [1, n, width] from one product, so that the activations are quantised and the weights read only once. */
function queriesKeysValues(drawing: Drawing, normed: string, name: string, headWidth: number): readonly string[] {
  const { graph, width } = drawing;
  const all = linear(drawing, { value: normed }, `${name}.qkv`, attentionParts(name, headWidth), width, width);
  const outputs = ['queries', 'keys', 'values'].map((kind) => `${name}.${kind}`);
  graph.nodeOf('Split', [all, graph.integers(width, width, width)], outputs, { attributes: { axis: -1 } });
  return outputs;
}

/**
 * Attention to the audio: [1, n, width] → [1, n, width].
 * Consists of single operators, since the operator for a whole attention does not give its weights.
 */
function crossAttention(
  drawing: Drawing,
  normed: string,
  i: number,
  heads: number,
  size: number,
): { readonly output: string; readonly attention: string } {
  const { graph, width } = drawing;
  const name = `decoder.layers.${i}.encoder_attn`;
  const [keys, values] = (['key', 'value'] as const).map((kind) =>
    graph.input(`cross.${kind}.${i}`, 'float32', [1, heads, 'T', size]),
  ) as [string, string];
  const [query] = attentionParts(name, size);
  const queries = splitHeads(
    drawing,
    linear(drawing, { value: normed }, `${name}.q_proj`, [query], width, width),
    heads,
    size,
  );
  const products = graph.node('FusedMatMul', [queries, keys], { domain: MICROSOFT, attributes: { transB: 1 } });
  const attention = graph.node('Softmax', [products], { attributes: { axis: -1 } });
  const mixed = graph.node('Transpose', [graph.node('MatMul', [attention, values])], {
    attributes: { perm: [0, 2, 1, 3] },
  });
  const joined = graph.node('Reshape', [mixed, graph.integers(1, -1, width)]);
  return { output: dense(drawing, joined, `${name}.out_proj`, width, width), attention };
}

/**
 * `logits`: the product with the vocabulary's vectors, which are those of the embedding.
 *
 * In 8 bits the product needs them transposed. They are stored only once, in the layout of the embedding. ONNX Runtime transposes them when
 * it loads the graph (it folds constants): this takes 0.1 s and saves a third of a small model's size. The operator QGemm takes them
 * without transposing. It is as quick natively, but in WebAssembly it transposes them at every token: 450 ms instead of 55 ms.
 */
function scores(drawing: Drawing, x: string, vocabularySize: number): void {
  const { graph, width, precision } = drawing;
  const wanted = graph.node('Gather', [x, 'rows'], { attributes: { axis: 1 } });
  const states = graph.node('Reshape', [norm(drawing, wanted, 'decoder.layer_norm'), graph.integers(-1, width)]);
  graph.output('logits', 'float32', ['r', vocabularySize]);
  if (precision === 'float32') {
    graph.node('Gemm', [states, EMBEDDING], { attributes: { transB: 1 }, output: 'logits' });
    return;
  }
  const { matrix, scales, zeroPoints } = EMBEDDING_NAMES;
  const vocabulary = graph.node('Transpose', [matrix], { attributes: { perm: [1, 0] } });
  const operands = [states, vocabulary, scales, zeroPoints];
  graph.node('DynamicQuantizeMatMul', operands, { domain: MICROSOFT, output: 'logits' });
}

/** `alignment`: the attention of only the alignment heads, stacked. All heads of every layer would cost a copy per token. */
function align({ graph }: Drawing, attentions: readonly string[], heads: readonly AttentionHead[]): void {
  const runs: { readonly layer: number; readonly heads: number[] }[] = [];
  for (const [layer, head] of heads) {
    const last = runs.at(-1);
    if (last?.layer === layer) last.heads.push(head);
    else runs.push({ layer, heads: [head] });
  }
  const taken = runs.map((run) =>
    graph.node('Gather', [attentions[run.layer] ?? '', graph.integers(...run.heads)], { attributes: { axis: 1 } }),
  );
  const stacked = graph.node('Concat', taken, { attributes: { axis: 1 } });
  graph.node('Squeeze', [stacked, graph.integers(0)], { output: 'alignment' });
  graph.output('alignment', 'float32', [heads.length, 'n', 'T']);
}
