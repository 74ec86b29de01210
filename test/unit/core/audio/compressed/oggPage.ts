/** A page of Ogg (RFC 3533 6), written here from the format's definition and not by the product's code. */
export function oggPage(page: {
  readonly serial: number;
  readonly sequence: number;
  readonly flags: number;
  /** How the packets' lengths are told: 255 goes on. */
  readonly lacing: readonly number[];
}): Uint8Array {
  const { serial, sequence, flags, lacing } = page;
  const bodyBytes = lacing.reduce((sum, value) => sum + value, 0);
  const bytes = new Uint8Array(27 + lacing.length + bodyBytes);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4f, 0x67, 0x67, 0x53, 0, flags]);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  view.setUint8(26, lacing.length);
  bytes.set(lacing, 27);
  let crc = 0;
  for (const value of bytes) {
    crc ^= value << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  view.setUint32(22, crc >>> 0, true);
  return bytes;
}
