/**
 * A matrix of a product is stored unsigned: the signed step plus this, with this as the zero point of every output.
 *
 * ONNX Runtime's kernels for uint8 times uint8 are exact on every processor. Those for uint8 times int8 add pairs of products in 16 bits where the
 * processor has AVX2 without VNNI, and two products of 255 × 127 do not fit
 * (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, "When and why do I need to try U8U8").
 */
export const WEIGHT_ZERO_POINT = 128;

/** Signed steps as unsigned ones, in place: adding 128 to a number of 8 bits turns its highest bit over. */
export function unsigned(steps: Int8Array | Uint8Array): Uint8Array {
  const bytes = new Uint8Array(steps.buffer, steps.byteOffset, steps.byteLength);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) ^ WEIGHT_ZERO_POINT;
  return bytes;
}
