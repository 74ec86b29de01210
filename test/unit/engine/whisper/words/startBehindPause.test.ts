import assert from 'node:assert/strict';
import { startBehindPause } from '../../../../../src/engine/whisper/words/startBehindPause';

const [LOUD, QUIET] = [60, 20];
/** Quiet for so long, then loud. */
const levels = (quietFrames: number, loudFrames: number): readonly number[] => [
  ...new Array<number>(quietFrames).fill(QUIET),
  ...new Array<number>(loudFrames).fill(LOUD),
];

function startS(levelsDb: readonly number[], startedS: number, endS: number, text = ' word'): number | undefined {
  return startBehindPause([{ text, startS: startedS, endS, probability: 1, token: 0 }], levelsDb)[0]?.startS;
}

describe('startBehindPause', () => {
  it('begins a word where its pause ends', () => {
    assert.equal(startS(levels(40, 30), 0, 0.7), 0.4);
    assert.equal(startS([...levels(0, 100), ...levels(40, 30)], 1, 1.7), 1.4);
    assert.equal(startS([...levels(10, 3), ...levels(20, 30)], 0, 0.63), 0.33, 'the last pause counts');
  });

  it('leaves a word without a pause, a short one, and a sentence’s last', () => {
    assert.equal(startS(levels(0, 70), 0, 0.7), 0);
    assert.equal(startS(levels(7, 60), 0, 0.67), 0, 'a stop of 70 ms is no pause');
    assert.equal(startS(levels(15, 10), 0, 0.25), 0);
    assert.equal(startS(levels(40, 30), 0, 0.7, ' word.'), 0);
  });

  it('leaves some of the word', () => {
    assert.equal(startS(levels(69, 1), 0, 0.7), 0, 'what is loud at its very end is the next one');
  });

  it('takes words beyond the levels', () => {
    assert.equal(startS([], 0, 0.7), 0);
    assert.equal(startS(levels(0, 10), 1, 1.7), 1);
  });
});
