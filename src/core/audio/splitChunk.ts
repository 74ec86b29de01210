import type { Chunk } from '../model';
import { secondsToSamples } from './pcm';

/** A part shorter than this makes recognisers invent words, and no server refuses it for its size (64 KB). */
const SHORTEST_PART_S = 2;
/** Long enough to lie between two words rather than inside a consonant. */
const WINDOW_S = 0.1;

/**
 * Cuts a chunk in two at the quietest place of its middle half, for an endpoint that refuses a chunk of this length. Undefined where
 * the parts would be too short.
 *
 * @param read gives the samples of a range of the same audio
 */
export async function splitChunk(
  chunk: Chunk,
  read: (range: Chunk) => AsyncIterable<Int16Array>,
): Promise<readonly [Chunk, Chunk] | undefined> {
  const { startSample, endSample } = chunk;
  const lengthSamples = endSample - startSample;
  if (lengthSamples < 2 * secondsToSamples(SHORTEST_PART_S)) return undefined;
  // In a short chunk the middle half begins before the first part would be long enough.
  const edge = Math.max(Math.floor(lengthSamples / 4), secondsToSamples(SHORTEST_PART_S));
  const middle = { startSample: startSample + edge, endSample: endSample - edge };
  const at = middle.startSample + (await quietest(read(middle)));
  return [
    { startSample, endSample: at },
    { startSample: at, endSample },
  ];
}

/** The middle of the window with the least energy, in samples from the blocks' start. */
async function quietest(blocks: AsyncIterable<Int16Array>): Promise<number> {
  const windowSamples = secondsToSamples(WINDOW_S);
  let [best, bestEnergy] = [0, Number.POSITIVE_INFINITY];
  let [at, inWindow, energy] = [0, 0, 0];
  for await (const block of blocks) {
    for (const sample of block) {
      energy += sample * sample;
      at++;
      if (++inWindow < windowSamples) continue;
      if (energy < bestEnergy) [best, bestEnergy] = [at - Math.floor(windowSamples / 2), energy];
      [inWindow, energy] = [0, 0];
    }
  }
  return best === 0 ? Math.floor(at / 2) : best;
}
