/** A tensor that the weights must have. */
export interface ExpectedTensor {
  /** As the public hub names it: `model.encoder.conv1.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Of its float16 values, little-endian; 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The numbers of a tensor, whatever file they come from. Whoever opens it closes it. */
export interface TensorReader {
  /**
   * The float16 values, little-endian, in blocks. A block is valid until the next one is asked for.
   *
   * @throws Error where there is no such tensor, or where it has another shape
   */
  float16(tensor: ExpectedTensor, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Closes its files and deletes what it made for itself. */
  close(): Promise<void>;
}

/** How many numbers a tensor of this shape has. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Reads a `tensors.json`: an object that maps a tensor's name to `shape` and `sha256`.
 *
 * @throws Error where it is none
 */
export function parseTensorList(text: string): readonly ExpectedTensor[] {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null) throw new Error('tensors.json is no object');
  return Object.entries(json).map(([name, entry]: [string, unknown]) => {
    const { shape, sha256 } = asRecord(entry);
    if (!isSizes(shape) || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
      throw new Error(`tensors.json tells no shape or no sum of ${name}`);
    }
    return { name, shape, sha256 };
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
