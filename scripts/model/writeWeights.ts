import { createHash } from 'node:crypto';
import fs, { type FileHandle } from 'node:fs/promises';
import { countOf, type ExpectedTensor, type TensorReader } from './tensorList';

/** float16. */
const BYTES_PER_NUMBER = 2;
/** Numbers begin at a multiple of this, as the hub's own files have it. */
const ALIGNMENT_BYTES = 8;

/**
 * Writes a safetensors file of float16 tensors under the hub's names, each of which must have the numbers that were announced.
 *
 * @param file is left half made where this fails; the caller deletes it
 * @throws Error that names the first tensor that is missing or wrong; the signal's reason when aborted
 */
export async function writeWeights(
  tensors: readonly ExpectedTensor[],
  reader: TensorReader,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const handle = await fs.open(file, 'w');
  try {
    await writeFully(handle, headerOf(tensors));
    for (const tensor of tensors) {
      const sum = createHash('sha256');
      let sizeBytes = 0;
      for await (const block of reader.float16(tensor, signal)) {
        sum.update(block);
        await writeFully(handle, block);
        sizeBytes += block.byteLength;
      }
      if (sizeBytes !== sizeOf(tensor) || sum.digest('hex') !== tensor.sha256) {
        throw new Error(`the numbers of ${tensor.name} are not those of tensors.json`);
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function sizeOf({ shape }: ExpectedTensor): number {
  return countOf(shape) * BYTES_PER_NUMBER;
}

/** The length and the JSON, filled up with blanks. */
function headerOf(tensors: readonly ExpectedTensor[]): Uint8Array {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let at = 0;
  for (const tensor of tensors) {
    const end = at + sizeOf(tensor);
    entries[tensor.name] = { dtype: 'F16', shape: tensor.shape, data_offsets: [at, end] };
    at = end;
  }
  const json = Buffer.from(JSON.stringify(entries));
  const header = Buffer.alloc(Math.ceil(json.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES, ' ');
  json.copy(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header]);
}

/** A single write may take less than it is given. */
async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done);
    done += bytesWritten;
  }
}
