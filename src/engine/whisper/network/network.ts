import type { InferenceSession, OnnxValue, Tensor } from 'onnxruntime-common';
import path from 'node:path';
import { collectGarbage } from './collectGarbage';
import type { WhisperFacts } from './whisperFacts';
import type { Runtime, WeightForm } from './runtime';

/** A window's audio for the decoder: the encoder's keys and values. Never changed, so that a retry can use it again. */
export interface EncodedWindow {
  readonly cross: InferenceSession.FeedsType;
}

/** The tokens that the decoder has read so far. Never changed, since several continuations may start from one state. */
export interface DecoderState {
  readonly past: InferenceSession.FeedsType;
  readonly tokenCount: number;
}

/** What the decoder gives after it has read tokens. */
export interface DecoderStep {
  readonly state: DecoderState;
  /** One row of `vocabularySize` scores per wanted row, in order. The caller may change them. */
  readonly logits: Float32Array;
  /** The alignment heads' attention while the last token was read: `[head * frames + frame]`. */
  readonly attention: Float32Array;
}

/** The two graphs of one model, and the names of their inputs and outputs. */
export class Network {
  private readonly layers: readonly number[];
  private readonly nothingPast: InferenceSession.FeedsType;
  /** Frames that were encoded since memory was last freed. */
  private encodedFrames = 0;

  private constructor(
    private readonly runtime: Runtime,
    private readonly facts: WhisperFacts,
    private readonly encoder: InferenceSession,
    private readonly decoder: InferenceSession,
  ) {
    this.layers = Array.from({ length: facts.decoderLayers }, (_, layer) => layer);
    const empty = (): Tensor => runtime.floats(new Float32Array(0), [1, facts.heads, 0, facts.headWidth]);
    this.nothingPast = Object.fromEntries(
      this.layers.flatMap((layer) => [
        [`past.key.${layer}`, empty()],
        [`past.value.${layer}`, empty()],
      ]),
    );
  }

  /** @param folder a prepared model's folder */
  static async open(folder: string, facts: WhisperFacts, runtime: Runtime, weightForm: WeightForm): Promise<Network> {
    // The graphs are loaded one after the other: each needs extra memory while it loads.
    const encoder = await runtime.open(path.join(folder, 'encoder.onnx'), weightForm);
    const decoder = await runtime.open(path.join(folder, 'decoder.onnx'), weightForm);
    return new Network(runtime, facts, encoder, decoder);
  }

  /** @param features `[bin][frame]` of an even number of frames */
  async encode(features: Float32Array): Promise<EncodedWindow> {
    const { melBins, windowFrames } = this.facts;
    if (this.encodedFrames >= windowFrames) this.freeMemory();
    this.encodedFrames += features.length / melBins;
    const input = this.runtime.floats(features, [1, melBins, features.length / melBins]);
    const names = this.layers.flatMap((layer) => [`cross.key.${layer}`, `cross.value.${layer}`]);
    return { cross: await this.encoder.run({ input_features: input }, names) };
  }

  /** Frees the memory of earlier windows. It is worth its time while nobody waits, and before a window that follows a long one. */
  freeMemory(): void {
    collectGarbage();
    this.encodedFrames = 0;
  }

  /**
   * Reads tokens.
   *
   * @param state the tokens before; absent: none
   * @param rows the tokens behind which the logits are wanted; absent: the last one
   */
  async read(
    window: EncodedWindow,
    tokens: readonly number[],
    state?: DecoderState,
    rows: readonly number[] = [tokens.length - 1],
  ): Promise<DecoderStep> {
    const count = state?.tokenCount ?? 0;
    const feeds: Record<string, OnnxValue> = {
      ...window.cross,
      ...(state?.past ?? this.nothingPast),
      input_ids: this.runtime.integers(tokens, [1, tokens.length]),
      positions: this.runtime.integers(
        tokens.map((_, i) => count + i),
        [tokens.length],
      ),
      rows: this.runtime.integers(rows, [rows.length]),
    };
    const out = await this.decoder.run(feeds);
    const past: Record<string, OnnxValue> = {};
    for (const layer of this.layers) {
      past[`past.key.${layer}`] = tensor(out, `present.key.${layer}`);
      past[`past.value.${layer}`] = tensor(out, `present.value.${layer}`);
    }
    return {
      state: { past, tokenCount: count + tokens.length },
      logits: tensor(out, 'logits').data as Float32Array,
      attention: lastRows(tensor(out, 'alignment')),
    };
  }
}

function tensor(out: InferenceSession.OnnxValueMapType, name: string): Tensor {
  const value = out[name];
  if (!value) throw new Error(`the decoder's graph has no ${name}`);
  return value;
}

/** Each head's row for the last token, of `[head, token, frame]`. */
function lastRows({ data, dims }: Tensor): Float32Array {
  const values = data as Float32Array;
  const [heads = 0, tokens = 0, frames = 0] = dims;
  if (tokens === 1) return values;
  const rows = new Float32Array(heads * frames);
  for (let head = 0; head < heads; head++) {
    const from = (head * tokens + tokens - 1) * frames;
    rows.set(values.subarray(from, from + frames), head * frames);
  }
  return rows;
}
