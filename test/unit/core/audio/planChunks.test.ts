import { assert } from 'chai';
import { samplesToSeconds } from '../../../../src/core/audio/pcm';
import {
  MAXIMUM_CHUNK_S,
  MAXIMUM_CUT_S,
  MINIMUM_CHUNK_S,
  OVERLAP_S,
  planChunks,
} from '../../../../src/core/audio/planChunks';
import { SAMPLE_RATE_HZ } from '../../../../src/core/model';
import { noise, silence, speech, synthesize } from './syntheticSpeech';
import { assertSeconds, assertWithin, plan } from './plannedSpans';

describe('planChunks', () => {
  it('gives none for silence, for steady noise and for no audio at all', async () => {
    assert.isEmpty(await plan(new Int16Array(60 * SAMPLE_RATE_HZ)));
    assert.isEmpty(await plan(noise(60, 5000)));
    assert.isEmpty(await plan(new Int16Array(0)));
  });

  it('gives one chunk for a short recording, with a little room before and behind the speech', async () => {
    const [chunk, ...others] = await plan(synthesize(silence(5), speech(8), silence(5)).samples);
    assert.isEmpty(others);
    assert.closeTo(chunk?.startS ?? NaN, 4.7, 0.1);
    assert.closeTo(chunk?.endS ?? NaN, 13.3, 0.1);
  });

  it('leaves out a silence of three seconds and keeps one of two', async () => {
    const chunks = await plan(synthesize(speech(5), silence(2), speech(5), silence(3.5), speech(5)).samples);
    assert.lengthOf(chunks, 2);
    assert.closeTo(chunks[0]?.endS ?? NaN, 12.3, 0.1);
    assert.closeTo(chunks[1]?.startS ?? NaN, 15.2, 0.1);
  });

  it('ends a chunk in the longest pause of the second half of its 28 seconds', async () => {
    const { samples, parts } = synthesize(
      speech(8),
      silence(1.5),
      speech(9),
      silence(0.5),
      speech(2),
      silence(0.7),
      speech(3),
      silence(0.4),
      speech(15),
    );
    assertWithin((await plan(samples))[0]?.endS, parts[5]);
  });

  it('takes the later of two equal pauses, for fewer requests', async () => {
    // The very same samples again and again: 5 s of speech and a pause, which are 6.5 s.
    const { samples } = synthesize(speech(5), silence(1.5));
    const repeated = new Int16Array(6 * samples.length);
    for (let n = 0; n < 6; n++) repeated.set(samples, n * samples.length);
    assertWithin((await plan(repeated))[0]?.endS, { startS: 24.5, endS: 26 });
  });

  it('takes a gap under 0.2 s for a part of a word', async () => {
    const { samples, parts } = synthesize(speech(6), silence(0.5), speech(12), silence(0.15), speech(20));
    assertWithin((await plan(samples))[0]?.endS, parts[1]);
  });

  it('looks for no pause behind the 28 s', async () => {
    const { samples, parts } = synthesize(speech(20), silence(0.4), speech(8), silence(2), speech(5));
    assertWithin((await plan(samples))[0]?.endS, parts[1]);
  });

  it('leaves room behind the words before a cut and before the words behind it', async () => {
    const { samples, parts } = synthesize(speech(20), silence(1.5), speech(20));
    const pause = parts[1] ?? assert.fail('there is no pause');
    const [before, behind] = await plan(samples);
    assert.closeTo((before?.endS ?? NaN) - pause.startS, 0.3, 0.1);
    assert.closeTo(pause.endS - (behind?.startS ?? NaN), 0.3, 0.1);
  });

  it('lets chunks overlap by 2 s at most where the 28 s end in the beginning of a pause', async () => {
    for (let speechS = 27.4; speechS < 28; speechS += 0.05) {
      const [first, second] = await plan(synthesize(speech(speechS), silence(0.4), speech(4)).samples);
      assert.isAtLeast(second?.startS ?? NaN, (first?.endS ?? NaN) - OVERLAP_S - 1e-9, `${speechS} s of speech`);
    }
  });

  it('ends with the audio where somebody speaks to its last sample', async () => {
    const samples = synthesize(speech(5)).samples.subarray(0, 79_963);
    assert.deepStrictEqual(await plan(samples), [{ startS: 0, endS: 79_963 / 16_000 }]);
  });

  it('ends a chunk in a pause of the first half where the second has none', async () => {
    const { samples, parts } = synthesize(speech(6), silence(0.5), speech(40));
    assertWithin((await plan(samples))[0]?.endS, parts[1]);
  });

  it('cuts where it is quietest when nobody pauses at all, and begins the next piece 2 s before that', async () => {
    const { samples } = synthesize(speech(45));
    // Softer for 0.1 s: too short for a pause.
    const dip = { startS: 20, endS: 20.1 };
    for (let i = dip.startS * SAMPLE_RATE_HZ; i < dip.endS * SAMPLE_RATE_HZ; i++) {
      samples[i] = (samples[i] ?? 0) / 30;
    }
    const chunks = await plan(samples);
    assertWithin(chunks[0]?.endS, dip);
    assert.closeTo(chunks[1]?.startS ?? NaN, (chunks[0]?.endS ?? NaN) - OVERLAP_S, 1e-9);
  });

  it('cuts five minutes without any pause into chunks of 28 s at most that overlap by 2 s', async () => {
    const chunks = await plan(synthesize(speech(300)).samples);
    assert.isAtLeast(chunks.length, Math.ceil(300 / MAXIMUM_CUT_S));
    assert.closeTo(chunks[0]?.startS ?? NaN, 0, 0.05);
    assert.closeTo(chunks.at(-1)?.endS ?? NaN, 300, 0.05);
    chunks.forEach(({ startS, endS }, i) => {
      assert.isAtMost(endS - startS, MAXIMUM_CUT_S);
      if (i > 0) assert.closeTo(startS, (chunks[i - 1]?.endS ?? NaN) - OVERLAP_S, 1e-9);
    });
  });

  it('gives a last word that a cut left alone to the chunk before it', async () => {
    const chunks = await plan(synthesize(speech(27.5), silence(0.4), speech(0.2), silence(8)).samples);
    assert.lengthOf(chunks, 1);
    assert.isAbove(chunks[0]?.endS ?? NaN, 28.1);
  });

  it('leaves a last word alone that would make the chunk before it too long', async () => {
    const chunks = await plan(synthesize(speech(27.6), silence(2.4), speech(0.2), silence(6)).samples);
    assert.lengthOf(chunks, 2);
    assertSeconds(chunks[1], MINIMUM_CHUNK_S);
  });

  it('joins nothing that can stand alone', async () => {
    assert.lengthOf(await plan(synthesize(speech(14.3), silence(0.5), speech(14.3), silence(5)).samples), 2);
  });

  it('gives a word between two long silences room on both sides', async () => {
    const chunks = await plan(synthesize(silence(5), speech(0.2), silence(5)).samples);
    assert.lengthOf(chunks, 1);
    assert.isBelow(chunks[0]?.startS ?? NaN, 4.9);
    assert.isAbove(chunks[0]?.endS ?? NaN, 5.4);
    assertSeconds(chunks[0], MINIMUM_CHUNK_S);
  });

  it('gives a word at the audio’s very beginning or end its second from the other side', async () => {
    const [first, last, ...others] = await plan(synthesize(speech(0.2), silence(6), speech(0.2)).samples);
    assert.isEmpty(others);
    assert.strictEqual(first?.startS, 0);
    assertSeconds(first, MINIMUM_CHUNK_S);
    assert.strictEqual(last?.endS, 6.4);
    assertSeconds(last, MINIMUM_CHUNK_S);
  });

  it('does not join a short word to its neighbour across a long silence', async () => {
    const chunks = await plan(synthesize(silence(4), speech(0.2), silence(3.4), speech(6)).samples);
    assert.lengthOf(chunks, 2);
    assertSeconds(chunks[0], MINIMUM_CHUNK_S);
  });

  it('takes audio under a second as a whole', async () => {
    assert.deepStrictEqual(await plan(synthesize(silence(0.1), speech(0.5), silence(0.1)).samples), [
      { startS: 0, endS: 0.7 },
    ]);
  });

  it('gives chunks while the audio is still being read', async () => {
    const { samples } = synthesize(speech(120));
    let readS = 0;
    async function* blocks(): AsyncGenerator<Int16Array> {
      for (let at = 0; at < samples.length; at += SAMPLE_RATE_HZ) {
        await Promise.resolve();
        readS = (at + SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ;
        yield samples.subarray(at, at + SAMPLE_RATE_HZ);
      }
    }
    for await (const chunk of planChunks(blocks())) {
      // A piece waits for the next one, which may be too short to stand alone.
      assert.isBelow(readS - Math.min(samplesToSeconds(chunk.endSample) + 2 * MAXIMUM_CHUNK_S, 120), 1);
    }
  });
});
