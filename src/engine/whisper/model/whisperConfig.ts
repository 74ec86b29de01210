import { UnusableModel } from '../weights/unusableModel';

/** The sizes of a Whisper network, from `config.json`. */
export interface WhisperConfig {
  /** Size of a position's vector; a multiple of the encoder's and the decoder's number of heads. */
  readonly width: number;
  readonly melBins: number;
  /** Tokens that the network knows; the tokenizer may know fewer. */
  readonly vocabularySize: number;
  /** Positions of the encoder: half as many as feature frames. */
  readonly mostAudioPositions: number;
  readonly mostTextPositions: number;
  readonly encoder: StackConfig;
  readonly decoder: StackConfig;
}

/** A stack of equal layers. */
export interface StackConfig {
  readonly layers: number;
  readonly heads: number;
  /** Size of the inner layer of a layer's feed-forward part. */
  readonly innerWidth: number;
}

/** Size of a head's vectors. */
export function headWidth(config: WhisperConfig, stack: StackConfig): number {
  return config.width / stack.heads;
}

/**
 * @param json the parsed `config.json`
 * @throws UnusableModel where it is another kind of network, or has parts that our graphs do not have
 */
export function parseConfig(json: unknown): WhisperConfig {
  if (typeof json !== 'object' || json === null) throw notWhisper('its config.json holds no object');
  const wire = json as Readonly<Record<string, unknown>>;
  if (wire['model_type'] !== 'whisper') {
    throw notWhisper(
      typeof wire['model_type'] === 'string' ? `it is of type ${wire['model_type']}` : 'its config.json names no type',
    );
  }
  const activation = wire['activation_function'] ?? 'gelu';
  if (activation !== 'gelu') throw notWhisper(`it uses the activation ${JSON.stringify(activation)}`);
  if (wire['scale_embedding'] === true) throw notWhisper('it scales its embeddings');
  const count = (name: string, most: number): number => {
    const value = wire[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
      throw notWhisper(`its config.json has no plausible ${name}`);
    }
    return value;
  };
  const stack = (name: string): StackConfig => ({
    layers: count(`${name}_layers`, MOST_LAYERS),
    heads: count(`${name}_attention_heads`, MOST_WIDTH),
    innerWidth: count(`${name}_ffn_dim`, MOST_WIDTH),
  });
  const config: WhisperConfig = {
    width: count('d_model', MOST_WIDTH),
    melBins: count('num_mel_bins', MOST_WIDTH),
    vocabularySize: count('vocab_size', MOST_TOKENS),
    mostAudioPositions: count('max_source_positions', MOST_POSITIONS),
    mostTextPositions: count('max_target_positions', MOST_POSITIONS),
    encoder: stack('encoder'),
    decoder: stack('decoder'),
  };
  for (const { heads } of [config.encoder, config.decoder]) {
    if (config.width % heads !== 0) throw notWhisper('its width is no multiple of its number of heads');
  }
  return config;
}

// Far above what large-v3 has (32 layers, width 1280, inner 5120, 51,866 tokens, 1,500 positions), and low enough that products of them
// stay whole numbers and a wrong file does not make us ask for all memory.
const MOST_LAYERS = 1_000;
const MOST_WIDTH = 100_000;
const MOST_TOKENS = 1_000_000;
const MOST_POSITIONS = 100_000;

function notWhisper(reason: string): UnusableModel {
  return new UnusableModel({ kind: 'notWhisper', reason });
}
