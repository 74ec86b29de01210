import { deflateRawSync } from 'node:zlib';

/** A file in an archive that a test makes. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isDeflated: boolean;
}

/**
 * An archive as APPNOTE.TXT of PKWARE describes it, sections 4.3.7 (a file's header), 4.3.12 (the directory) and 4.3.16 (its end). The files' CRCs
 * are left at 0: who reads it checks the whole by a sum of its own.
 */
export function zipSample(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, isDeflated } of entries) {
    const stored = isDeflated ? deflateRawSync(bytes) : Buffer.from(bytes);
    // Version 2.0, flags, method, time and date, CRC, sizes, length of the name, of what is extra.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isDeflated ? 8 : 0, 4);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(bytes.byteLength, 18);
    common.writeUInt16LE(name.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), stored]);
    const behind = Buffer.alloc(14);
    behind.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, behind, Buffer.from(name));
    files.push(file);
    at += file.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, list, end]);
}
