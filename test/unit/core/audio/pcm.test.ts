import { assert } from 'chai';
import fc from 'fast-check';
import {
  bytesToInt16,
  int16ToBytes,
  samplesToSeconds,
  secondsToSamples,
  toInt16,
} from '../../../../src/core/audio/pcm';
import { assertSameNumbers } from '../expectations';
import { SEED } from '../random';

describe('pcm', () => {
  it('counts 16,000 samples as a second, and rounds seconds to the nearest sample', () => {
    assert.strictEqual(samplesToSeconds(24_000), 1.5);
    assert.strictEqual(secondsToSamples(1.5), 24_000);
    assert.strictEqual(secondsToSamples(1.5 / 16_000 + 1e-9), 2);
    assert.strictEqual(secondsToSamples(0.4 / 16_000), 0);
  });

  it('finds every position again after it went through seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 * 3600 * 16_000 }), (position) => {
        assert.strictEqual(secondsToSamples(samplesToSeconds(position)), position);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('clips what lies outside full scale and makes silence of what is no number', () => {
    const samples = Float32Array.of(0, 0.5, -0.5, -1, 1, 1.5, -1.5, NaN, Infinity, -Infinity, 0.4 / 32_768);
    const expected = [0, 16_384, -16_384, -32_768, 32_767, 32_767, -32_768, 0, 32_767, -32_768, 0];
    assertSameNumbers(toInt16(samples), expected);
  });

  it('reads little-endian bytes at an odd address, and leaves out an odd last byte', () => {
    const bytes = Uint8Array.of(0xaa, 0x01, 0x00, 0xff, 0xff, 0x00, 0x80, 0x55).subarray(1);
    assertSameNumbers(bytesToInt16(bytes), [1, -1, -32_768]);
  });

  it('does not change with the bytes it was read from', () => {
    const bytes = Uint8Array.of(1, 0);
    const samples = bytesToInt16(bytes);
    bytes[0] = 9;
    assertSameNumbers(samples, [1]);
  });

  it('writes the low byte first, and reads back what it wrote', () => {
    assertSameNumbers(int16ToBytes(Int16Array.of(0x0102, -2)), [0x02, 0x01, 0xfe, 0xff]);
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 50 }), (samples) => {
        assertSameNumbers(bytesToInt16(int16ToBytes(samples)), samples);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
