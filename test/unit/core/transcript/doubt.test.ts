import { assert } from 'chai';
import { isDoubtful } from '../../../../src/core/transcript/doubt';

describe('isDoubtful', () => {
  const cases: readonly (readonly [why: string, figures: Parameters<typeof isDoubtful>[0], expected: boolean])[] = [
    ['no figures leave no doubt', {}, false],
    ['a text at the ratio’s bound', { compressionRatio: 2.4 }, false],
    ['a text that repeats itself', { compressionRatio: 2.41 }, true],
    ['one that repeats itself, however sure', { compressionRatio: 3, averageLogProbability: -0.1 }, true],
    ['an improbable text where somebody spoke', { averageLogProbability: -3, noSpeechProbability: 0.6 }, false],
    ['an improbable text of which no more is known', { averageLogProbability: -3 }, false],
    ['a probable text where nobody may have spoken', { averageLogProbability: -1, noSpeechProbability: 0.99 }, false],
    ['text of silence of which no more is known', { noSpeechProbability: 0.99 }, false],
    ['an improbable text of silence', { averageLogProbability: -1.01, noSpeechProbability: 0.61 }, true],
  ];
  for (const [why, figures, expected] of cases) {
    it(`${expected ? 'doubts' : 'believes'} ${why}`, () => {
      assert.strictEqual(isDoubtful(figures), expected);
    });
  }
});
