import { GraphBuilder, MICROSOFT, type Graph } from '../onnx/graph';
import {
  dense,
  feedForward,
  linear,
  NO_SCALE,
  norm,
  plain,
  sharedOperand,
  attentionParts,
  ATTENTION_PROJECTIONS,
  splitHeads,
  type Drawing,
} from './layers';
import type { Precision } from './recipes';
import { headWidth, type WhisperConfig } from './whisperConfig';

/** Both convolutions cover a frame and its two neighbours. The second one takes every other frame. */
const KERNEL_FRAMES = 3;

/**
 * Computes the decoder's keys and values for the audio from its features.
 *
 * - in `input_features` [1, melBins, F]: F is even and at most twice the configuration's positions. It may be smaller, so that short speech
 *   costs little;
 * - out `cross.key.{layer}` and `cross.value.{layer}` [1, decoder heads, F/2, head width] for every layer of the decoder. They are computed
 *   once, here, since they are the same for every token;
 * - out `last_hidden_state` [1, F/2, width].
 */
export function encoderGraph(config: WhisperConfig, precision: Precision): Graph {
  const graph = new GraphBuilder();
  const { width } = config;
  const drawing: Drawing = { graph, width, precision };

  const features = graph.input('input_features', 'float32', [1, config.melBins, 'F']);
  const first = convolution(drawing, features, 'encoder.conv1', config.melBins, 1);
  const second = convolution(drawing, first, 'encoder.conv2', width, 2);
  const frames = graph.node('Transpose', [second], { attributes: { perm: [0, 2, 1] } });
  let x = graph.node('Add', [frames, positionsOf(drawing, frames, config.mostAudioPositions)]);

  const size = headWidth(config, config.encoder);
  for (let i = 0; i < config.encoder.layers; i++) {
    const layer = `encoder.layers.${i}`;
    const normed = norm(drawing, x, `${layer}.self_attn_layer_norm`);
    const queriesKeysValues = selfAttentionInputs(drawing, normed, `${layer}.self_attn`, size);
    const attended = graph.node('MultiHeadAttention', queriesKeysValues, {
      domain: MICROSOFT,
      attributes: { num_heads: config.encoder.heads },
      floatAttributes: NO_SCALE,
    });
    x = graph.node('Add', [x, dense(drawing, attended, `${layer}.self_attn.out_proj`, width, width)]);
    x = feedForward(drawing, x, layer, config.encoder.innerWidth);
  }
  const states = norm(drawing, x, 'encoder.layer_norm');
  graph.node('Identity', [states], { output: 'last_hidden_state' });
  graph.output('last_hidden_state', 'float32', [1, 'T', width]);
  crossKeysAndValues(drawing, states, config);
  return graph.build();
}

function convolution({ graph, width }: Drawing, input: string, name: string, channels: number, stride: number): string {
  const weight = plain(graph, `${name}.weight`, [width, channels, KERNEL_FRAMES]);
  const convolved = graph.node('Conv', [input, weight, plain(graph, `${name}.bias`, [width])], {
    attributes: { kernel_shape: [KERNEL_FRAMES], pads: [1, 1], strides: [stride] },
  });
  return graph.node('Gelu', [convolved], { domain: MICROSOFT });
}

/** The positions' vectors, one for each frame: [T, width]. */
function positionsOf({ graph, width }: Drawing, frames: string, most: number): string {
  const all = plain(graph, 'encoder.embed_positions.weight', [most, width]);
  const count = graph.node('Shape', [frames], { attributes: { start: 1, end: 2 } });
  return graph.node('Slice', [all, graph.integers(0), count, graph.integers(0)]);
}

/**
 * Three products of the same quantised input. The decoder uses one product of three times the width instead. Here its result would have to
 * be split again, which costs more than it saves for hundreds of positions.
 */
function selfAttentionInputs(drawing: Drawing, normed: string, name: string, headWidth: number): readonly string[] {
  const { width } = drawing;
  const input = sharedOperand(drawing, normed);
  return attentionParts(name, headWidth).map((part, i) =>
    linear(drawing, input, `${name}.${ATTENTION_PROJECTIONS[i] ?? ''}`, [part], width, width),
  );
}

function crossKeysAndValues(drawing: Drawing, states: string, config: WhisperConfig): void {
  const { graph, width } = drawing;
  const { layers, heads } = config.decoder;
  const size = headWidth(config, config.decoder);
  const input = sharedOperand(drawing, states);
  for (let i = 0; i < layers; i++) {
    const name = `decoder.layers.${i}.encoder_attn`;
    const [, keys, values] = attentionParts(name, size);
    for (const [kind, part] of [
      ['key', keys],
      ['value', values],
    ] as const) {
      const product = linear(drawing, input, `${name}.${kind}`, [part], width, width);
      splitHeads(drawing, product, heads, size, `cross.${kind}.${i}`);
      graph.output(`cross.${kind}.${i}`, 'float32', [1, heads, 'T', size]);
    }
  }
}
