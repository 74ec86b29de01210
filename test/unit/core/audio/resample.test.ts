import { assert } from 'chai';
import fc from 'fast-check';
import { Resampler } from '../../../../src/core/audio/resample';
import { assertSameNumbers } from '../expectations';
import { SEED, seededRandom } from '../random';
import { anyShares, splitAt } from './splitAt';

const RATES_HZ = [8000, 11_025, 22_050, 44_100, 48_000, 96_000];
const TO_HZ = 16_000;

describe('Resampler', () => {
  it('gives ceil(length * to / from) samples', () => {
    for (const fromHz of [...RATES_HZ, 16_000, 44_099, 1]) {
      for (const length of [0, 1, 2, 3, 159, 160, 441, 1000]) {
        const expected = Math.ceil((length * TO_HZ) / fromHz);
        if (fromHz === 1 && length > 3) continue;
        assert.lengthOf(resample(new Float32Array(length), fromHz), expected, `${length} samples of ${fromHz} Hz`);
      }
    }
  });

  it('gives bit for bit the same however the input is cut into blocks', () => {
    const random = seededRandom();
    const input = Float32Array.from({ length: 3000 }, () => 2 * random() - 1);
    const cuts = anyShares(12);
    fc.assert(
      fc.property(fc.constantFrom(...RATES_HZ, 16_000), cuts, (fromHz, shares) => {
        assertSameNumbers(resample(input, fromHz, splitAt(input, shares)), resample(input, fromHz));
      }),
      { seed: SEED, numRuns: 120 },
    );
  }).timeout(20_000);

  it('gives bit for bit the same when every sample comes alone', () => {
    const random = seededRandom();
    const input = Float32Array.from({ length: 500 }, () => 2 * random() - 1);
    const single = Array.from(input, (sample) => Float32Array.of(sample));
    for (const fromHz of RATES_HZ) assertSameNumbers(resample(input, fromHz, single), resample(input, fromHz));
  });

  for (const fromHz of RATES_HZ) {
    it(`keeps a 1 kHz tone of ${fromHz} Hz at its level and at its time`, () => {
      const { level, lagS } = measureTone(resample(tone(1000, fromHz, 0.5), fromHz), 1000);
      assert.closeTo(20 * Math.log10(level / 0.5), 0, 0.5, 'level in dB');
      // A sixteenth of an output sample.
      assert.closeTo(lagS, 0, 1 / TO_HZ / 16, 'lag in seconds');
    });

    it(`keeps a constant of ${fromHz} Hz`, () => {
      const out = resample(new Float32Array(fromHz / 2).fill(0.25), fromHz);
      for (const sample of middle(out)) assert.closeTo(sample, 0.25, 1e-5);
    });
  }

  it('keeps speech’s upper band: 6 kHz of 48 kHz within 0.5 dB', () => {
    const { level } = measureTone(resample(tone(6000, 48_000, 0.5), 48_000), 6000);
    assert.closeTo(20 * Math.log10(level / 0.5), 0, 0.5);
  });

  for (const [hz, fromHz] of [
    [10_000, 48_000],
    [10_000, 44_100],
    [9000, 44_100],
    [20_000, 48_000],
    [40_000, 96_000],
  ] as const) {
    it(`takes ${hz} Hz of ${fromHz} Hz, which would fold into speech, down by 60 dB or more`, () => {
      const out = middle(resample(tone(hz, fromHz, 0.5), fromHz));
      const inputRms = 0.5 / Math.SQRT2;
      assert.isBelow(20 * Math.log10(rootMeanSquare(out) / inputRms), -60);
    });
  }

  it('puts no mirror image of 3 kHz beside it when 8 kHz becomes 16 kHz', () => {
    const out = resample(tone(3000, 8000, 0.5), 8000);
    assert.isBelow(20 * Math.log10(measureTone(out, 5000).level / 0.5), -60);
  });
});

function resample(input: Float32Array, fromHz: number, blocks: readonly Float32Array[] = [input]): Float32Array {
  const resampler = new Resampler(fromHz, TO_HZ);
  return Float32Array.from(
    [...blocks.map((block) => resampler.push(block)), resampler.end()].flatMap((out) => [...out]),
  );
}

/** Half a second of a sine that begins at its zero. */
function tone(hz: number, rateHz: number, amplitude: number): Float32Array {
  return Float32Array.from({ length: Math.floor(rateHz / 2) }, (_, i) => {
    return amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz);
  });
}

/** 0.3 s without the beginning and the end, where the filter reaches into silence. Whole periods of every tone used here. */
function middle(out: Float32Array): Float32Array {
  return out.subarray(1600, 1600 + 4800);
}

/** Amplitude of the sine at `hz`, and how much later than the tone's own it comes. */
function measureTone(out: Float32Array, hz: number): { level: number; lagS: number } {
  const part = middle(out);
  let sine = 0;
  let cosine = 0;
  part.forEach((sample, i) => {
    const angle = (2 * Math.PI * hz * (i + 1600)) / TO_HZ;
    sine += (sample * Math.sin(angle) * 2) / part.length;
    cosine += (sample * Math.cos(angle) * 2) / part.length;
  });
  return { level: Math.hypot(sine, cosine), lagS: -Math.atan2(cosine, sine) / (2 * Math.PI * hz) };
}

function rootMeanSquare(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
