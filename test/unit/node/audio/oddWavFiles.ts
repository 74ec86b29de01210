/** A chunk of a WAV: its name, its content, and the size that its header names where that is wrong. */
type Part = readonly [id: string, content: Buffer, size?: number];

const RATE_HZ = 16_000;

/** A WAV file that some program wrote otherwise than usual. */
export interface OddWav {
  readonly name: string;
  readonly bytes: Buffer;
  /** How much longer than the speech it is: in one case nobody can tell what lies behind the speech from the speech. */
  readonly surplusS?: number;
  readonly isTruncated?: boolean;
  /** Samples may be off by so much; absent: not at all. */
  readonly tolerance?: number;
}

/**
 * WAV files as they were found: recorders that were killed, pipes, sizes that wrapped, chunks in another order, headers that contradict
 * themselves, other containers of the family.
 *
 * @param pcm 16 kHz mono signed 16-bit little-endian samples
 */
export function oddWavFiles(pcm: Buffer): readonly OddWav[] {
  const fmt = format({});
  const list = Buffer.concat([Buffer.from('INFOISFT'), uint32(6), Buffer.from('Lavf60')]);
  const usual: readonly Part[] = [
    ['fmt ', fmt],
    ['data', pcm],
  ];
  const wide = widened(pcm);
  return [
    { name: 'size 0', bytes: riff([usual[0] ?? never(), ['data', pcm, 0]], 0) },
    {
      name: 'size of all ones',
      bytes: riff(
        [
          ['fmt ', fmt],
          ['data', pcm, 0xffff_ffff],
        ],
        0xffff_ffff,
      ),
    },
    {
      name: 'a size above the file',
      bytes: riff([
        ['fmt ', fmt],
        ['data', pcm, pcm.length + 22],
      ]),
      isTruncated: true,
    },
    {
      name: 'a size of the first second',
      bytes: riff([
        ['fmt ', fmt],
        ['data', pcm, 2 * RATE_HZ],
      ]),
    },
    {
      name: 'chunks before the samples',
      bytes: riff([
        ['JUNK', Buffer.alloc(4000)],
        ['fmt ', fmt],
        ['LIST', list],
        ['data', pcm],
      ]),
    },
    {
      name: 'an odd chunk without padding',
      bytes: riff(
        [
          ['fmt ', fmt],
          ['LIST', Buffer.concat([Buffer.from('INFOINAM'), uint32(3), Buffer.from('abc')])],
          ['data', pcm],
        ],
        undefined,
        false,
      ),
    },
    {
      name: 'the format behind the samples',
      bytes: riff([
        ['data', pcm],
        ['fmt ', fmt],
      ]),
    },
    {
      name: 'a chunk behind the samples',
      bytes: riff([...usual, ['LIST', Buffer.concat([Buffer.from('INFO'), Buffer.alloc(2000, 0x5a)])]]),
    },
    {
      name: 'a chunk behind the samples that is cut off',
      bytes: riff([...usual, ['LIST', Buffer.from('INFOxx'), 5000]]),
    },
    {
      name: 'a tag of 100 KB before the samples',
      bytes: riff([
        ['id3 ', Buffer.alloc(100_005, 1)],
        ['fmt ', fmt],
        ['data', pcm],
      ]),
    },
    {
      name: 'an empty first data chunk',
      bytes: riff([
        ['fmt ', fmt],
        ['data', Buffer.alloc(0)],
        ['data', pcm],
      ]),
    },
    {
      name: 'a short first data chunk',
      bytes: riff([
        ['fmt ', fmt],
        ['data', Buffer.alloc(3200)],
        ['data', pcm],
      ]),
    },
    { name: 'RF64', bytes: long('RF64', fmt, pcm) },
    { name: 'BW64', bytes: long('BW64', fmt, pcm) },
    {
      name: '24 valid bits in 32',
      bytes: riff([
        ['fmt ', format({ bits: 32, frame: 4, valid: 24 })],
        ['data', wide],
      ]),
    },
    {
      name: '24 bits, four bytes each',
      bytes: riff([
        ['fmt ', format({ bits: 24, frame: 4, valid: 24 })],
        ['data', wide],
      ]),
    },
    {
      name: '24 bits, four bytes each, in the old form',
      bytes: riff([
        ['fmt ', format({ bits: 24, frame: 4 })],
        ['data', wide],
      ]),
    },
    {
      name: 'a block size of 0',
      bytes: riff([
        ['fmt ', format({ frame: 0 })],
        ['data', pcm],
      ]),
    },
    {
      name: 'a block size of 4 for mono',
      bytes: riff([
        ['fmt ', format({ frame: 4, bytesPerSecond: 2 * RATE_HZ })],
        ['data', pcm],
      ]),
    },
    {
      name: 'floats',
      bytes: riff([
        ['fmt ', format({ tag: 3, bits: 32, frame: 4 })],
        ['data', floats(pcm)],
      ]),
    },
    { name: 'RIFX', bytes: bigEndian(pcm) },
    {
      name: 'a tag before the file',
      bytes: Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x0a', 'latin1'), Buffer.alloc(10), riff(usual)]),
    },
    { name: 'a line break before the file', bytes: Buffer.concat([Buffer.from('\r\n'), riff(usual)]) },
  ];
}

