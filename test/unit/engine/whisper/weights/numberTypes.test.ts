import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isWeightType, toFloat32, type WeightType } from '../../../../../src/engine/whisper/weights/numberTypes';

function convert(words: readonly number[], type: WeightType): readonly number[] {
  const bytes = new Uint8Array(Uint16Array.from(words).buffer);
  const into = new Float32Array(words.length);
  toFloat32(bytes, type, into);
  return [...into];
}

describe('toFloat32', () => {
  it('knows the landmarks of float16', () => {
    const words = [0x0000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x3555, 0x7c00, 0xfc00];
    assert.deepEqual(convert(words, 'F16'), [
      0,
      1,
      -2,
      65_504,
      2 ** -24,
      2 ** -14,
      0.333251953125,
      Infinity,
      -Infinity,
    ]);
    assert.ok(Number.isNaN(convert([0x7e00], 'F16')[0]));
    assert.ok(Object.is(convert([0x8000], 'F16')[0], -0));
  });

  it('takes bfloat16 as the upper half of a float32', () => {
    assert.deepEqual(convert([0x3f80, 0xc000, 0x4049, 0x7f80], 'BF16'), [1, -2, 3.140625, Infinity]);
  });

  it('leaves float32 as it is, wherever the bytes begin', () => {
    fc.assert(
      fc.property(fc.float32Array(), fc.integer({ min: 0, max: 5 }), (values, offset) => {
        const bytes = new Uint8Array(values.byteLength + offset);
        bytes.set(new Uint8Array(values.buffer), offset);
        const into = new Float32Array(values.length);
        toFloat32(bytes.subarray(offset), 'F32', into);
        assert.deepEqual(into, values);
      }),
      { seed: 6 },
    );
  });

  it('does not mind 16-bit numbers at an odd place', () => {
    const bytes = new Uint8Array([0xff, 0x00, 0x3c, 0x00, 0xc0]).subarray(1);
    const into = new Float32Array(2);
    toFloat32(bytes, 'F16', into);
    assert.deepEqual([...into], [1, -2]);
  });
});

describe('isWeightType', () => {
  it('takes no other numbers for weights', () => {
    assert.deepEqual(['F32', 'F16', 'BF16', 'I64', 'F8_E4M3', 7].map(isWeightType), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
