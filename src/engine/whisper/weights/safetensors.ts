import { BYTES_PER_WEIGHT, isWeightType, type WeightType } from './numberTypes';

/**
 * The safetensors format, from its public description: 8 bytes little-endian length of a JSON header, the header, raw numbers. The header
 * maps a tensor's name to `dtype`, `shape` and `data_offsets` [begin, end) relative to the header's end; `__metadata__` maps strings
 * to strings.
 */
export const LENGTH_BYTES = 8;

/** The format's own limit. It keeps a wrong file from making us allocate all memory. */
const MOST_HEADER_BYTES = 100_000_000;

/** Where a tensor lies in its file. */
export interface StoredTensor {
  readonly type: WeightType;
  readonly shape: readonly number[];
  /** Offset from the file's beginning. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** Why bytes are not a safetensors file. The caller knows which file it is. */
export class BadSafetensors extends Error {}

/**
 * Reads the header's length from the first eight bytes.
 *
 * @throws BadSafetensors where the file cannot hold such a header
 */
export function parseHeaderLength(start: Uint8Array, fileBytes: number): number {
  if (start.byteLength < LENGTH_BYTES) throw new BadSafetensors('it is shorter than its first field');
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MOST_HEADER_BYTES))
    throw new BadSafetensors('its beginning tells no plausible length of a header');
  if (Number(length) + LENGTH_BYTES > fileBytes) throw new BadSafetensors('it ends within its header');
  return Number(length);
}

/**
 * Tensors by their names. Tensors of types that hold no weights (integer buffers of some exporters) are left out.
 *
 * @param header the JSON's bytes
 * @throws BadSafetensors where it is not a header, or places a tensor outside of the file or over another one
 */
export function parseHeader(header: Uint8Array, fileBytes: number): ReadonlyMap<string, StoredTensor> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch {
    throw new BadSafetensors('its header is no JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new BadSafetensors('its header is no object');
  }
  const dataBegin = LENGTH_BYTES + header.byteLength;
  const tensors = new Map<string, StoredTensor>();
  const extents: { readonly begin: number; readonly end: number; readonly name: string }[] = [];
  for (const [name, entry] of Object.entries(json as Readonly<Record<string, unknown>>)) {
    if (name === '__metadata__') continue;
    const { type, shape, begin, end } = parseEntry(name, entry);
    if (dataBegin + end > fileBytes) throw new BadSafetensors(`it ends before the end of ${name}`);
    extents.push({ begin, end, name });
    if (!isWeightType(type)) continue;
    const sizeBytes = shape.reduce((product, size) => product * size, BYTES_PER_WEIGHT[type]);
    if (sizeBytes !== end - begin) throw new BadSafetensors(`${name} has another size than its shape asks for`);
    tensors.set(name, { type, shape, offsetBytes: dataBegin + begin, sizeBytes });
  }
  extents.sort((a, b) => a.begin - b.begin || a.end - b.end);
  extents.reduce(
    (before, extent) => {
      if (extent.begin < before.end) throw new BadSafetensors(`${before.name} and ${extent.name} overlap`);
      return extent;
    },
    { begin: 0, end: 0, name: '' },
  );
  return tensors;
}

function parseEntry(
  name: string,
  entry: unknown,
): { readonly type: unknown; readonly shape: readonly number[]; readonly begin: number; readonly end: number } {
  if (typeof entry !== 'object' || entry === null) throw new BadSafetensors(`its header says nothing about ${name}`);
  const { dtype, shape, data_offsets: offsets } = entry as Readonly<Record<string, unknown>>;
  if (typeof dtype !== 'string' || !isSizes(shape)) throw new BadSafetensors(`${name} has no type or no shape`);
  if (!isSizes(offsets) || offsets.length !== 2) throw new BadSafetensors(`${name} has no place`);
  const [begin = 0, end = 0] = offsets;
  if (begin > end) throw new BadSafetensors(`${name} ends before it begins`);
  return { type: dtype, shape, begin, end };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
