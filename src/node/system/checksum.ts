import { createHash, type Hash } from 'node:crypto';
import type { Checksum } from '../../core/models/parseHub';

/** A hash to be fed with a file's bytes. For git it begins with the size. */
export function newChecksum(kind: Checksum['kind'], sizeBytes: number): Hash {
  return kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes}\0`);
}

/** The checksum of all these bytes, hexadecimal. */
export function checksumOf(kind: Checksum['kind'], bytes: Uint8Array): string {
  return newChecksum(kind, bytes.length).update(bytes).digest('hex');
}
