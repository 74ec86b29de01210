import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** The numbers of a network's form that running it needs. */
export interface GraphForm {
  readonly melBins: number;
  readonly width: number;
  readonly vocabularySize: number;
  readonly layers: number;
  readonly heads: number;
}

/** What the decoder says about some tokens. */
export interface DecoderStep {
  /** Row after row. */
  readonly logits: Float32Array;
  /** [alignment heads, tokens, audio positions] */
  readonly alignment: Float32Array;
  readonly alignmentShape: readonly number[];
  /** For the next step. */
  readonly past: InferenceSession.OnnxValueMapType;
}

type Values = InferenceSession.OnnxValueMapType;

/** A prepared model in ONNX Runtime, run the plainest way. */
export class PreparedGraphs {
  private constructor(
    private readonly encoder: InferenceSession,
    private readonly decoder: InferenceSession,
    private readonly form: GraphForm,
  ) {}

  static async load(folder: string, form: GraphForm): Promise<PreparedGraphs> {
    const load = (name: string): Promise<InferenceSession> =>
      InferenceSession.create(path.join(folder, `${name}.onnx`), { intraOpNumThreads: 1, logSeverityLevel: 3 });
    return new PreparedGraphs(await load('encoder'), await load('decoder'), form);
  }

  async release(): Promise<void> {
    await this.encoder.release();
    await this.decoder.release();
  }

  /** @param features [melBins, frames] */
  async encode(features: Float32Array): Promise<Values> {
    const frames = features.length / this.form.melBins;
    return this.encoder.run({ input_features: new Tensor('float32', features, [1, this.form.melBins, frames]) });
  }

  async step(
    audio: Values,
    tokens: readonly number[],
    firstPosition: number,
    rows: readonly number[],
    past?: Values,
  ): Promise<DecoderStep> {
    const { layers, heads, width } = this.form;
    const integers = (values: readonly number[], shape: readonly number[]): Tensor =>
      new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
    const inputs: Record<string, Tensor> = {
      input_ids: integers(tokens, [1, tokens.length]),
      positions: integers(
        tokens.map((_, i) => firstPosition + i),
        [tokens.length],
      ),
      rows: integers(rows, [rows.length]),
    };
    for (const name of Array.from({ length: layers }, (_, i) => [`key.${i}`, `value.${i}`]).flat()) {
      inputs[`cross.${name}`] = tensor(audio, `cross.${name}`);
      inputs[`past.${name}`] = past
        ? tensor(past, `present.${name}`)
        : new Tensor('float32', new Float32Array(), [1, heads, 0, width / heads]);
    }
    const outputs = await this.decoder.run(inputs);
    const alignment = tensor(outputs, 'alignment');
    return {
      logits: numbers(outputs, 'logits'),
      alignment: alignment.data as Float32Array,
      alignmentShape: alignment.dims,
      past: outputs,
    };
  }
}

/** The numbers of a result. */
export function numbers(values: Values, name: string): Float32Array {
  return tensor(values, name).data as Float32Array;
}

function tensor(values: Values, name: string): Tensor {
  const value = values[name];
  if (!(value instanceof Tensor)) throw new Error(`the graph gave no ${name}`);
  return value;
}
