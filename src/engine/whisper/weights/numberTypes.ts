/** Types of numbers in a safetensors file. Tensors of other types (int64, bool, float8) are never weights of a Whisper. */
export type WeightType = 'F32' | 'F16' | 'BF16';

/** Size of one number, in bytes. */
export const BYTES_PER_WEIGHT: Readonly<Record<WeightType, number>> = { F32: 4, F16: 2, BF16: 2 };

/** Whether a name in a safetensors header is a {@link WeightType}. */
export function isWeightType(name: unknown): name is WeightType {
  return name === 'F32' || name === 'F16' || name === 'BF16';
}

/**
 * Little-endian numbers as float32; exact for all three types.
 *
 * @param bytes complete numbers of this type
 * @param into filled from its beginning; it has room for all numbers
 */
export function toFloat32(bytes: Uint8Array, type: WeightType, into: Float32Array): void {
  const count = bytes.byteLength / BYTES_PER_WEIGHT[type];
  if (type === 'F32') {
    new Uint8Array(into.buffer, into.byteOffset, bytes.byteLength).set(bytes);
    return;
  }
  // A typed array must begin at a multiple of its number's size.
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const words = new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  if (type === 'BF16') {
    // bfloat16 is the upper half of a float32.
    const bits = new Uint32Array(into.buffer, into.byteOffset, count);
    for (let i = 0; i < count; i++) bits[i] = (words[i] ?? 0) << 16;
    return;
  }
  const table = (halfFloats ??= everyHalfFloat());
  for (let i = 0; i < count; i++) into[i] = table[words[i] ?? 0] ?? 0;
}

/** A table of 256 KB for the conversion, since a model has tens of millions of numbers. Made on first use. */
let halfFloats: Float32Array | undefined;

/** The value of each of the 65,536 bit patterns of IEEE 754 binary16. */
function everyHalfFloat(): Float32Array {
  return Float32Array.from({ length: 0x10000 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
