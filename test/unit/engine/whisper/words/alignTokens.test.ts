import assert from 'node:assert/strict';
import fc from 'fast-check';
import { alignTokens, medianOf7 } from '../../../../../src/engine/whisper/words/alignTokens';

/** Each head looks at frames `[starts[i], starts[i + 1])` for token i, with a little everywhere else. */
function looking(starts: readonly number[], frames: number, heads: number, elsewhere = 0.05): Float32Array[] {
  return starts.map((from, token) =>
    Float32Array.from({ length: heads * frames }, (_, i) => {
      const frame = i % frames;
      return frame >= from && frame < (starts[token + 1] ?? frames) ? 1 : elsewhere;
    }),
  );
}

describe('alignTokens', () => {
  it('finds the path that all heads look along', () => {
    const starts = [0, 12, 30, 38, 70];
    assert.deepEqual([...alignTokens(looking(starts, 100, 3), 100, 100)], starts);
  });

  it('goes by the heads that look, whatever another one does', () => {
    const starts = [0, 20, 50];
    const rows = looking(starts, 80, 2).map((row) => Float32Array.of(...row, ...new Float32Array(80).fill(0.3)));
    assert.deepEqual([...alignTokens(rows, 80, 80)], starts);
  });

  it('does not look at the silence that was filled in', () => {
    const starts = [0, 12, 30];
    const rows = looking(starts, 50, 2).map((row) =>
      Float32Array.from({ length: 200 }, (_, i) =>
        i % 100 < 50 ? (row[(i % 100) + 50 * Math.floor(i / 100)] ?? 0) : 40,
      ),
    );
    assert.deepEqual([...alignTokens(rows, 100, 50)], starts);
  });

  it('takes a single glance elsewhere for nothing', () => {
    const starts = [0, 12, 30];
    const rows = looking(starts, 50, 1);
    const first = rows[0];
    assert.ok(first);
    first[41] = 9;
    assert.deepEqual([...alignTokens(rows, 50, 50)], starts);
  });

  it('gives starts that rise from the first frame, whatever was looked at', () => {
    const shape = fc.record({
      heads: fc.integer({ min: 1, max: 3 }),
      frames: fc.integer({ min: 1, max: 40 }),
      count: fc.integer({ min: 1, max: 12 }),
    });
    const case_ = shape.chain(({ heads, frames, count }) =>
      fc.record({
        frames: fc.constant(frames),
        used: fc.integer({ min: 1, max: frames }),
        rows: fc.array(
          fc.float32Array({ minLength: heads * frames, maxLength: heads * frames, min: 0, max: 1, noNaN: true }),
          { minLength: count, maxLength: count },
        ),
      }),
    );
    fc.assert(
      fc.property(case_, ({ frames, used, rows }) => {
        const starts = alignTokens(rows, frames, used);
        assert.equal(starts.length, rows.length);
        assert.equal(starts[0], 0);
        starts.forEach((start, i) => {
          assert.ok(start < used && start >= (starts[i - 1] ?? 0), `${[...starts].join(' ')} of ${used}`);
        });
      }),
      { seed: 6 },
    );
  });

  it('takes no tokens', () => {
    assert.equal(alignTokens([], 50, 50).length, 0);
  });
});

describe('medianOf7', () => {
  it('is the middle one of seven', () => {
    const number = fc.integer({ min: -5, max: 5 });
    fc.assert(
      fc.property(fc.tuple(number, number, number, number, number, number, number), (seven) => {
        assert.equal(medianOf7(...seven), seven.toSorted((a, b) => a - b)[3]);
      }),
      { seed: 7, numRuns: 5000 },
    );
  });
});
