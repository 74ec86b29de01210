import assert from 'node:assert/strict';
import { FOURIER_LENGTH } from '../../../../../src/engine/whisper/features/fourier';
import { melFilters } from '../../../../../src/engine/whisper/features/melFilters';

const BIN_HZ = 16_000 / FOURIER_LENGTH;

for (const melBins of [80, 128]) {
  describe(`melFilters, ${melBins} bins`, () => {
    const filters = melFilters(melBins);
    const peakHz = filters.map(({ firstBin, weights }) => (firstBin + weights.indexOf(Math.max(...weights))) * BIN_HZ);

    it('cover the spectrum, each where the last one ends or before', () => {
      assert.equal(filters.length, melBins);
      for (const [i, { firstBin, weights }] of filters.entries()) {
        assert.ok(weights.length > 0 && weights.every((weight) => weight > 0), `filter ${i} hears nothing`);
        assert.ok(firstBin + weights.length <= FOURIER_LENGTH / 2 + 1);
        const before = filters[i - 1];
        if (before) assert.ok(firstBin >= before.firstBin && firstBin <= before.firstBin + before.weights.length);
      }
      assert.ok(peakHz.every((hz, i) => i === 0 || hz >= (peakHz[i - 1] ?? 0)));
    });

    it('have an area of 1 where they are wide enough to have one', () => {
      for (const { weights } of filters) {
        if (weights.length < 8) continue;
        const area = weights.reduce((sum, weight) => sum + weight, 0) * BIN_HZ;
        // A triangle that is sampled at n places is off by less than 1 / n.
        assert.ok(Math.abs(area - 1) < 1 / weights.length, `${area} of ${weights.length} weights`);
      }
    });

    it('are evenly spaced up to 1 kHz, and widen above', () => {
      const widths = filters.map(({ weights }) => weights.length);
      const low = widths.slice(
        0,
        peakHz.findIndex((hz) => hz > 900),
      );
      assert.ok(Math.max(...low) - Math.min(...low) <= 1);
      assert.ok((widths.at(-1) ?? 0) > 4 * Math.max(...low));
    });
  });
}
