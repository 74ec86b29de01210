/** Which part of a file an answer brings. */
export interface ByteRange {
  readonly fromByte: number;
  /** The whole file's size; absent where the server does not know it. */
  readonly totalBytes?: number;
}

/** Reads the header of a partial answer: `bytes 100-199/200` (RFC 9110, 14.4). Undefined where it is not one. */
export function byteRange(contentRange: string | undefined): ByteRange | undefined {
  const [, start, total = '*'] = /^bytes (\d+)-\d+\/(\d+|\*)$/i.exec(contentRange?.trim() ?? '') ?? [];
  if (start === undefined) return undefined;
  return total === '*' ? { fromByte: Number(start) } : { fromByte: Number(start), totalBytes: Number(total) };
}
