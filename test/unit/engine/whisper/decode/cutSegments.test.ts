import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutSegments } from '../../../../../src/engine/whisper/decode/cutSegments';
import { SMALL_FACTS, time } from '../smallFacts';
import { sampledText } from './sampledText';

const WINDOW_FRAMES = 200;
const cut = (tokens: readonly number[]): ReturnType<typeof cutSegments> =>
  cutSegments(tokens, WINDOW_FRAMES, SMALL_FACTS.tokens);

describe('cutSegments', () => {
  it('cuts at pairs, and has the unfinished rest heard again', () => {
    assert.deepEqual(cut([time(0), 1, 2, time(20), time(25), 3, time(60), time(60), 4, 5]), {
      segments: [
        { startFrame: 0, endFrame: 40, from: 0, to: 4 },
        { startFrame: 50, endFrame: 120, from: 4, to: 7 },
      ],
      advanceFrames: 120,
    });
  });

  it('keeps the unfinished rest where nothing is heard behind the window', () => {
    const tokens = [time(0), 1, 2, time(20), time(25), 3, time(60), time(60), 4, 5];
    assert.deepEqual(cutSegments(tokens, WINDOW_FRAMES, SMALL_FACTS.tokens, true), {
      segments: [
        { startFrame: 0, endFrame: 40, from: 0, to: 4 },
        { startFrame: 50, endFrame: 120, from: 4, to: 7 },
        { startFrame: 120, endFrame: WINDOW_FRAMES, from: 7, to: 10 },
      ],
      advanceFrames: WINDOW_FRAMES,
    });
  });

  it('goes on behind the window where a single timestamp ends it', () => {
    assert.deepEqual(cut([time(0), 1, time(20), time(25), 3, time(60)]), {
      segments: [
        { startFrame: 0, endFrame: 40, from: 0, to: 3 },
        { startFrame: 50, endFrame: 120, from: 3, to: 6 },
      ],
      advanceFrames: WINDOW_FRAMES,
    });
  });

  it('makes one segment of a text without pairs', () => {
    const advanceFrames = WINDOW_FRAMES;
    assert.deepEqual(cut([time(5), 1, 2, time(60)]), {
      segments: [{ startFrame: 10, endFrame: 120, from: 0, to: 4 }],
      advanceFrames,
    });
    assert.deepEqual(cut([time(5), 1, 2]), {
      segments: [{ startFrame: 10, endFrame: 200, from: 0, to: 3 }],
      advanceFrames,
    });
    assert.deepEqual(cut([1, 2]), {
      segments: [{ startFrame: 0, endFrame: 200, from: 0, to: 2 }],
      advanceFrames,
    });
  });

  it('goes on behind a window without text', () => {
    for (const tokens of [[], [time(0)], [time(7)]]) assert.equal(cut(tokens).advanceFrames, WINDOW_FRAMES);
  });

  it('keeps segments in the window and in order, and always goes on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 60 }), (seed, length) => {
        const { segments, advanceFrames } = cut(sampledText(seed, length));
        assert.ok(advanceFrames > 0 && advanceFrames <= WINDOW_FRAMES, `${advanceFrames} frames on`);
        let [frame, token] = [0, 0];
        for (const { startFrame, endFrame, from, to } of segments) {
          assert.ok(startFrame >= frame && endFrame >= startFrame && endFrame <= WINDOW_FRAMES);
          assert.equal(from, token);
          [frame, token] = [endFrame, to];
        }
        assert.ok(frame <= advanceFrames);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
