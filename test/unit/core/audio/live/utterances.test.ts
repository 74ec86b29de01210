import { assert } from 'chai';
import fc from 'fast-check';
import { Utterances } from '../../../../../src/core/audio/live/utterances';
import { MAXIMUM_CUT_S } from '../../../../../src/core/audio/planChunks';
import { SAMPLE_RATE_HZ, type Chunk } from '../../../../../src/core/model';
import { SEED } from '../../random';
import { anyShares, splitAt } from '../splitAt';
import { silence, speech, synthesize } from '../syntheticSpeech';

const seconds = ({ startSample, endSample }: Chunk): [number, number] => [
  startSample / SAMPLE_RATE_HZ,
  endSample / SAMPLE_RATE_HZ,
];

function find(blocks: readonly Int16Array[]): Chunk[] {
  const utterances = new Utterances('dictation');
  return [...blocks.flatMap((block) => utterances.push(block)), ...utterances.end()];
}

/** Pushes 10 ms at a time. @returns when this was first true, in seconds */
function firstS(samples: Int16Array, isIt: (utterances: Utterances, ended: readonly Chunk[]) => boolean): number {
  const utterances = new Utterances('dictation');
  const step = SAMPLE_RATE_HZ / 100;
  for (let at = 0; at < samples.length; at += step) {
    const ended = utterances.push(samples.subarray(at, at + step));
    if (isIt(utterances, ended)) return (at + step) / SAMPLE_RATE_HZ;
  }
  return NaN;
}

describe('Utterances of a meeting', () => {
  it('need a longer pause where little was said', () => {
    const { samples } = synthesize(speech(2), silence(1.5), speech(3), silence(1), speech(1), silence(3));
    const utterances = new Utterances('meeting');
    const found = [...utterances.push(samples), ...utterances.end()].map(seconds);
    assert.deepStrictEqual(
      found.map(([, end]) => Math.round(end - 0.3)),
      [7, 9],
    );
  });
});

describe('Utterances', () => {
  it('end in a pause, with a little silence on both sides', () => {
    const { samples } = synthesize(silence(3), speech(4), silence(0.9), speech(3), silence(2));
    const [one, other, ...more] = find([samples]).map(seconds);
    assert.lengthOf(more, 0);
    assert.closeTo(one?.[0] ?? NaN, 2.7, 0.1);
    assert.closeTo(one?.[1] ?? NaN, 7.3, 0.1);
    assert.closeTo(other?.[0] ?? NaN, 7.6, 0.1);
    assert.closeTo(other?.[1] ?? NaN, 11.2, 0.1);
  });

  it('are not cut in shorter pauses', () => {
    assert.lengthOf(find([synthesize(silence(2), speech(3), silence(0.4), speech(3), silence(2)).samples]), 1);
  });

  it('are found soon, and end soon', () => {
    const { samples } = synthesize(silence(3), speech(4), silence(3));
    const openS = firstS(samples, ({ openSample }) => openSample !== undefined);
    assert.closeTo(openS, 3.32, 0.1);
    assert.closeTo(
      firstS(samples, (_, ended) => ended.length > 0),
      7.92,
      0.1,
    );
  });

  it('are as long as a request at most', () => {
    const chunks = find([synthesize(silence(2), speech(70), silence(1)).samples]);
    assert.isAtLeast(chunks.length, 3);
    for (const [startS, endS] of chunks.map(seconds)) assert.isAtMost(endS - startS, MAXIMUM_CUT_S);
  });

  it('are none in silence', () => {
    assert.deepEqual(find([new Int16Array(10 * SAMPLE_RATE_HZ)]), []);
  });

  it('begin at their first word where the recording begins with it', () => {
    const [first] = find([synthesize(speech(4), silence(2)).samples]);
    assert.isAtMost((first?.startSample ?? Infinity) / SAMPLE_RATE_HZ, 0.3);
  });

  it('begin where audio is still asked for, however it is cut into blocks', () => {
    const { samples } = synthesize(silence(2), speech(4), silence(1), speech(31), silence(0.7), speech(1), silence(3));
    const expected = find([samples]);
    fc.assert(
      fc.property(anyShares(40), (shares) => {
        const utterances = new Utterances('dictation');
        let neededSample = 0;
        const found: Chunk[] = [];
        for (const block of splitAt(samples, shares)) {
          for (const chunk of utterances.push(block)) {
            assert.isAtLeast(chunk.startSample, neededSample);
            found.push(chunk);
          }
          neededSample = Math.max(
            neededSample,
            Math.min(utterances.openSample ?? Infinity, utterances.firstNeededSample),
          );
        }
        assert.deepEqual([...found, ...utterances.end()], expected);
      }),
      { seed: SEED, numRuns: 50 },
    );
  }).timeout(20_000);
});
