/**
 * A product's matrix is stored unsigned: this number is added to every signed weight, and is the zero point of every output.
 *
 * ONNX Runtime's kernels for uint8 times uint8 are exact on every processor. On a processor with AVX2 but without VNNI, those for uint8 times
 * int8 add pairs of products in 16 bits, and two products of 255 × 127 do not fit
 * (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, "When and why do I need to try U8U8").
 */
export const WEIGHT_ZERO_POINT = 128;

/** Makes signed weights unsigned, in place: adding 128 to a byte flips its highest bit. */
export function unsigned(steps: Int8Array | Uint8Array): Uint8Array {
  const bytes = new Uint8Array(steps.buffer, steps.byteOffset, steps.byteLength);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) ^ WEIGHT_ZERO_POINT;
  return bytes;
}
