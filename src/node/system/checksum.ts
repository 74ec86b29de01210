import { createHash, type Hash } from 'node:crypto';
import type { Checksum } from '../../core/models/parseHub';

/** A sum to be fed with a file's bytes; git's begins with the size. */
export function newChecksum(kind: Checksum['kind'], sizeBytes: number): Hash {
  return kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${sizeBytes}\0`);
}

/** Of bytes that are all here. Hexadecimal. */
export function checksumOf(kind: Checksum['kind'], bytes: Uint8Array): string {
  return newChecksum(kind, bytes.length).update(bytes).digest('hex');
}
