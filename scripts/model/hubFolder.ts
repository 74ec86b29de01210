import { WeightFiles } from '../../src/engine/whisper/weights/weightFiles';
import type { TensorReader } from './tensorList';
import { toFloat16 } from './toFloat16';

/**
 * The weights in a folder as the public hub has it, in float32, float16 or bfloat16.
 *
 * @throws Error where files are missing or damaged
 */
export async function openHubFolder(folder: string): Promise<TensorReader> {
  const weights = await WeightFiles.open(folder);
  return {
    async *float16({ name, shape }, signal) {
      const short = name.replace(/^model\./, '');
      const found = weights.shapeOf(short);
      if (!found) throw new Error(`it has no tensor ${name}`);
      if (found.join() !== shape.join()) throw new Error(`${name} is [${found.join()}], not [${shape.join()}]`);
      for await (const { values } of weights.rows(short, signal)) {
        const halves = new Uint16Array(values.length);
        toFloat16(values, halves);
        yield new Uint8Array(halves.buffer);
      }
    },
    close: () => weights.close(),
  };
}
