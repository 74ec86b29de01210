import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pickToken, probabilityOf } from '../../../../../src/engine/whisper/decode/pickToken';
import { seededRandom } from '../../../../../src/engine/whisper/network/random';

const never = (): number => assert.fail('nothing is left to chance');
/** Probabilities 1/7, 2/7, 4/7, and one token that the rules forbid. */
const LOGITS = Float32Array.of(0, Math.log(2), Math.log(4), -Infinity);

function frequencies(temperature: number, seed: number): readonly number[] {
  const runs = 20_000;
  const random = seededRandom(seed);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < runs; i++) {
    const { token } = pickToken(LOGITS, temperature, random);
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts.map((count) => count / runs);
}

/** Four standard deviations of a share near a half, of 20,000. */
const CHANCE = 4 * Math.sqrt(0.25 / 20_000);

function assertNear(got: readonly number[], wanted: readonly number[]): void {
  wanted.forEach((share, i) => {
    assert.ok(Math.abs((got[i] ?? NaN) - share) <= CHANCE, `${i}: ${got[i]}, not ${share}`);
  });
}

describe('pickToken', () => {
  it('takes the likeliest at temperature 0', () => {
    const { token, logProbability } = pickToken(LOGITS, 0, never);
    assert.equal(token, 2);
    assert.ok(Math.abs(logProbability - Math.log(4 / 7)) < 1e-6);
  });

  it('takes each as often as it is likely', () => {
    assertNear(frequencies(1, 6), [1 / 7, 2 / 7, 4 / 7, 0]);
  });

  it('sharpens and flattens by the temperature', () => {
    assertNear(frequencies(0.5, 6), [1 / 21, 4 / 21, 16 / 21, 0]);
    const roots = [1, Math.SQRT2, 2];
    assertNear(
      frequencies(2, 6),
      roots.map((root) => root / (3 + Math.SQRT2)),
    );
  });

  it('never takes what is forbidden, and repeats with its seed', () => {
    assert.equal(frequencies(1, 6)[3], 0);
    assert.deepEqual(frequencies(1, 9), frequencies(1, 9));
    assert.notDeepEqual(frequencies(1, 9), frequencies(1, 10));
  });

  it('tells the probability at temperature 1, whatever the temperature', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer(),
        (scores, temperature, seed) => {
          const logits = Float32Array.from(scores);
          const { token, logProbability } = pickToken(logits, temperature, seededRandom(seed));
          const sum = logits.reduce((all, logit) => all + Math.exp(logit), 0);
          assert.ok(Math.abs(logProbability - ((logits[token] ?? NaN) - Math.log(sum))) < 1e-4);
          assert.ok(Math.abs(Math.exp(logProbability) - probabilityOf(logits, token)) < 1e-6);
        },
      ),
      { seed: 6 },
    );
  });
});
