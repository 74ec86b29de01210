import { assert } from 'chai';
import fc from 'fast-check';
import { samplesToSeconds, secondsToSamples } from '../../../../src/core/audio/pcm';
import {
  LONG_SILENCE_S,
  MAXIMUM_CHUNK_S,
  MAXIMUM_CUT_S,
  MINIMUM_CHUNK_S,
  OVERLAP_S,
  PAUSE_S,
  SHORTEST_CUT_S,
  planChunks,
  type CutOptions,
} from '../../../../src/core/audio/planChunks';
import { FRAME_SAMPLES, LOOK_AHEAD_FRAMES, SpeechDetector } from '../../../../src/core/audio/speechDetector';
import type { Chunk } from '../../../../src/core/model';
import { SEED } from '../random';
import { anyMeeting, hundredths } from './anyMeeting';
import { plan } from './plannedSpans';
import { anyShares, splitAt } from './splitAt';
import { silence, speech, synthesize } from './syntheticSpeech';

/** A chunk, and how much was read when it came. */
interface Timed extends Chunk {
  readonly readSamples: number;
}

/** As a dictation is cut while somebody speaks. */
const LIVE = { maximumCutS: 15, silenceS: 0.7, holdsShortPieces: false } as const satisfies CutOptions;
const LOOK_AHEAD_SAMPLES = LOOK_AHEAD_FRAMES * FRAME_SAMPLES;

/** Values beyond both limits are among them. */
const anyOptions: fc.Arbitrary<Required<CutOptions>> = fc.record({
  maximumCutS: fc.oneof(hundredths(0, 5), hundredths(5, 40)),
  silenceS: fc.oneof(hundredths(0, 1), hundredths(1, 5)),
  eager: fc.record({ fromS: hundredths(0, 20), silenceS: hundredths(0, 3) }),
  holdsShortPieces: fc.boolean(),
});

/** What is in force where a value lies beyond its limits. */
function inForce({ maximumCutS, silenceS }: Required<CutOptions>): {
  readonly cutS: number;
  readonly silenceS: number;
} {
  const cutS = Math.min(MAXIMUM_CHUNK_S, Math.max(SHORTEST_CUT_S, maximumCutS));
  return { cutS, silenceS: Math.max(PAUSE_S, silenceS) };
}

/** Reads frame by frame, which tells best when a chunk comes. */
async function planTimed(samples: Int16Array, options: CutOptions): Promise<Timed[]> {
  let readSamples = 0;
  async function* blocks(): AsyncGenerator<Int16Array> {
    await Promise.resolve();
    for (let at = 0; at < samples.length; at = readSamples) {
      readSamples = Math.min(samples.length, at + FRAME_SAMPLES);
      yield samples.subarray(at, readSamples);
    }
  }
  const timed: Timed[] = [];
  for await (const chunk of planChunks(blocks(), options)) timed.push({ ...chunk, readSamples });
  return timed;
}

