/**
 * Writes FLAC's coded residual (RFC 9639, section 9.2.7). A residual holds the differences between samples and their predictions. It is
 * cut into equal partitions, and each partition has a Rice parameter of its own.
 */

/** The most bits that {@link BitWriter.put} takes at once: with the 7 that may be pending they fit into 31. */
const MAXIMUM_PUT = 24;

/** Collects numbers of any width as bytes, the most significant bit first. */
export class BitWriter {
  private bytes: Uint8Array;
  private byteCount = 0;
  /** The bits that do not fill a byte yet, in the lowest places. */
  private pending = 0;
  private pendingCount = 0;

  /** @param expectedBytes how much will be written, about; more is possible */
  constructor(expectedBytes: number) {
    this.bytes = new Uint8Array(Math.max(16, expectedBytes));
  }

  /** Appends the lowest `count` bits of `value`, at most {@link MAXIMUM_PUT}. Higher bits of `value` do not matter. */
  put(value: number, count: number): void {
    let pending = (this.pending << count) | (value & ((1 << count) - 1));
    let pendingCount = this.pendingCount + count;
    if (this.byteCount + 4 > this.bytes.length) this.grow();
    while (pendingCount >= 8) {
      pendingCount -= 8;
      this.bytes[this.byteCount++] = pending >> pendingCount;
      pending &= (1 << pendingCount) - 1;
    }
    this.pending = pending;
    this.pendingCount = pendingCount;
  }

  /** Fills the last byte with zeros. */
  align(): void {
    if (this.pendingCount > 0) this.put(0, 8 - this.pendingCount);
  }

  /** The complete bytes so far: a view, which later calls do not change but do not lengthen either. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.byteCount);
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** How a residual is written, and how long it becomes. */
export interface RicePlan {
  /** The residual has `2 ** partitionOrder` partitions. */
  readonly partitionOrder: number;
  /** For each partition, how many low bits of its numbers are written as they are. */
  readonly parameters: Uint8Array;
  /** An estimate of the coded residual's length. */
  readonly bits: number;
}

/**
 * With blocks of 1024 samples the smallest partition has 32. The streamable subset allows order 8 (section 7); for the speech of the
 * benchmark `upload` that saved 0.06 % of the bytes and took more than twice the time.
 */
const MAXIMUM_PARTITION_ORDER = 5;
/** A parameter has four bits, and 15 is an escape code (section 9.2.7.1). */
const MAXIMUM_PARAMETER = 14;
const METHOD_BITS = 2;
const ORDER_BITS = 4;
const PARAMETER_BITS = 4;

/**
 * The partition order and the parameters with which a residual is shortest.
 *
 * @param residual one number for each sample of a block; those of the warm-up samples do not count
 * @param warmUp how many samples come before the residual: the predictor's order
 */
export function planRice(residual: Int32Array, warmUp: number): RicePlan {
  const finest = finestOrder(residual.length, warmUp);
  let sums = partitionSums(residual, warmUp, finest);
  let best: RicePlan | undefined;
  for (let order = finest; order >= 0; order--) {
    const plan = planPartitions(sums, residual.length >> order, warmUp, order);
    if (!best || plan.bits <= best.bits) best = plan;
    sums = inPairs(sums);
  }
  return best ?? { partitionOrder: 0, parameters: new Uint8Array(1), bits: 0 };
}

/** The highest order whose partitions are equally long, with a first one that is longer than the warm-up (section 9.2.7). */
function finestOrder(length: number, warmUp: number): number {
  let order = 0;
  while (order < MAXIMUM_PARTITION_ORDER && length % (2 << order) === 0 && length >> (order + 1) > warmUp) order++;
  return order;
}

/** For each partition the sum of its {@link folded} numbers. */
function partitionSums(residual: Int32Array, warmUp: number, order: number): Float64Array {
  const length = residual.length >> order;
  const sums = new Float64Array(1 << order);
  for (let partition = 0; partition < sums.length; partition++) {
    const end = (partition + 1) * length;
    let sum = 0;
    for (let i = Math.max(warmUp, partition * length); i < end; i++) sum += folded(residual[i] ?? 0);
    sums[partition] = sum;
  }
  return sums;
}

/** The sums of partitions that are twice as long. */
function inPairs(sums: Float64Array): Float64Array {
  const pairs = new Float64Array(sums.length >> 1);
  for (let i = 0; i < pairs.length; i++) pairs[i] = (sums[2 * i] ?? 0) + (sums[2 * i + 1] ?? 0);
  return pairs;
}

function planPartitions(sums: Float64Array, length: number, warmUp: number, partitionOrder: number): RicePlan {
  const parameters = new Uint8Array(sums.length);
  let bits = METHOD_BITS + ORDER_BITS;
  for (let partition = 0; partition < sums.length; partition++) {
    const count = partition === 0 ? length - warmUp : length;
    const sum = sums[partition] ?? 0;
    let parameter = 0;
    let least = riceBits(sum, count, 0);
    while (parameter < MAXIMUM_PARAMETER) {
      const next = riceBits(sum, count, parameter + 1);
      if (next >= least) break;
      least = next;
      parameter++;
    }
    parameters[partition] = parameter;
    bits += PARAMETER_BITS + least;
  }
  return { partitionOrder, parameters, bits };
}

/**
 * About how many bits `count` numbers of this sum take. A number has its low bits, a stop bit, and as many zeros as its high bits tell.
 * The low bits are taken to be half of their largest value on average, so that nobody has to read the numbers again for each parameter.
 */
function riceBits(sum: number, count: number, parameter: number): number {
  const dropped = (count * ((1 << parameter) - 1)) / 2;
  return count * (parameter + 1) + Math.max(0, (sum - dropped) / (1 << parameter));
}

/** Writes a residual as it was planned, behind its method and partition order. */
export function writeRice(
  writer: BitWriter,
  residual: Int32Array,
  warmUp: number,
  { partitionOrder, parameters }: RicePlan,
): void {
  writer.put(0, METHOD_BITS);
  writer.put(partitionOrder, ORDER_BITS);
  const length = residual.length >> partitionOrder;
  for (let partition = 0; partition < parameters.length; partition++) {
    const parameter = parameters[partition] ?? 0;
    writer.put(parameter, PARAMETER_BITS);
    const end = (partition + 1) * length;
    for (let i = Math.max(warmUp, partition * length); i < end; i++) {
      const value = folded(residual[i] ?? 0);
      let zeros = value >>> parameter;
      while (zeros + 1 + parameter > MAXIMUM_PUT) {
        const some = Math.min(zeros, MAXIMUM_PUT);
        writer.put(0, some);
        zeros -= some;
      }
      writer.put((1 << parameter) | (value & ((1 << parameter) - 1)), zeros + 1 + parameter);
    }
  }
}

/** Signed numbers as unsigned ones: 0, -1, 1, -2 … become 0, 1, 2, 3 … (section 9.2.7.2). */
function folded(value: number): number {
  return (value << 1) ^ (value >> 31);
}
