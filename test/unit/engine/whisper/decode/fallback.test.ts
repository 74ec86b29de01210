import assert from 'node:assert/strict';
import { judge, lessBad, temperatures, type AttemptQuality } from '../../../../../src/engine/whisper/decode/fallback';

const GOOD: AttemptQuality = { averageLogProbability: -0.3, compressionRatio: 1.5, isLoop: false };

describe('judge', () => {
  const cases: readonly (readonly [string, Partial<AttemptQuality>, number, ReturnType<typeof judge>])[] = [
    ['a probable text', {}, 0.1, 'good'],
    ['a probable text where the model hears no speech: far-field meetings', {}, 0.95, 'good'],
    ['an improbable text', { averageLogProbability: -1.01 }, 0.1, 'again'],
    ['the last that is probable enough', { averageLogProbability: -1 }, 0.1, 'good'],
    ['a text that repeats itself', { compressionRatio: 2.41 }, 0.1, 'again'],
    ['the last that does not', { compressionRatio: 2.4 }, 0.1, 'good'],
    ['a loop', { isLoop: true }, 0.1, 'again'],
    ['a loop in silence', { isLoop: true, averageLogProbability: -0.1 }, 0.9, 'again'],
    ['an improbable text in silence', { averageLogProbability: -0.8 }, 0.61, 'silent'],
    ['the same, heard less clearly', { averageLogProbability: -0.8 }, 0.59, 'good'],
    ['a more improbable text in what may be silence', { averageLogProbability: -1.1 }, 0.41, 'silent'],
    ['the same where speech is likelier', { averageLogProbability: -1.1 }, 0.39, 'again'],
    ['a very improbable text', { averageLogProbability: -1.4 }, 0.31, 'silent'],
    ['a very improbable text where speech is likely', { averageLogProbability: -1.4 }, 0.29, 'again'],
  ];
  for (const [title, quality, noSpeechProbability, verdict] of cases) {
    it(`calls ${title} ${verdict}`, () => {
      assert.equal(judge({ ...GOOD, ...quality }, noSpeechProbability), verdict);
    });
  }
});

describe('lessBad', () => {
  const loop = { ...GOOD, isLoop: true, averageLogProbability: -0.01 };
  const repeating = { ...GOOD, compressionRatio: 5, averageLogProbability: -0.02 };
  const some = { ...GOOD, averageLogProbability: -1.5 };
  const better = { ...GOOD, averageLogProbability: -1.2 };
  const least = (...attempts: readonly AttemptQuality[]): AttemptQuality => attempts.reduce(lessBad);

  it('takes the most probable of those that do not repeat themselves, in whatever order they came', () => {
    assert.equal(least(loop, some, better, repeating), better);
    assert.equal(least(better, repeating, loop, some), better);
  });

  it('takes the most probable where all do', () => {
    assert.equal(least(repeating, loop), loop);
  });
});

describe('temperatures', () => {
  const rounded = (values: readonly number[]): readonly number[] =>
    values.map((value) => Math.round(value * 100) / 100);

  it('rise by 0.2 to 1', () => {
    assert.deepEqual(rounded(temperatures(0, false)), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(rounded(temperatures(0.6, false)), [0.6, 0.8, 1]);
    assert.deepEqual(temperatures(1, false), [1]);
    for (const first of [0.1, 0.3, 0.5, 0.55, 0.9]) {
      const all = temperatures(first, false);
      assert.equal(all[0], first);
      assert.ok(all.every((value, i) => value <= 1 && (i === 0 || value > (all[i - 1] ?? 1))));
    }
  });

  it('are two where somebody waits', () => {
    assert.deepEqual(temperatures(0, true), [0, 0.2]);
    assert.deepEqual(temperatures(1, true), [1]);
  });
});
