import { assert } from 'chai';
import fc from 'fast-check';
import { samplesToSeconds } from '../../../../src/core/audio/pcm';
import { LONG_SILENCE_S, MAXIMUM_CHUNK_S, MINIMUM_CHUNK_S, OVERLAP_S } from '../../../../src/core/audio/planChunks';
import { FRAME_SAMPLES } from '../../../../src/core/audio/speechDetector';
import { SEED } from '../random';
import { anyMeeting } from './anyMeeting';
import { anyShares, splitAt } from './splitAt';
import { synthesize, type Part, type SyntheticAudio } from './syntheticSpeech';
import { plan, type Span } from './plannedSpans';

/** The detector's reach around loud frames: a silence looks shorter to it by up to this on both sides together. */
const DETECTOR_REACH_S = 0.2;

interface PlannedMeeting {
  readonly chunks: readonly Span[];
  readonly parts: SyntheticAudio['parts'];
  readonly lengthS: number;
}

describe('planChunks', () => {
  describe('over meetings of every rhythm', () => {
    /** All tests below look at the same meetings; planning them once is enough. */
    const planned = new Map<string, PlannedMeeting>();
    const planMeeting = async (parts: readonly Part[]): Promise<PlannedMeeting> => {
      const name = JSON.stringify(parts);
      const known = planned.get(name);
      if (known) return known;
      const audio = synthesize(...parts);
      const lengthS = samplesToSeconds(audio.samples.length);
      const meeting = { chunks: await plan(audio.samples), parts: audio.parts, lengthS };
      planned.set(name, meeting);
      return meeting;
    };
    const everyMeeting = (name: string, check: (meeting: PlannedMeeting) => void): void => {
      it(name, async () => {
        await fc.assert(
          fc.asyncProperty(anyMeeting, async (parts) => {
            check(await planMeeting(parts));
          }),
          { seed: SEED, numRuns: 100 },
        );
      }).timeout(30_000);
    };

    everyMeeting('gives chunks that rise, overlap by 2 s at most and lie inside the audio', ({ chunks, lengthS }) => {
      let last = { startS: -1, endS: 0 };
      for (const chunk of chunks) {
        assert.isAtLeast(chunk.startS, last.endS - OVERLAP_S - 1e-9);
        assert.isAbove(chunk.startS, last.startS);
        assert.isAbove(chunk.endS, last.endS);
        last = chunk;
      }
      assert.isAtMost(last.endS, lengthS);
    });

    everyMeeting('gives no chunk beyond Whisper’s window', ({ chunks }) => {
      for (const { startS, endS } of chunks) assert.isAtMost(endS - startS, MAXIMUM_CHUNK_S);
    });

    everyMeeting('gives no chunk under a second, but where the whole audio is shorter', ({ chunks, lengthS }) => {
      // The audio's last frame may be shorter than a frame.
      const least = Math.min(lengthS, MINIMUM_CHUNK_S) - samplesToSeconds(FRAME_SAMPLES);
      for (const { startS, endS } of chunks) assert.isAbove(endS - startS, least);
    });

    everyMeeting('leaves no long silence inside a chunk', ({ chunks, parts }) => {
      for (const { startS, endS } of parts.filter(({ kind }) => kind === 'silence')) {
        for (const chunk of chunks) {
          const heldS = Math.min(endS, chunk.endS) - Math.max(startS, chunk.startS);
          assert.isBelow(heldS, LONG_SILENCE_S + DETECTOR_REACH_S, `silence from ${startS} s`);
        }
      }
    });

    everyMeeting('loses nothing that was said', ({ chunks, parts }) => {
      // What is shorter may be taken for a click.
      const said = parts.filter(({ kind, lengthS }) => kind === 'speech' && lengthS >= 0.3);
      for (const { startS, endS } of said) {
        const coveredS = chunks.reduce(
          (sum, chunk) => sum + Math.max(0, Math.min(endS, chunk.endS) - Math.max(startS, chunk.startS)),
          0,
        );
        assert.isAbove(coveredS, endS - startS - 0.02, `speech from ${startS} to ${endS} s`);
      }
    });

    it('gives the same chunks however the samples are cut into blocks', async () => {
      const cuts = anyShares(30);
      await fc.assert(
        fc.asyncProperty(anyMeeting, cuts, async (parts, shares) => {
          const { samples } = synthesize(...parts);
          assert.deepStrictEqual(await plan(samples, splitAt(samples, shares)), await plan(samples));
        }),
        { seed: SEED, numRuns: 20 },
      );
    }).timeout(30_000);
  });
});
