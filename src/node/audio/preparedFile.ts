import fs from 'node:fs/promises';
import path from 'node:path';
import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../core/audio/pcm';
import type { PreparationEvent } from '../../core/audio/preparation';

/** How much audio lies between two progress events. */
const PREPARING_STEP_S = 30;

/**
 * Writes samples into a file, which is made anew, and tells how far it is. Its result is how many samples lie there; undefined where there
 * are more than the limit, and the rest was not read.
 */
export async function* writePrepared(
  file: string,
  pcm: AsyncIterable<Uint8Array>,
  limitS = Number.POSITIVE_INFINITY,
): AsyncGenerator<PreparationEvent, number | undefined> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const handle = await fs.open(file, 'w');
  let writtenBytes = 0;
  let saidS = 0;
  try {
    for await (const block of pcm) {
      await handle.writeFile(block);
      writtenBytes += block.length;
      const doneS = Math.floor(samplesToSeconds(writtenBytes / BYTES_PER_SAMPLE));
      if (doneS > limitS) return undefined;
      if (doneS - saidS < PREPARING_STEP_S) continue;
      yield { kind: 'preparing', doneS };
      saidS = doneS;
    }
  } finally {
    await handle.close();
  }
  return Math.floor(writtenBytes / BYTES_PER_SAMPLE);
}
