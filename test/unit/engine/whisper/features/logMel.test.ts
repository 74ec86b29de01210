import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encoderInput, logMel, loudest } from '../../../../../src/engine/whisper/features/logMel';
import { readExpectations } from '../../../../models';
import { jfkSamples, plainLogMel } from '../model/plainLogMel';

const WINDOW_FRAMES = 3000;

interface FeatureExpectations {
  /** By a title such as "bin 10, frames 0-4, 500-504". */
  readonly features: Readonly<Record<string, readonly number[]>>;
}

function window(pcm: Float32Array, melBins: number): Float32Array {
  const features = logMel(pcm, melBins);
  return encoderInput(features, loudest(features), 0, features.frameCount, WINDOW_FRAMES);
}

describe('logMel', () => {
  it('is what an independent implementation computes, to 1e-3', () => {
    const { features } = readExpectations('tiny-random') as FeatureExpectations;
    const got = window(jfkSamples(), 80);
    let compared = 0;
    for (const [title, values] of Object.entries(features)) {
      const bin = Number(/bin (\d+)/.exec(title)?.[1]);
      const frames = [...title.matchAll(/(\d+)-(\d+)/g)].flatMap(([, from, to]) =>
        Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i),
      );
      assert.equal(frames.length, values.length);
      for (const [i, frame] of frames.entries()) {
        const value = got[bin * WINDOW_FRAMES + frame] ?? NaN;
        assert.ok(
          Math.abs(value - (values[i] ?? NaN)) <= 1e-3,
          `bin ${bin}, frame ${frame}: ${value}, not ${values[i]}`,
        );
        compared++;
      }
    }
    assert.ok(compared >= 80);
  });

  for (const melBins of [80, 128]) {
    it(`is what the definition says, in ${melBins} bins`, () => {
      const pcm = jfkSamples().subarray(0, 40_003);
      const [got, plain] = [window(pcm, melBins), plainLogMel(pcm, melBins)];
      assert.equal(got.length, melBins * WINDOW_FRAMES);
      const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - (plain[i] ?? NaN))), 0);
      assert.ok(worst < 1e-4, `off by ${worst}`);
    });
  }

  it('takes recordings of any length', () => {
    for (const samples of [0, 1, 159, 160, 161, 400, 401]) {
      const { values, frameCount } = logMel(new Float32Array(samples).fill(0.5), 80);
      assert.equal(values.length, 80 * frameCount);
      assert.ok(frameCount * 160 >= samples);
      assert.ok(values.every((value) => value >= -10));
    }
  });
});

describe('encoderInput', () => {
  const features = { values: Float32Array.of(-3, -2, -9, 0, 1, 2), melBins: 2, frameCount: 3 };

  it('scales, floors 8 below the loudest, and fills up with silence', () => {
    assert.equal(loudest(features), 2);
    const scaled = (value: number): number => (value + 4) / 4;
    assert.deepEqual([...encoderInput(features, 2, 1, 2, 4)], [-2, -6, -6, -6, 1, 2, -6, -6].map(scaled));
  });

  it('takes the scale of the whole recording, not of the cut', () => {
    assert.equal(encoderInput(features, 2, 2, 1, 2)[0], -0.5);
    assert.equal(encoderInput(features, -0.5, 2, 1, 2)[0], -1.125);
  });

  it('gives as many frames as are asked for, whatever there is', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(6), fc.integer({ min: 1, max: 8 }), (start, used, total) => {
        const input = encoderInput(features, 2, start, used, total);
        assert.equal(input.length, 2 * total);
        assert.ok(input.every((value) => value >= -0.5 && value <= 1.5));
      }),
      { seed: 6 },
    );
  });
});
