import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toFloat16 } from '../../../scripts/model/toFloat16';
import { toFloat32 } from '../../../src/engine/whisper/weights/numberTypes';

/** Every float16 bit pattern, and its value. */
const PATTERNS = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
const VALUES = new Float32Array(PATTERNS.length);
toFloat32(new Uint8Array(PATTERNS.buffer), 'F16', VALUES);
const LARGEST = 0x7bff;
const INFINITY = 0x7c00;

function halfOf(value: number): number {
  const into = new Uint16Array(1);
  toFloat16(new Float32Array([value]), into);
  return into[0] ?? NaN;
}

const valueOf = (bits: number): number => VALUES[bits] ?? NaN;

describe('toFloat16', () => {
  it('gives back every float16', () => {
    const back = new Uint16Array(VALUES.length);
    toFloat16(VALUES, back);
    for (const [bits, value] of VALUES.entries()) {
      if (Number.isNaN(value)) assert.ok(Number.isNaN(valueOf(back[bits] ?? 0)));
      else assert.equal(back[bits], bits);
    }
  });

  it('rounds a tie to the even neighbour, and everything else to the nearest', () => {
    for (let bits = 0; bits < LARGEST; bits++) {
      const middle = (valueOf(bits) + valueOf(bits + 1)) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      assert.equal(halfOf(middle), even);
      assert.equal(halfOf(-middle), even | 0x8000);
      const [below, above] = [middle * (1 - 2 ** -20), middle * (1 + 2 ** -20)];
      assert.deepEqual([halfOf(below), halfOf(above)], [bits, bits + 1]);
    }
  });

  it('goes over to infinity half a step behind the largest', () => {
    assert.deepEqual([65504, 65519, 65520, 65536, 1e38, Infinity].map(halfOf), [
      LARGEST,
      LARGEST,
      INFINITY,
      INFINITY,
      INFINITY,
      INFINITY,
    ]);
    assert.equal(halfOf(-Infinity), INFINITY | 0x8000);
  });

  it('is never further away than either neighbour', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65504, max: 65504 }), (value) => {
        const found = halfOf(value);
        const error = Math.abs(valueOf(found) - value);
        for (const neighbour of [found - 1, found + 1]) {
          const other = valueOf(neighbour & 0xffff);
          if (Number.isFinite(other)) assert.ok(Math.abs(other - value) >= error);
        }
      }),
    );
  });
});
