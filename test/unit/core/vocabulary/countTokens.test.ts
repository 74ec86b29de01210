import { assert } from 'chai';
import fc from 'fast-check';
import { countTokens } from '../../../../src/core/vocabulary/countTokens';
import { SEED } from '../random';

// Against the true table: test/unit/vocabulary/promptTokens.test.ts.
describe('countTokens', () => {
  it('counts nothing for nothing', () => {
    assert.strictEqual(countTokens(''), 0);
  });

  it('never counts fewer for more terms', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 10 }), (texts) => {
        const counts = texts.map((_, i) => countTokens(`${texts.slice(0, i + 1).join(', ')}.`));
        assert.deepEqual(
          counts,
          counts.toSorted((a, b) => a - b),
        );
      }),
      { seed: SEED, numRuns: 30 },
    );
  });

  it('counts at least a token for three letters, and every byte of other scripts', () => {
    assert.isAtLeast(countTokens('transcription'), 5);
    assert.isAtLeast(countTokens('会議'), 6);
  });

  it('takes no time over a text without spaces', () => {
    assert.isAbove(countTokens('qX7'.repeat(100_000)), 100_000);
  });
});
