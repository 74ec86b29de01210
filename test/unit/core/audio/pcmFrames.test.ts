import { assert } from 'chai';
import { toFrames } from '../../../../src/core/audio/pcmFrames';
import type { SampleFormat, WavLayout } from '../../../../src/core/audio/wav';
import { assertSameNumbers } from '../expectations';

describe('toFrames', () => {
  const formats: readonly (readonly [SampleFormat, readonly number[], readonly number[]])[] = [
    ['uint8', [0, 128, 192, 255], [-1, 0, 0.5, 127 / 128]],
    ['int8', [0x80, 0x00, 0x40, 0xff], [-1, 0, 0.5, -1 / 128]],
    ['int16', [0x00, 0x80, 0x00, 0x40, 0xff, 0xff], [-1, 0.5, -1 / 32_768]],
    ['int24', [0x00, 0x00, 0x80, 0x00, 0x00, 0x40, 0xff, 0xff, 0xff, 1, 0, 0], [-1, 0.5, -(2 ** -23), 2 ** -23]],
    ['int32', [0, 0, 0, 0x80, 0, 0, 0, 0x40, 0, 0xff, 0xff, 0xff], [-1, 0.5, -(2 ** -23)]],
    ['float32', floats(4, -1, 0.25, 1.5), [-1, 0.25, 1.5]],
    ['float64', floats(8, -1, 0.25, 1.5), [-1, 0.25, 1.5]],
  ];
  for (const [format, bytes, expected] of formats) {
    it(`reads ${format} at its full range`, () => {
      assertSameNumbers(toFrames(Uint8Array.from(bytes), layout(format, 1)), expected);
    });
  }

  it('reads each format with its first byte foremost as well', () => {
    for (const [format, bytes, expected] of formats) {
      const { frameBytes } = layout(format, 1);
      const turned = bytes.map((_, i) => bytes[i - (i % frameBytes) + frameBytes - 1 - (i % frameBytes)] ?? 0);
      assertSameNumbers(toFrames(Uint8Array.from(turned), { ...layout(format, 1), isBigEndian: true }), expected);
    }
  });

  it('gives the channels of a frame one behind the other', () => {
    const two = Uint8Array.of(0x00, 0x40, 0x00, 0x00, 0x00, 0x40, 0x00, 0x40);
    assertSameNumbers(toFrames(two, layout('int16', 2)), [0.5, 0, 0.5, 0.5]);
    const three = Uint8Array.of(192, 128, 64, 255, 255, 255);
    assertSameNumbers(toFrames(three, layout('uint8', 3)), [0.5, 0, -0.5, 127 / 128, 127 / 128, 127 / 128]);
  });

  it('leaves out an incomplete last frame and reads at any address', () => {
    const bytes = Uint8Array.of(9, 0x00, 0x40, 0x00, 0x20, 0x00, 0x40, 0x00).subarray(1);
    assertSameNumbers(toFrames(bytes, layout('int16', 2)), [0.5, 0.25]);
    assertSameNumbers(toFrames(new Uint8Array(0), layout('int16', 2)), []);
  });

  it('makes silence of what is no finite number, without touching the other channel', () => {
    for (const format of ['float32', 'float64'] as const) {
      const bytes = Uint8Array.from(floats(format === 'float32' ? 4 : 8, NaN, 0.5, Infinity, 0.5, 0.5, -Infinity));
      assertSameNumbers(toFrames(bytes, layout(format, 2)), [0, 0.5, 0, 0.5, 0.5, 0]);
    }
  });

  it('gives finite samples even for doubles that a float cannot hold', () => {
    const mono = toFrames(Uint8Array.from(floats(8, 1e300, -1e300, 0.5)), layout('float64', 1));
    assert.deepStrictEqual(Array.from(mono, Number.isFinite), [true, true, true]);
    assert.strictEqual(mono[2], 0.5);
  });
});

function layout(format: SampleFormat, channelCount: number): WavLayout {
  const sampleBytes = { uint8: 1, int8: 1, int16: 2, int24: 3, int32: 4, float32: 4, float64: 8 }[format];
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
