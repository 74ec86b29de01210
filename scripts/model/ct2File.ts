import fs, { type FileHandle } from 'node:fs/promises';
import { ct2Place } from './ct2Names';
import { countOf, type ExpectedTensor, type TensorReader } from './tensorList';

/** `CURRENT_BINARY_VERSION` in CTranslate2's `python/ctranslate2/specs/model_spec.py`. */
const BINARY_VERSION = 6;
const SPEC = 'WhisperSpec';

/** Bytes of a number, by the types' codes (`_dtype_to_type_id` in the same file): float32, int8, int16, int32, float16, bfloat16. */
const BYTES_PER_NUMBER = [4, 1, 2, 4, 2, 2] as const;
const FLOAT16 = 4;

/** So much is read at once. */
const BLOCK_BYTES = 2 * 1024 * 1024;

/** A variable of a CTranslate2 file: numbers, or an option of the network. */
export interface Ct2Variable {
  /** Empty for a single number. */
  readonly shape: readonly number[];
  /** Its code, see {@link BYTES_PER_NUMBER}. */
  readonly type: number;
  /** From the file's beginning. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/**
 * The variables of a Whisper in CTranslate2's format, by their names and aliases. The format (`_serialize` in `model_spec.py`): version, name
 * and revision of the network, a count, and per variable name, number of dimensions, dimensions, type, size, numbers; then a count and pairs of
 * alias and name, as variables that are equal are stored once. A text is its length with a closing zero, itself, and the zero. All is
 * little-endian.
 *
 * @throws Error where it is none, is cut off, or goes on behind its end
 */
export async function readCt2Variables(handle: FileHandle): Promise<ReadonlyMap<string, Ct2Variable>> {
  const cursor = new Cursor(handle, (await handle.stat()).size);
  if ((await cursor.uint32()) !== BINARY_VERSION) {
    throw new Error(`it is no CTranslate2 model in version ${BINARY_VERSION} of the format`);
  }
  const spec = await cursor.text();
  if (spec !== SPEC) throw new Error(`it holds a ${spec}, no ${SPEC}`);
  // The network's revision: the options below tell what matters, the tensors' sums everything else.
  await cursor.uint32();
  const variables = new Map<string, Ct2Variable>();
  for (let left = await cursor.uint32(); left > 0; left--) {
    const name = await cursor.text();
    variables.set(name, await readVariable(cursor, name));
  }
  for (let left = await cursor.uint32(); left > 0; left--) {
    const [alias, name] = [await cursor.text(), await cursor.text()];
    const variable = variables.get(name);
    if (!variable) throw new Error(`its ${alias} stands for ${name}, which it does not have`);
    variables.set(alias, variable);
  }
  if (!cursor.isAtEnd()) throw new Error('it goes on behind its end');
  return variables;
}

async function readVariable(cursor: Cursor, name: string): Promise<Ct2Variable> {
  const dimensions = await cursor.uint8();
  const shape: number[] = [];
  for (let i = 0; i < dimensions; i++) shape.push(await cursor.uint32());
  const type = await cursor.uint8();
  const sizeBytes = await cursor.uint32();
  const bytesPerNumber = BYTES_PER_NUMBER[type];
  if (bytesPerNumber === undefined) throw new Error(`${name} is of type ${type}, which is none`);
  if (countOf(shape) * bytesPerNumber !== sizeBytes) {
    throw new Error(`${name} has another size than its shape asks for`);
  }
  return { shape, type, sizeBytes, offsetBytes: cursor.skip(sizeBytes) };
}

/**
 * Opens a Whisper in CTranslate2's format with float16 numbers.
 *
 * @throws Error where it is none or is damaged
 */
export async function openCt2File(file: string): Promise<TensorReader> {
  const handle = await fs.open(file);
  try {
    const variables = await readCt2Variables(handle);
    return {
      float16: (tensor, signal) => readTensor(handle, variables, tensor, signal),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function* readTensor(
  handle: FileHandle,
  variables: ReadonlyMap<string, Ct2Variable>,
  { name, shape }: ExpectedTensor,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const place = ct2Place(name);
  const variable = place && variables.get(place.variable);
  if (!variable) throw new Error(`it has no tensor ${name}`);
  if (variable.type !== FLOAT16) throw new Error(`${name} is not float16`);
  const [rows = 1, ...columns] = variable.shape;
  const found = [rows / place.parts, ...columns];
  if (found.join() !== shape.join()) throw new Error(`${name} is [${found.join()}], not [${shape.join()}]`);
  const sizeBytes = variable.sizeBytes / place.parts;
  const cursor = new Cursor(handle, variable.offsetBytes + variable.sizeBytes);
  cursor.skip(variable.offsetBytes + place.part * sizeBytes);
  for (let done = 0; done < sizeBytes; done += BLOCK_BYTES) {
    signal.throwIfAborted();
    yield await cursor.bytes(Math.min(BLOCK_BYTES, sizeBytes - done));
  }
}

/** Reads a file from its beginning. Small pieces come out of one larger. */
class Cursor {
  private at = 0;
  private piece: Buffer = Buffer.alloc(0);
  private pieceAt = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly endBytes: number,
  ) {}

  isAtEnd(): boolean {
    return this.at === this.endBytes;
  }

  /** @returns where what is passed over begins */
  skip(sizeBytes: number): number {
    const begin = this.at;
    if (begin + sizeBytes > this.endBytes) throw new Error('it is cut off');
    this.at += sizeBytes;
    return begin;
  }

  async uint8(): Promise<number> {
    return (await this.bytes(1)).readUInt8();
  }

  async uint32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  async text(): Promise<string> {
    const bytes = await this.bytes((await this.bytes(2)).readUInt16LE());
    if (bytes.at(-1) !== 0) throw new Error('it has a name without an end');
    return bytes.subarray(0, -1).toString('utf8');
  }

  /** Valid until the next ones are asked for. */
  async bytes(count: number): Promise<Buffer> {
    const begin = this.skip(count);
    if (begin < this.pieceAt || begin + count > this.pieceAt + this.piece.length) {
      const wanted = Math.min(Math.max(count, 4096), this.endBytes - begin);
      this.piece = await this.read(begin, wanted);
      this.pieceAt = begin;
    }
    return this.piece.subarray(begin - this.pieceAt, begin - this.pieceAt + count);
  }

  /** A single read may give less than asked for. */
  private async read(at: number, count: number): Promise<Buffer> {
    const into = Buffer.allocUnsafe(count);
    for (let done = 0; done < count;) {
      const { bytesRead } = await this.handle.read(into, done, count - done, at + done);
      if (bytesRead === 0) throw new Error('it became shorter');
      done += bytesRead;
    }
    return into;
  }
}
