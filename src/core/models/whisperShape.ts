/** The values in a Whisper's `config.json` that decide its size. */
export interface WhisperShape {
  /** Numbers per position: `d_model`. */
  readonly width: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  /** `vocab_size`. */
  readonly tokenCount: number;
  /** Bands of the spectrum that it hears. */
  readonly melBinCount: number;
}

/** Positions of the encoder (30 s in steps of 20 ms) and of the decoder (tokens of a window). They are the same in every Whisper. */
const [ENCODER_POSITIONS, DECODER_POSITIONS] = [1500, 448];
/** The inner layer of each block is four times as wide as the rest, in every published Whisper. */
const INNER_WIDTH_FACTOR = 4;
/** A convolution covers three neighbouring positions. */
const KERNEL = 3;

/** How many numbers a Whisper of this shape consists of: 72,593,920 for base. */
export function parameterCountOf({
  width,
  encoderLayers,
  decoderLayers,
  tokenCount,
  melBinCount,
}: WhisperShape): number {
  const inner = INNER_WIDTH_FACTOR * width;
  // Query, value and output have a bias; the key has none. A normalisation has 2 * width numbers.
  const attention = 4 * width ** 2 + 3 * width;
  const feedForward = 2 * width * inner + inner + width;
  const normalisation = 2 * width;
  const convolutions = melBinCount * width * KERNEL + width + width ** 2 * KERNEL + width;
  const encoder = encoderLayers * (attention + feedForward + 2 * normalisation) + ENCODER_POSITIONS * width;
  const decoder = decoderLayers * (2 * attention + feedForward + 3 * normalisation) + DECODER_POSITIONS * width;
  return convolutions + encoder + decoder + 2 * normalisation + tokenCount * width;
}

/** Tokenizer, configuration, graphs without weights, scales. */
const SMALL_FILES_BYTES = 3_000_000;

/**
 * Size on the disk after preparation: one byte per number, but four bytes in the convolutions and the positions, where rounding would
 * make the text worse. Base has 81 MB.
 */
export function estimateInstalledBytes(shape: WhisperShape): number {
  const { width, melBinCount } = shape;
  const positions = (ENCODER_POSITIONS + DECODER_POSITIONS) * width;
  const convolutions = (melBinCount + width) * width * KERNEL;
  return parameterCountOf(shape) + 3 * (positions + convolutions) + SMALL_FILES_BYTES;
}

/** A text of at most this many bytes is read as a configuration; the published ones have two kilobytes. */
export const LARGEST_CONFIG_BYTES = 1_000_000;

/**
 * Reads a model's `config.json` before anything large is fetched. It refuses what the engine would refuse in the end
 * (`whisperConfig.ts` there).
 *
 * @returns the shape, or in a few English words why this is not a Whisper's configuration
 */
export function parseWhisperConfig(text: string): WhisperShape | { readonly notWhisper: string } {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return { notWhisper: 'its config.json is no JSON' };
  }
  if (typeof config !== 'object' || config === null) return { notWhisper: 'its config.json is no object' };
  const entries = new Map<string, unknown>(Object.entries(config));
  const kind = entries.get('model_type');
  if (kind !== 'whisper') {
    return { notWhisper: typeof kind === 'string' ? `its type is ${kind.slice(0, 60)}` : 'it names no type' };
  }
  const activation = entries.get('activation_function') ?? 'gelu';
  if (activation !== 'gelu') return { notWhisper: `it uses the activation ${JSON.stringify(activation).slice(0, 60)}` };
  if (entries.get('scale_embedding') === true) return { notWhisper: 'it scales its embeddings' };
  const wrong: string[] = [];
  const count = (name: string, most: number): number => {
    const value = entries.get(name);
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most) return value;
    wrong.push(name);
    return 1;
  };
  const shape = {
    width: count('d_model', MOST_WIDTH),
    encoderLayers: count('encoder_layers', MOST_LAYERS),
    decoderLayers: count('decoder_layers', MOST_LAYERS),
    tokenCount: count('vocab_size', MOST_TOKENS),
    melBinCount: count('num_mel_bins', MOST_WIDTH),
  };
  const heads = ['encoder_attention_heads', 'decoder_attention_heads'].map((name) => count(name, MOST_WIDTH));
  for (const name of ['encoder_ffn_dim', 'decoder_ffn_dim']) count(name, MOST_WIDTH);
  for (const name of ['max_source_positions', 'max_target_positions']) count(name, MOST_POSITIONS);
  if (wrong.length > 0) return { notWhisper: `its config.json tells no plausible ${wrong.join(', ')}` };
  if (heads.some((number) => shape.width % number !== 0)) {
    return { notWhisper: 'its width is no multiple of its number of heads' };
  }
  return shape;
}

/** The same bounds as the engine's own: far above what large-v3 has. */
const [MOST_LAYERS, MOST_WIDTH, MOST_TOKENS, MOST_POSITIONS] = [1_000, 100_000, 1_000_000, 100_000];
