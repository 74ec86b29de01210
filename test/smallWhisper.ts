import fs from 'node:fs';
import path from 'node:path';
import { modelFolder, type ModelFolder } from './models';

/**
 * A whole Whisper of a few megabytes in a new folder: the random one's weights, the tokenizer of the real one. It hears nothing, but is
 * downloaded, prepared and run as any other.
 */
export function writeSmallWhisper(folder: string): ModelFolder {
  const [random, base] = [modelFolder('tiny-random'), modelFolder('whisper-base')];
  if ('absent' in random) return random;
  if ('absent' in base) return base;
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ['config.json', 'generation_config.json', 'preprocessor_config.json', 'model.safetensors'])
    fs.copyFileSync(path.join(random.folder, name), path.join(folder, name));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    fs.copyFileSync(path.join(base.folder, name), path.join(folder, name));
  return { folder };
}
