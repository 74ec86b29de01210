import { assert } from 'chai';
import {
  formatDate,
  formatFileDate,
  formatMoment,
  formatShortTime,
  formatTime,
} from '../../../../src/core/notes/timestamps';

describe('formatTime', () => {
  const times: readonly (readonly [seconds: number, expected: string])[] = [
    [0, '00:00:00'],
    [59.999, '00:00:59'],
    [60, '00:01:00'],
    [3599.5, '00:59:59'],
    [3600, '01:00:00'],
    [86_399, '23:59:59'],
    [360_000 + 61, '100:01:01'],
    [-0.5, '00:00:00'],
  ];
  for (const [seconds, expected] of times) {
    it(`writes ${seconds} s as ${expected}`, () => {
      assert.strictEqual(formatTime(seconds), expected);
    });
  }
});

describe('formatShortTime', () => {
  it('writes minutes and seconds, and hours from one on, rounded down', () => {
    for (const [seconds, expected] of [
      [0, '0:00'],
      [38.9, '0:38'],
      [754, '12:34'],
      [3599.99, '59:59'],
      [3723, '1:02:03'],
      [360_061, '100:01:01'],
      [-1, '0:00'],
    ] as const)
      assert.strictEqual(formatShortTime(seconds), expected);
  });
});

describe('formatDate', () => {
  it('writes a moment in the machine’s own time zone, every part with two digits', () => {
    assert.strictEqual(formatDate(new Date(2026, 0, 5, 7, 3)), '2026-01-05 07:03');
    assert.strictEqual(formatDate(new Date(2026, 10, 23, 14, 32, 59)), '2026-11-23 14:32');
  });
});

describe('formatMoment', () => {
  const now = new Date(2026, 10, 23, 14, 1);
  it('writes the time of a moment of the same day', () => {
    assert.strictEqual(formatMoment(new Date(2026, 10, 23, 16, 5), now), '16:05');
    assert.strictEqual(formatMoment(new Date(2026, 10, 23), now), '00:00');
  });

  it('writes the day as well where it is another, also at the same time', () => {
    assert.strictEqual(formatMoment(new Date(2026, 10, 24, 14, 1), now), '2026-11-24 14:01');
    assert.strictEqual(formatMoment(new Date(2027, 10, 23, 14, 1), now), '2027-11-23 14:01');
  });
});

describe('formatFileDate', () => {
  it('writes a moment in the machine’s own time zone, every part with two digits', () => {
    assert.strictEqual(formatFileDate(new Date(2026, 0, 5, 7, 3, 9)), '2026-01-05 07.03.09');
    assert.strictEqual(formatFileDate(new Date(2026, 10, 23, 14, 32, 59, 999)), '2026-11-23 14.32.59');
  });

  it('sorts by name as by time', () => {
    const moments = [
      new Date(2025, 11, 31, 23, 59, 59),
      new Date(2026, 0, 1),
      new Date(2026, 0, 1, 9),
      new Date(2026, 9),
    ];
    const names = moments.map(formatFileDate);
    assert.deepEqual(names.toSorted(), names);
  });

  it('writes nothing that a file system forbids', () => {
    assert.match(formatFileDate(new Date(2026, 10, 23, 14, 2, 5)), /^[\d. -]+$/);
  });
});
