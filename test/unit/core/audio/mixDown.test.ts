import { assert } from 'chai';
import { mixDown } from '../../../../src/core/audio/mixDown';
import type { SampleFormat, WavLayout } from '../../../../src/core/audio/wav';
import { assertSameNumbers } from '../expectations';

describe('mixDown', () => {
  const formats: readonly (readonly [SampleFormat, readonly number[], readonly number[]])[] = [
    ['uint8', [0, 128, 192, 255], [-1, 0, 0.5, 127 / 128]],
    ['int16', [0x00, 0x80, 0x00, 0x40, 0xff, 0xff], [-1, 0.5, -1 / 32_768]],
    ['int24', [0x00, 0x00, 0x80, 0x00, 0x00, 0x40, 0xff, 0xff, 0xff, 1, 0, 0], [-1, 0.5, -(2 ** -23), 2 ** -23]],
    ['int32', [0, 0, 0, 0x80, 0, 0, 0, 0x40, 0, 0xff, 0xff, 0xff], [-1, 0.5, -(2 ** -23)]],
    ['float32', floats(4, -1, 0.25, 1.5), [-1, 0.25, 1.5]],
    ['float64', floats(8, -1, 0.25, 1.5), [-1, 0.25, 1.5]],
  ];
  for (const [format, bytes, expected] of formats) {
    it(`reads ${format} at its full range`, () => {
      assertSameNumbers(mixDown(Uint8Array.from(bytes), layout(format, 1)), expected);
    });
  }

  it('gives the mean of all channels, so that who sat at one side is heard at half level', () => {
    const left = Uint8Array.of(0x00, 0x40, 0x00, 0x00, 0x00, 0x40, 0x00, 0x40);
    assertSameNumbers(mixDown(left, layout('int16', 2)), [0.25, 0.5]);
    const three = Uint8Array.of(192, 128, 64, 255, 255, 255);
    assertSameNumbers(mixDown(three, layout('uint8', 3)), [0, 127 / 128]);
  });

  it('leaves out an incomplete last frame and reads at any address', () => {
    const bytes = Uint8Array.of(9, 0x00, 0x40, 0x00, 0x40, 0x00, 0x40, 0x00).subarray(1);
    assertSameNumbers(mixDown(bytes, layout('int16', 2)), [0.5]);
    assertSameNumbers(mixDown(new Uint8Array(0), layout('int16', 2)), []);
  });

  it('makes silence of what is no finite number, without touching the other channel', () => {
    for (const format of ['float32', 'float64'] as const) {
      const bytes = Uint8Array.from(floats(format === 'float32' ? 4 : 8, NaN, 0.5, Infinity, 0.5, 0.5, -Infinity));
      assertSameNumbers(mixDown(bytes, layout(format, 2)), [0.25, 0.25, 0.25]);
    }
  });

  it('gives finite samples even for doubles that a float cannot hold', () => {
    const mono = mixDown(Uint8Array.from(floats(8, 1e300, -1e300, 0.5)), layout('float64', 1));
    assert.deepStrictEqual(Array.from(mono, Number.isFinite), [true, true, true]);
    assert.strictEqual(mono[2], 0.5);
  });
});

function layout(format: SampleFormat, channelCount: number): WavLayout {
  const sampleBytes = { uint8: 1, int16: 2, int24: 3, int32: 4, float32: 4, float64: 8 }[format];
  return {
    format,
    channelCount,
    sampleRateHz: 48_000,
    frameBytes: sampleBytes * channelCount,
    dataOffsetBytes: 44,
    dataBytes: undefined,
  };
}

function floats(sampleBytes: 4 | 8, ...values: readonly number[]): number[] {
  const bytes = new Uint8Array(values.length * sampleBytes);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (sampleBytes === 4) view.setFloat32(i * 4, value, true);
    else view.setFloat64(i * 8, value, true);
  });
  return [...bytes];
}
