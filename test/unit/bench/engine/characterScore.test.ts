import { expect } from 'chai';
import { characterScore } from '../../../bench/engine/characterScore';

/** What sacrebleu 2's CHRF() says of the same pairs. */
const JUDGED: readonly (readonly [reference: string, heard: string, score: number])[] = [
  ['The cat is sitting on the mat.', 'The cat sat on the mat.', 49.6485170311433],
  ['abc', '', 0],
  ['abc', 'ab', 63.636363636363626],
  ['Hello, world!', 'Hello, world!', 100],
  ['a slow red dog', 'the quick brown fox', 8.459826871494757],
  ['Unicode naive café 東京 is far', 'Ünïcode naïve café 東京', 45.71936001225986],
];

describe('characterScore', () => {
  for (const [reference, heard, score] of JUDGED) {
    it(`scores ${JSON.stringify(heard)} beside ${JSON.stringify(reference)} as sacrebleu does`, () => {
      expect(characterScore(reference, heard)).to.be.closeTo(score, 1e-9);
    });
  }
});
