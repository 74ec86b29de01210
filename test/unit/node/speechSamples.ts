import fs from 'node:fs/promises';
import { jfkWav } from '../../speech';

/** The bytes of jfk.wav behind its header: 16 kHz mono 16 bit, 11 s. */
export async function speechSamples(): Promise<Buffer> {
  const file = await fs.readFile(jfkWav());
  const header = file.indexOf('data', 12, 'latin1');
  const start = header + 8;
  return file.subarray(start, start + file.readUInt32LE(header + 4));
}

/** Silence of the same kind. */
export function silentSamples(seconds: number): Buffer {
  return Buffer.alloc(Math.round(seconds * 16_000) * 2);
}