describe('planChunks with options', () => {
  const everyPlan = (
    name: string,
    check: (samples: Int16Array, options: Required<CutOptions>) => Promise<void>,
    numRuns = 60,
  ): void => {
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(anyMeeting, anyOptions, (parts, options) => check(synthesize(...parts).samples, options)),
        { seed: SEED, numRuns },
      );
    }).timeout(30_000);
  };

  everyPlan('gives chunks that rise, overlap by 2 s at most and lie inside the audio', async (samples, options) => {
    let last = { startS: -1, endS: 0 };
    for (const chunk of await plan(samples, [samples], options)) {
      assert.isAtLeast(chunk.startS, last.endS - OVERLAP_S - 1e-9);
      assert.isAbove(chunk.startS, last.startS);
      assert.isAbove(chunk.endS, last.endS);
      last = chunk;
    }
    assert.isAtMost(last.endS, samplesToSeconds(samples.length));
  });

  everyPlan('gives no chunk that is longer than allowed', async (samples, options) => {
    const { cutS } = inForce(options);
    const allowedS = options.holdsShortPieces ? Math.min(MAXIMUM_CHUNK_S, cutS + 2) : cutS;
    for (const { startS, endS } of await plan(samples, [samples], options)) assert.isAtMost(endS - startS, allowedS);
  });

  everyPlan('loses no frame in which somebody speaks', async (samples, options) => {
    const detector = new SpeechDetector();
    const frames = [...detector.push(samples), ...detector.end()];
    const chunks = await planTimed(samples, options);
    frames.forEach(({ isSpeech }, i) => {
      const at = i * FRAME_SAMPLES;
      const isHeld = chunks.some(({ startSample, endSample }) => startSample <= at && at < endSample);
      if (isSpeech && !isHeld) assert.fail(`at ${samplesToSeconds(at)} s`);
    });
  });

  everyPlan('gives a chunk soon after its end, where it does not wait for the next one', async (samples, options) => {
    const { cutS, silenceS } = inForce(options);
    const chunks = await planTimed(samples, { ...options, holdsShortPieces: false });
    for (const { startSample, endSample, readSamples } of chunks) {
      const paused = endSample + secondsToSamples(silenceS);
      // A short chunk may have been widened at its start.
      const isShort = endSample - startSample <= secondsToSamples(MINIMUM_CHUNK_S);
      const full = startSample + secondsToSamples(cutS + (isShort ? MINIMUM_CHUNK_S : 0));
      assert.isAtMost(readSamples, Math.max(paused, full) + LOOK_AHEAD_SAMPLES);
    }
  });

  it('gives the same chunks however the samples are cut into blocks', async () => {
    await fc.assert(
      fc.asyncProperty(anyMeeting, anyOptions, anyShares(30), async (parts, options, shares) => {
        const { samples } = synthesize(...parts);
        const whole = await plan(samples, [samples], options);
        assert.deepStrictEqual(await plan(samples, splitAt(samples, shares), options), whole);
      }),
      { seed: SEED, numRuns: 30 },
    );
  }).timeout(30_000);

  it('cuts as ever where the options name what is usual', async () => {
    const { samples } = synthesize(silence(2), speech(0.3), silence(1), speech(40), silence(3.5), speech(0.2));
    const usual = { maximumCutS: MAXIMUM_CUT_S, silenceS: LONG_SILENCE_S, holdsShortPieces: true };
    assert.deepStrictEqual(await plan(samples, [samples], usual), await plan(samples));
    const eager = { fromS: 0, silenceS: LONG_SILENCE_S };
    assert.deepStrictEqual(await plan(samples, [samples], { eager }), await plan(samples));
  });

  it('ends a long piece at a shorter silence than a short one', async () => {
    const { samples } = synthesize(speech(2), silence(1), speech(3), silence(1), speech(2), silence(1), speech(1));
    const chunks = await planTimed(samples, {
      silenceS: 3,
      eager: { fromS: 4, silenceS: 0.8 },
      holdsShortPieces: false,
    });
    const behindS = 0.8 + samplesToSeconds(LOOK_AHEAD_SAMPLES);
    assert.deepStrictEqual(
      chunks.map(({ endSample }) => Math.round(samplesToSeconds(endSample) - 0.3)),
      [6, 11],
    );
    assert.closeTo(samplesToSeconds(chunks[0]?.readSamples ?? NaN), 6 + behindS, 0.1);
  });

  it('gives a sentence when its speaker has paused, without waiting for the next one', async () => {
    const { samples } = synthesize(speech(4), silence(1), speech(4), silence(9));
    const [first, second, ...others] = await planTimed(samples, LIVE);
    assert.isEmpty(others);
    assert.closeTo(samplesToSeconds(first?.endSample ?? NaN), 4.3, 0.1);
    assert.closeTo(samplesToSeconds(second?.startSample ?? NaN), 4.7, 0.1);
    const behindS = LIVE.silenceS + samplesToSeconds(LOOK_AHEAD_SAMPLES);
    assert.closeTo(samplesToSeconds(first?.readSamples ?? NaN), 4 + behindS, 0.1);
    assert.closeTo(samplesToSeconds(second?.readSamples ?? NaN), 9 + behindS, 0.1);
  });

  it('gives it with the end of the next one where it is to wait', async () => {
    const { samples } = synthesize(speech(4), silence(1), speech(4), silence(9));
    const [first, second] = await planTimed(samples, { ...LIVE, holdsShortPieces: true });
    const behindS = LIVE.silenceS + samplesToSeconds(LOOK_AHEAD_SAMPLES);
    assert.closeTo(samplesToSeconds(first?.readSamples ?? NaN), 9 + behindS, 0.1);
    assert.strictEqual(second?.readSamples, samples.length);
  });

  it('gives a talk without a pause piece by piece', async () => {
    for (const { startSample, readSamples } of await planTimed(synthesize(speech(60)).samples, LIVE)) {
      assert.isAtMost(readSamples, startSample + secondsToSamples(LIVE.maximumCutS) + LOOK_AHEAD_SAMPLES);
    }
  });

  it('joins a word to the sentence behind it only where it waits for that', async () => {
    const { samples } = synthesize(silence(4), speech(0.2), silence(1), speech(3), silence(4));
    assert.lengthOf(await plan(samples, [samples], { ...LIVE, holdsShortPieces: true }), 1);
    assert.lengthOf(await plan(samples, [samples], LIVE), 2);
  });

  it('gives a word alone its second from the silence around it', async () => {
    const [word, ...others] = await planTimed(synthesize(silence(5), speech(0.2), silence(5)).samples, LIVE);
    assert.isEmpty(others);
    assert.strictEqual((word?.endSample ?? NaN) - (word?.startSample ?? NaN), secondsToSamples(MINIMUM_CHUNK_S));
    assert.isBelow(samplesToSeconds(word?.startSample ?? NaN), 5 - 0.3);
    assert.isAbove(samplesToSeconds(word?.endSample ?? NaN), 5.2 + 0.3);
  });

  it('leaves a word at the very beginning shorter where the silence behind it is, and gives nothing twice', async () => {
    const [word, sentence] = await plan(synthesize(speech(0.2), silence(1), speech(2)).samples, undefined, LIVE);
    assert.strictEqual(word?.startS, 0);
    assert.closeTo(word?.endS ?? NaN, 0.2 + LIVE.silenceS, 0.1);
    assert.strictEqual(sentence?.startS, word?.endS);
  });

  it('widens a word before a long talk by nothing of that talk', async () => {
    const [word, talk] = await plan(synthesize(speech(0.2), silence(0.5), speech(30)).samples, undefined, LIVE);
    assert.closeTo(word?.endS ?? NaN, 0.45, 0.1);
    assert.closeTo(talk?.startS ?? NaN, 0.45, 0.1);
  });
});
