/** A variable of a CTranslate2 file that a test makes. */
export interface SampleVariable {
  readonly name: string;
  readonly shape: readonly number[];
  /** 0 float32, 1 int8, 2 int16, 3 int32, 4 float16, 5 bfloat16. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** What of a file is not as usual. */
export interface SampleFaults {
  readonly version?: number;
  readonly spec?: string;
  /** Pairs of alias and name. */
  readonly aliases?: readonly (readonly [alias: string, name: string])[];
  readonly behind?: Uint8Array;
}

/** A file as CTranslate2's `model_spec.py` writes it. */
export function ct2Sample(variables: readonly SampleVariable[], faults: SampleFaults = {}): Buffer {
  const { version = 6, spec = 'WhisperSpec', aliases = [], behind = new Uint8Array(0) } = faults;
  return Buffer.concat([
    uint32(version),
    text(spec),
    uint32(3),
    uint32(variables.length),
    ...variables.flatMap(({ name, shape, type, bytes }) => [
      text(name),
      Buffer.from([shape.length]),
      ...shape.map(uint32),
      Buffer.from([type]),
      uint32(bytes.byteLength),
      bytes,
    ]),
    uint32(aliases.length),
    ...aliases.flatMap(([alias, name]) => [text(alias), text(name)]),
    behind,
  ]);
}

/** `count` float16 numbers, counting up from `first` in their bits. */
export function halves(first: number, count: number): Uint8Array {
  const bytes = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) bytes.writeUInt16LE(first + i, i * 2);
  return new Uint8Array(bytes);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(value.length + 1);
  return Buffer.concat([length, Buffer.from(`${value}\0`)]);
}
