import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Fourier, FOURIER_LENGTH } from '../../../../../src/engine/whisper/features/fourier';

const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: FOURIER_LENGTH,
  maxLength: FOURIER_LENGTH,
});

/** Straight from the definition. */
function plainTransform(real: readonly number[], imaginary: readonly number[], bin: number): readonly [number, number] {
  let [re, im] = [0, 0];
  for (let i = 0; i < FOURIER_LENGTH; i++) {
    const angle = (-2 * Math.PI * ((i * bin) % FOURIER_LENGTH)) / FOURIER_LENGTH;
    const [a, b] = [real[i] ?? 0, imaginary[i] ?? 0];
    re += a * Math.cos(angle) - b * Math.sin(angle);
    im += a * Math.sin(angle) + b * Math.cos(angle);
  }
  return [re, im];
}

describe('Fourier', () => {
  it('transforms as the definition says, again and again with the same buffers', () => {
    const fourier = new Fourier();
    fc.assert(
      fc.property(numbers, numbers, (real, imaginary) => {
        fourier.real.set(real);
        fourier.imaginary.set(imaginary);
        fourier.run();
        for (let bin = 0; bin < FOURIER_LENGTH; bin++) {
          const [re, im] = plainTransform(real, imaginary, bin);
          // Sums of 400 numbers up to 1, in double precision.
          assert.ok(Math.abs((fourier.real[bin] ?? NaN) - re) < 1e-10, `real ${bin}`);
          assert.ok(Math.abs((fourier.imaginary[bin] ?? NaN) - im) < 1e-10, `imaginary ${bin}`);
        }
      }),
      { seed: 6, numRuns: 20 },
    );
  });
});
