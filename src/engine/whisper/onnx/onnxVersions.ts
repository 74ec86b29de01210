/** ONNX 1.13 and 1.14: the operators used here were last changed in them, and every ONNX Runtime of the last years supports them. */
export const OPERATOR_SETS = [
  { domain: '', version: 18 },
  { domain: 'com.microsoft', version: 1 },
] as const;

/** ONNX's own format version that goes with {@link OPERATOR_SETS}. */
export const ONNX_IR_VERSION = 9;
