/** An element's head (RFC 8794): what it is, and how much follows. */
export interface EbmlHead {
  readonly id: number;
  /** Undefined where the element lasts until another begins. */
  readonly sizeBytes: number | undefined;
  readonly headBytes: number;
}

/** More elements than any list of tracks or group of a block has. Each may be as short as two bytes. */
const MOST_ELEMENTS = 10_000;

/** A number whose own length stands in its first bits; undefined where bytes are missing or it is longer than eight. */
export function readVint(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly length: number } | undefined {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > bytes.length) return undefined;
  let value = first & (2 ** (8 - length) - 1);
  for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return { value, length };
}

/** Reads an element's head; undefined where none is, or bytes are missing. */
export function readEbmlHead(bytes: Uint8Array, at: number): EbmlHead | undefined {
  const idBytes = Math.clz32(bytes[at] ?? 0) - 23;
  if (idBytes > 4 || at + idBytes > bytes.length) return undefined;
  const size = readVint(bytes, at + idBytes);
  if (!size) return undefined;
  const isOpen = size.value === 2 ** (7 * size.length) - 1;
  return {
    id: readUint(bytes.subarray(at, at + idBytes)),
    sizeBytes: isOpen ? undefined : size.value,
    headBytes: idBytes + size.length,
  };
}

/** The elements that lie one behind the other, as far as they are whole; the first ten thousand of them. */
export function* elementsIn(bytes: Uint8Array): Generator<{ readonly id: number; readonly data: Uint8Array }> {
  for (let at = 0, count = 0; at < bytes.length && count < MOST_ELEMENTS; count++) {
    const head = readEbmlHead(bytes, at);
    const end = head?.sizeBytes === undefined ? Number.POSITIVE_INFINITY : at + head.headBytes + head.sizeBytes;
    if (!head || end > bytes.length) return;
    yield { id: head.id, data: bytes.subarray(at + head.headBytes, end) };
    at = end;
  }
}

/** A whole number; exact up to 2^53. */
export function readUint(data: Uint8Array): number {
  return data.reduce((value, byte) => value * 256 + byte, 0);
}

/** A whole number that may be negative. */
export function readInt(data: Uint8Array): number {
  const value = readUint(data);
  return (data[0] ?? 0) >= 0x80 ? value - 256 ** data.length : value;
}

/** A 32- or 64-bit float. */
export function readFloat(data: Uint8Array): number {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return data.length === 4 ? view.getFloat32(0) : data.length === 8 ? view.getFloat64(0) : 0;
}
