import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quantiseRows } from '../../../../../src/engine/whisper/weights/quantise';

const matrix = fc
  .record({ rows: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 40 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      columns: fc.constant(columns),
      values: fc.float32Array({
        minLength: rows * columns,
        maxLength: rows * columns,
        noDefaultInfinity: true,
        noNaN: true,
        min: Math.fround(-1e6),
        max: Math.fround(1e6),
      }),
    }),
  );

describe('quantiseRows', () => {
  it('keeps every value within half a step of its row', () => {
    fc.assert(
      fc.property(matrix, ({ columns, values }) => {
        const { quantised, scales } = quantiseRows(values, columns);
        values.forEach((value, i) => {
          const scale = scales[Math.floor(i / columns)] ?? NaN;
          // The scale is a float32: its own rounding, times 127 steps, comes on top. The constant is for subnormal rows.
          const bound = scale * (0.5 + 127 * 2 ** -23) + 127 * 2 ** -149;
          assert.ok(Math.abs((quantised[i] ?? NaN) * scale - value) <= bound, `${value} in steps of ${scale}`);
        });
      }),
      { seed: 6 },
    );
  });

  it('uses the whole range on both sides, and not −128', () => {
    fc.assert(
      fc.property(matrix, ({ columns, values }) => {
        const { quantised, scales } = quantiseRows(values, columns);
        scales.forEach((scale, row) => {
          const steps = [...quantised.subarray(row * columns, (row + 1) * columns)].map(Math.abs);
          if (scale > 2 ** -126) assert.equal(Math.max(...steps), 127);
          else assert.ok(Math.max(...steps) <= 127);
        });
      }),
      { seed: 6 },
    );
  });

  it('is symmetric, and the same for a row whatever rows lie beside it', () => {
    fc.assert(
      fc.property(matrix, ({ columns, values }) => {
        const whole = quantiseRows(values, columns);
        const row = quantiseRows(values.slice(0, columns), columns);
        assert.deepEqual(whole.quantised.slice(0, columns), row.quantised);
        assert.equal(whole.scales[0], row.scales[0]);
        assert.deepEqual(
          quantiseRows(
            values.map((value) => -value),
            columns,
          ).scales,
          whole.scales,
        );
      }),
      { seed: 6 },
    );
  });

  it('makes zeros of zeros', () => {
    const { quantised, scales } = quantiseRows(new Float32Array(6), 3);
    assert.deepEqual(
      [[...quantised], [...scales]],
      [
        [0, 0, 0, 0, 0, 0],
        [0, 0],
      ],
    );
  });

  it('refuses what is no number', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      assert.throws(() => quantiseRows(Float32Array.of(1, value, 2), 3), RangeError);
    }
  });

  it('takes nothing for nothing', () => {
    assert.equal(quantiseRows(new Float32Array(), 4).scales.length, 0);
    assert.equal(quantiseRows(new Float32Array(), 0).scales.length, 0);
  });
});
