import fs from 'node:fs';
import path from 'node:path';
import { baseWithoutWeights, tinyModel } from './models';

/** A Whisper of a few megabytes into a folder: the random one's weights, the tokenizer of the real one. It has no more files than a model needs. */
export function copySmallWhisper(folder: string): void {
  for (const name of ['config.json', 'generation_config.json', 'preprocessor_config.json', 'model.safetensors'])
    fs.copyFileSync(path.join(tinyModel(), name), path.join(folder, name));
  copyTokenizer('tokenizer.json', folder);
}

/** The same in a new folder, with all its files. It hears nothing, but is downloaded, prepared and run as any other. */
export function writeSmallWhisper(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  copySmallWhisper(folder);
  copyTokenizer('tokenizer_config.json', folder);
}

function copyTokenizer(name: string, folder: string): void {
  fs.copyFileSync(path.join(baseWithoutWeights(), name), path.join(folder, name));
}
