/** Where a float32's exponent, still in its place, becomes too large for float16 (2^16), and where float16 becomes subnormal (2^-14). */
const [TOO_LARGE, LEAST_NORMAL] = [0x47800000, 0x38800000];
/** The difference of the exponents' biases, 127 - 15, in a float32's place. */
const REBIAS = (127 - 15) << 23;
/** A subnormal float16 counts steps of 2^-24. */
const STEPS_PER_ONE = 2 ** 24;

/**
 * Float32 as IEEE 754 binary16, rounded to the nearest and on a tie to the even one, as numpy and PyTorch do.
 *
 * @param into as long as `values`
 */
export function toFloat16(values: Float32Array, into: Uint16Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const all = bits[i] ?? 0;
    into[i] = ((all >>> 16) & 0x8000) | magnitude(all & 0x7fffffff, values[i] ?? 0);
  }
}

/** The lower 15 bits of a float16. @param absolute the lower 31 bits of the float32 */
function magnitude(absolute: number, value: number): number {
  if (absolute >= TOO_LARGE) return absolute > 0x7f800000 ? 0x7e00 : 0x7c00;
  // What is carried out of the fraction lands in the exponent, and beyond the largest exponent at infinity.
  if (absolute >= LEAST_NORMAL) return (absolute - REBIAS + 0xfff + ((absolute >>> 13) & 1)) >>> 13;
  const steps = Math.abs(value) * STEPS_PER_ONE;
  const below = Math.floor(steps);
  const rest = steps - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
