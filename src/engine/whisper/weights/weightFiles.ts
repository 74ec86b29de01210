import fs from 'node:fs/promises';
import path from 'node:path';
import { BYTES_PER_WEIGHT, toFloat32 } from './numberTypes';
import { BadSafetensors, LENGTH_BYTES, parseHeader, parseHeaderLength, type StoredTensor } from './safetensors';
import { UnusableModel } from './unusableModel';

/** All weights in one file, as on the public hub. */
export const WEIGHTS_FILE = 'model.safetensors';
/** The file that names the shards of divided weights. */
export const INDEX_FILE = 'model.safetensors.index.json';

/** Some rows of a tensor, as float32. */
export interface RowBlock {
  readonly firstRow: number;
  /** Row after row. Valid only until the next block is asked for, which uses the same memory. */
  readonly values: Float32Array;
}

/** How much is read at once: enough for a quick disk, but far less than a vocabulary's 100 to 265 MB. */
const BLOCK_BYTES = 2 * 1024 * 1024;

interface TensorInFile extends StoredTensor {
  readonly file: string;
  readonly handle: fs.FileHandle;
}

/**
 * The weights of a model, in one safetensors file or in shards with an index. They are read range by range, so that only one block of a
 * tensor is in memory, however large the model is. Tensors are named without the prefix `model.`, which only some exporters write. The
 * caller that opens it must close it.
 */
export class WeightFiles {
  private constructor(
    private readonly tensors: ReadonlyMap<string, TensorInFile>,
    private readonly handles: readonly fs.FileHandle[],
  ) {}

  /** @throws UnusableModel where files are missing or damaged */
  static async open(folder: string): Promise<WeightFiles> {
    const tensors = new Map<string, TensorInFile>();
    const handles: fs.FileHandle[] = [];
    try {
      for (const file of await weightFileNames(folder)) {
        const handle = await fs.open(path.join(folder, file));
        handles.push(handle);
        for (const [name, tensor] of await readHeader(file, handle)) {
          tensors.set(name.replace(/^model\./, ''), { ...tensor, file, handle });
        }
      }
    } catch (error) {
      await Promise.all(handles.map((handle) => handle.close()));
      throw error;
    }
    return new WeightFiles(tensors, handles);
  }

  async close(): Promise<void> {
    await Promise.all(this.handles.map((handle) => handle.close()));
  }

  /** Undefined where there is no such tensor. */
  shapeOf(name: string): readonly number[] | undefined {
    return this.tensors.get(name)?.shape;
  }

  /** A whole tensor. For small tensors, and for those that are not read by rows. */
  async read(name: string, signal: AbortSignal): Promise<Float32Array<ArrayBuffer>> {
    const tensor = this.get(name);
    const values = new Float32Array(tensor.sizeBytes / BYTES_PER_WEIGHT[tensor.type]);
    const perRow = values.length / (tensor.shape[0] ?? 1);
    for await (const block of this.rows(name, signal)) values.set(block.values, block.firstRow * perRow);
    return values;
  }

  /** A tensor from its first to its last row (its first dimension), as many rows at once as fit a block. */
  async *rows(name: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
    const { type, shape, offsetBytes, sizeBytes, file, handle } = this.get(name);
    const rows = shape[0] ?? 1;
    if (sizeBytes === 0) return;
    const rowBytes = sizeBytes / rows;
    const rowsPerBlock = Math.max(1, Math.min(rows, Math.floor(BLOCK_BYTES / rowBytes)));
    const bytes = Buffer.alloc(rowsPerBlock * rowBytes);
    const values = new Float32Array(bytes.byteLength / BYTES_PER_WEIGHT[type]);
    for (let firstRow = 0; firstRow < rows; firstRow += rowsPerBlock) {
      signal.throwIfAborted();
      const wanted = Math.min(rowsPerBlock, rows - firstRow) * rowBytes;
      const block = bytes.subarray(0, wanted);
      await readFully(handle, file, block, offsetBytes + firstRow * rowBytes);
      toFloat32(block, type, values);
      yield { firstRow, values: values.subarray(0, wanted / BYTES_PER_WEIGHT[type]) };
    }
  }

  private get(name: string): TensorInFile {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new UnusableModel({ kind: 'notWhisper', reason: `it has no tensor ${name}` });
    return tensor;
  }
}

/** Which files hold the weights, relative to the folder. */
async function weightFileNames(folder: string): Promise<readonly string[]> {
  if (await exists(path.join(folder, WEIGHTS_FILE))) return [WEIGHTS_FILE];
  const index = path.join(folder, INDEX_FILE);
  if (!(await exists(index))) throw new UnusableModel({ kind: 'missing', files: [WEIGHTS_FILE] });
  const files = [...new Set(parseIndex(await fs.readFile(index, 'utf8')))];
  const there = await Promise.all(files.map((file) => exists(path.join(folder, file))));
  const missing = files.filter((_, i) => !there[i]);
  if (missing.length > 0) throw new UnusableModel({ kind: 'missing', files: missing });
  return files;
}

/** The shards that an index names. The index was downloaded, so a shard's name must not lead out of the folder. */
function parseIndex(text: string): readonly string[] {
  const damaged = (reason: string): UnusableModel => new UnusableModel({ kind: 'damaged', file: INDEX_FILE, reason });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged('it is no JSON');
  }
  const map = typeof json === 'object' && json !== null && 'weight_map' in json ? json.weight_map : undefined;
  if (typeof map !== 'object' || map === null) throw damaged('it has no weight_map');
  return Object.values(map).map((file: unknown) => {
    if (typeof file !== 'string' || !/^[^/\\]+\.safetensors$/.test(file)) throw damaged('it names no files beside it');
    return file;
  });
}

async function readHeader(file: string, handle: fs.FileHandle): Promise<ReadonlyMap<string, StoredTensor>> {
  try {
    const { size } = await handle.stat();
    const start = Buffer.alloc(Math.min(size, LENGTH_BYTES));
    await readFully(handle, file, start, 0);
    const header = Buffer.alloc(parseHeaderLength(start, size));
    await readFully(handle, file, header, LENGTH_BYTES);
    return parseHeader(header, size);
  } catch (error) {
    if (!(error instanceof BadSafetensors)) throw error;
    throw new UnusableModel({ kind: 'damaged', file, reason: error.message });
  }
}

/** Reads all bytes: a single read may give fewer. */
async function readFully(handle: fs.FileHandle, file: string, into: Uint8Array, offsetBytes: number): Promise<void> {
  for (let done = 0; done < into.byteLength;) {
    const { bytesRead } = await handle.read(into, done, into.byteLength - done, offsetBytes + done);
    if (bytesRead === 0) throw new UnusableModel({ kind: 'damaged', file, reason: 'it became shorter' });
    done += bytesRead;
  }
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
