import { readFileSync, writeFileSync } from 'node:fs';
import type { WeightType } from '../../../../../src/engine/whisper/weights/numberTypes';

/** A tensor to be written. */
export interface TestTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Writes a safetensors file as exporters do. Values that the type cannot hold exactly are cut off towards zero. */
export function writeSafetensors(
  file: string,
  tensors: Readonly<Record<string, TestTensor>>,
  type: Exclude<WeightType, 'F16'>,
): void {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const parts = Object.entries(tensors).map(([name, { shape, values }]) => {
    const bytes = type === 'F32' ? Buffer.from(values.slice().buffer) : bfloat16(values);
    header[name] = { dtype: type, shape, data_offsets: [end, end + bytes.byteLength] };
    end += bytes.byteLength;
    return bytes;
  });
  writeFileSync(file, safetensorsBytes(header, Buffer.concat(parts)));
}

/** The bytes of a file with this header, right or wrong. */
export function safetensorsBytes(header: unknown, data: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return Buffer.concat([length, json, data]);
}

/** The tensors of a float16 file, read by plain arithmetic. */
export function readHalfFloats(file: string): Record<string, TestTensor> {
  const bytes = readFileSync(file);
  const headerEnd = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, headerEnd)) as Record<
    string,
    { readonly shape: readonly number[]; readonly data_offsets: readonly [number, number] }
  >;
  return Object.fromEntries(
    Object.entries(header).flatMap(([name, { shape, data_offsets }]) => {
      if (name === '__metadata__') return [];
      const [begin, end] = data_offsets;
      const values = Float32Array.from({ length: (end - begin) / 2 }, (_, i) =>
        halfFloat(bytes.readUInt16LE(headerEnd + begin + 2 * i)),
      );
      return [[name, { shape, values }]];
    }),
  );
}

/** IEEE 754 binary16, finite. */
function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  const magnitude = exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15);
  return bits >> 15 ? -magnitude : magnitude;
}

function bfloat16(values: Float32Array): Buffer {
  const bits = new Uint32Array(values.slice().buffer);
  return Buffer.from(Uint16Array.from(bits, (word) => word >>> 16).buffer);
}
