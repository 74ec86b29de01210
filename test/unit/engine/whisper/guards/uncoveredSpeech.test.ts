import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Frame } from '../../../../../src/core/audio/speechDetector';
import { HOLE_FRAMES, uncoveredSpeech } from '../../../../../src/engine/whisper/guards/uncoveredSpeech';

/** One letter a second: `s` speech, `.` none. */
function framesOf(seconds: string): Frame[] {
  return Array.from(seconds).flatMap((letter) =>
    Array.from({ length: 100 }, () => ({ levelDb: letter === 's' ? 60 : 10, isSpeech: letter === 's' })),
  );
}

const word = (startS: number, endS: number): { startS: number; endS: number } => ({ startS, endS });

describe('uncoveredSpeech', () => {
  it('finds speech without words, from its first to its last frame', () => {
    assert.deepEqual(uncoveredSpeech(framesOf('.sss.'), []), [{ startFrame: 100, endFrame: 400 }]);
    assert.deepEqual(uncoveredSpeech(framesOf('.s..s.'), []), [{ startFrame: 100, endFrame: 500 }]);
  });

  it('finds nothing where less than 2 s are spoken, or words are near', () => {
    assert.deepEqual(uncoveredSpeech(framesOf('.s.'), []), []);
    assert.deepEqual(uncoveredSpeech(framesOf('ssss'), [word(0.4, 1), word(1.9, 2.2), word(3, 3.6)]), []);
    assert.deepEqual(uncoveredSpeech([], []), []);
  });

  it('does not let a word that was stretched over a hole hide it', () => {
    assert.deepEqual(uncoveredSpeech(framesOf('ssssssss'), [word(0, 8)]), [{ startFrame: 150, endFrame: 650 }]);
  });

  it('leaves no 2 s of speech unfound, and counts none twice, whatever the words', () => {
    const words = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 15 })).map(([start, length]) => {
        return word(start / 10, (start + length) / 10);
      }),
      { maxLength: 12 },
    );
    const seconds = fc.array(fc.constantFrom('s', '.'), { maxLength: 30 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(seconds, words, (letters, placed) => {
        const frames = framesOf(letters);
        const holes = uncoveredSpeech(frames, placed);
        const isCovered = (frame: number): boolean =>
          placed.some(({ startS, endS }) => {
            return frame >= Math.round(startS * 100) - 50 && frame < Math.round(endS * 100) + 50;
          });
        let end = 0;
        for (const { startFrame, endFrame } of holes) {
          assert.ok(startFrame >= end && endFrame <= frames.length);
          const inside = frames.slice(startFrame, endFrame);
          assert.ok(inside.filter(({ isSpeech }) => isSpeech).length >= HOLE_FRAMES);
          for (let frame = startFrame; frame < endFrame; frame++) assert.ok(!isCovered(frame), `${frame} is covered`);
          end = endFrame;
        }
        let run = 0;
        frames.forEach(({ isSpeech }, frame) => {
          const isFound = holes.some(({ startFrame, endFrame }) => frame >= startFrame && frame < endFrame);
          if (isCovered(frame)) run = 0;
          else if (isSpeech && !isFound) run++;
          assert.ok(run < HOLE_FRAMES, `2 s before frame ${frame} were passed over`);
        });
      }),
      { seed: 11 },
    );
  });
});
