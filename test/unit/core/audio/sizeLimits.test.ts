import { assert } from 'chai';
import fc from 'fast-check';
import { MAXIMUM_CHUNK_S, planChunks, type CutOptions } from '../../../../src/core/audio/planChunks';
import { secondsToSamples } from '../../../../src/core/audio/pcm';
import { splitChunk } from '../../../../src/core/audio/splitChunk';
import { FRAME_SAMPLES, SpeechDetector } from '../../../../src/core/audio/speechDetector';
import type { Chunk } from '../../../../src/core/model';
import { SEED } from '../random';
import { hundredths } from './anyMeeting';
import { silence, speech, synthesize, type Part } from './syntheticSpeech';

/** Parts that are cut in two no more: a server that refuses those refuses everything. */
const LEAST_S = 4;

/** What is heard: nothing, a click, a word, a talk without a pause; in any order, also two of a kind. */
const anyParts: fc.Arbitrary<Part[]> = fc.array(
  fc.oneof(
    fc.oneof(hundredths(0, 0.05), hundredths(0.05, 0.5), hundredths(0.5, 6), hundredths(28, 33)).map(speech),
    fc.oneof(hundredths(0, 0.3), hundredths(0.3, 4)).map(silence),
  ),
  { maxLength: 4 },
);

const anyOptions: fc.Arbitrary<CutOptions> = fc.oneof(
  fc.constant({}),
  fc.record({
    maximumCutS: hundredths(0, 40),
    silenceS: hundredths(0, 4),
    holdsShortPieces: fc.boolean(),
  }),
);

/** The most that an endpoint takes in a request: 16-bit samples in bytes, or seconds. */
const anyLimit: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 2 * secondsToSamples(LEAST_S), max: 26_214_400 }).map((bytes) => Math.floor(bytes / 2)),
  hundredths(LEAST_S, 40).map((seconds) => secondsToSamples(seconds)),
);

/** The requests that are sent in the end: what is refused for its size is cut in two, again and again. */
async function requestsOf(samples: Int16Array, options: CutOptions, limitSamples: number): Promise<Chunk[]> {
  async function* from({ startSample, endSample }: Chunk): AsyncGenerator<Int16Array> {
    yield await Promise.resolve(samples.subarray(startSample, endSample));
  }
  async function taken(chunk: Chunk): Promise<Chunk[]> {
    if (chunk.endSample - chunk.startSample <= limitSamples) return [chunk];
    const parts =
      (await splitChunk(chunk, from)) ?? assert.fail(`${chunk.startSample} to ${chunk.endSample} stays whole`);
    return [...(await taken(parts[0])), ...(await taken(parts[1]))];
  }
  const requests: Chunk[] = [];
  const whole = { startSample: 0, endSample: samples.length };
  for await (const chunk of planChunks(from(whole), options)) requests.push(...(await taken(chunk)));
  return requests;
}

describe('planChunks and splitChunk', () => {
  it('put every voiced sample into a request that no limit refuses, whatever is heard', async () => {
    let voiced = 0;
    await fc.assert(
      fc.asyncProperty(
        anyParts,
        anyOptions,
        anyLimit,
        fc.nat({ max: FRAME_SAMPLES }),
        async (parts, options, limit, odd) => {
          const whole = synthesize(...parts).samples;
          // The last frame may have any length.
          const samples = whole.subarray(0, Math.max(0, whole.length - odd));
          const requests = await requestsOf(samples, options, limit);
          for (const { startSample, endSample } of requests) {
            assert.isTrue(0 <= startSample && startSample < endSample && endSample <= samples.length);
            assert.isAtMost(endSample - startSample, Math.min(limit, secondsToSamples(MAXIMUM_CHUNK_S)));
          }
          const detector = new SpeechDetector();
          const frames = [...detector.push(samples), ...detector.end()];
          frames.forEach(({ isSpeech }, i) => {
            if (!isSpeech) return;
            voiced++;
            // Each of the frame's samples, of which a cut may part one from the next.
            const end = Math.min(samples.length, (i + 1) * FRAME_SAMPLES);
            for (let at = i * FRAME_SAMPLES; at < end;) {
              const holder = requests.find((one) => one.startSample <= at && at < one.endSample);
              if (!holder) assert.fail(`sample ${at} is in no request`);
              at = holder.endSample;
            }
          });
        },
      ),
      { seed: SEED, numRuns: 1000 },
    );
    assert.isAbove(voiced, 50_000);
  }).timeout(120_000);
});