function never(): never {
  throw new Error('not there');
}

interface Format {
  readonly tag?: number;
  readonly bits?: number;
  readonly frame?: number;
  readonly bytesPerSecond?: number;
  /** Writes the extensible form. */
  readonly valid?: number;
}

function format({ tag = 1, bits = 16, frame = 2, bytesPerSecond = RATE_HZ * (frame || 2), valid }: Format): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(valid === undefined ? tag : 0xfffe, 0);
  bytes.writeUInt16LE(1, 2);
  bytes.writeUInt32LE(RATE_HZ, 4);
  bytes.writeUInt32LE(bytesPerSecond, 8);
  bytes.writeUInt16LE(frame, 12);
  bytes.writeUInt16LE(bits, 14);
  if (valid === undefined) return bytes;
  const extension = Buffer.alloc(24);
  extension.writeUInt16LE(22, 0);
  extension.writeUInt16LE(valid, 2);
  extension.writeUInt32LE(4, 4);
  // The GUID of plain samples.
  extension.write('0100000000001000800000aa00389b71', 8, 'hex');
  return Buffer.concat([bytes, extension]);
}

function riff(parts: readonly Part[], size?: number, isPadded = true): Buffer {
  const body = Buffer.concat(
    parts.flatMap(([id, content, named = content.length]) => [
      Buffer.from(id),
      uint32(named),
      content,
      Buffer.alloc(isPadded ? content.length % 2 : 0),
    ]),
  );
  return Buffer.concat([Buffer.from('RIFF'), uint32(size ?? body.length + 4), Buffer.from('WAVE'), body]);
}

function long(form: string, fmt: Buffer, pcm: Buffer): Buffer {
  const sizes = Buffer.alloc(28);
  sizes.writeBigUInt64LE(BigInt(pcm.length + 72), 0);
  sizes.writeBigUInt64LE(BigInt(pcm.length), 8);
  sizes.writeBigUInt64LE(BigInt(pcm.length / 2), 16);
  const head = [Buffer.from(form), uint32(0xffff_ffff), Buffer.from('WAVEds64'), uint32(28), sizes];
  return Buffer.concat([...head, Buffer.from('fmt '), uint32(16), fmt, Buffer.from('data'), uint32(0xffff_ffff), pcm]);
}

function bigEndian(pcm: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFX', 0);
  head.writeUInt32BE(36 + pcm.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32BE(16, 16);
  head.writeUInt16BE(1, 20);
  head.writeUInt16BE(1, 22);
  head.writeUInt32BE(RATE_HZ, 24);
  head.writeUInt32BE(2 * RATE_HZ, 28);
  head.writeUInt16BE(2, 32);
  head.writeUInt16BE(16, 34);
  head.write('data', 36);
  head.writeUInt32BE(pcm.length, 40);
  return Buffer.concat([head, Buffer.from(pcm).swap16()]);
}

/** 16 bits in the upper half of 32. */
function widened(pcm: Buffer): Buffer {
  const wide = Buffer.alloc(2 * pcm.length);
  for (let at = 0; at < pcm.length; at += 2) wide.writeInt32LE(pcm.readInt16LE(at) * 65_536, 2 * at);
  return wide;
}

function floats(pcm: Buffer): Buffer {
  const wide = Buffer.alloc(2 * pcm.length);
  for (let at = 0; at < pcm.length; at += 2) wide.writeFloatLE(pcm.readInt16LE(at) / 32_768, 2 * at);
  return wide;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
