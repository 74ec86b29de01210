import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { RecognisedWord } from '../../../src/engine/vosk/recognise';
import { SEGMENT_PAUSE_S, segmentWords } from '../../../src/engine/vosk/segmentWords';

function word(startS: number, endS: number, text = 'word'): RecognisedWord {
  return { text, startS, endS, confidence: 1 };
}

/** Words in order, with pauses that often lie near the border. */
const words = fc
  .array(
    fc.record({
      pauseS: fc.oneof(fc.constantFrom(0, SEGMENT_PAUSE_S), fc.double({ min: 0, max: 2, noNaN: true })),
      lengthS: fc.double({ min: 0.01, max: 1, noNaN: true }),
    }),
  )
  .map((steps) => {
    let atS = 0;
    return steps.map(({ pauseS, lengthS }, i) => {
      const startS = atS + pauseS;
      atS = startS + lengthS;
      return word(startS, atS, `word${i}`);
    });
  });

describe('segmentWords', () => {
  it('loses no word, mixes none up, and cuts exactly at the pauses', () => {
    fc.assert(
      fc.property(words, (all) => {
        const segments = segmentWords(all);
        assert.deepEqual(segments.flat(), all);
        for (const segment of segments) assert.ok(segment.length > 0);
        const pauseBefore = (i: number): number => (all[i]?.startS ?? NaN) - (all[i - 1]?.endS ?? NaN);
        const beginnings = new Set(segments.map(([first]) => first));
        for (let i = 1; i < all.length; i++) {
          assert.equal(beginnings.has(all[i]), pauseBefore(i) >= SEGMENT_PAUSE_S);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('makes nothing of nothing', () => {
    assert.deepEqual(segmentWords([]), []);
  });

  it('keeps words together that overlap', () => {
    assert.equal(segmentWords([word(0, 2), word(1, 1.5), word(1.4, 3)]).length, 1);
  });
});
