import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

/** A folder with the names of a model's files and numbers that mean nothing: enough for everything but the engine. */
export async function writeModelFolder(
  folder: string,
  changes: {
    readonly weightsBytes?: number;
    readonly config?: Readonly<Record<string, unknown>>;
    readonly without?: readonly string[];
    /** Divides the weights into so many files. */
    readonly shards?: number;
  } = {},
): Promise<string> {
  const { weightsBytes = 300_000, config = {}, without = [], shards } = changes;
  await fs.mkdir(folder, { recursive: true });
  const shape = {
    model_type: 'whisper',
    d_model: 8,
    encoder_layers: 1,
    decoder_layers: 1,
    vocab_size: 100,
    encoder_attention_heads: 2,
    decoder_attention_heads: 2,
    encoder_ffn_dim: 32,
    decoder_ffn_dim: 32,
    max_source_positions: 1500,
    max_target_positions: 448,
  };
  const files = new Map<string, string | Uint8Array>([
    ['config.json', JSON.stringify({ ...shape, num_mel_bins: 80, ...config })],
    ['generation_config.json', '{"is_multilingual": true}'],
    ['preprocessor_config.json', '{"feature_size": 80}'],
    ['tokenizer.json', '{"version": "1.0", "naïve": "🎙"}'],
    ['README.md', 'A model.'],
    ['pytorch_model.bin', 'never fetched'],
  ]);
  if (shards === undefined) files.set('model.safetensors', randomBytes(weightsBytes));
  else {
    const names = Array.from({ length: shards }, (_, i) => `model-0000${i + 1}-of-0000${shards}.safetensors`);
    const map = Object.fromEntries(names.flatMap((name, i) => [1, 2].map((n) => [`tensor.${i}.${n}`, name])));
    files.set('model.safetensors.index.json', JSON.stringify({ metadata: {}, weight_map: map }));
    for (const name of names) files.set(name, randomBytes(Math.floor(weightsBytes / shards)));
  }
  for (const [name, content] of files) {
    if (!without.includes(name)) await fs.writeFile(path.join(folder, name), content);
  }
  return folder;
}
