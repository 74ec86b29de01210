import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BadSafetensors, parseHeader, parseHeaderLength } from '../../../../../src/engine/whisper/weights/safetensors';
import { safetensorsBytes } from './safetensorsFile';

const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32'): unknown => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function parse(bytes: Uint8Array): ReturnType<typeof parseHeader> {
  const length = parseHeaderLength(bytes, bytes.byteLength);
  return parseHeader(bytes.subarray(8, 8 + length), bytes.byteLength);
}

const refused = (bytes: Uint8Array, reason: RegExp): void => {
  assert.throws(
    () => parse(bytes),
    (error) => error instanceof BadSafetensors && reason.test(error.message),
  );
};

describe('parseHeader', () => {
  it('tells where each tensor lies', () => {
    const header = { __metadata__: { format: 'pt' }, b: tensor(8, 24, [2, 2]), a: tensor(0, 8, [4], 'F16') };
    const tensors = parse(safetensorsBytes(header, Buffer.alloc(24)));
    const dataBegin = 8 + JSON.stringify(header).length;
    assert.deepEqual(
      [...tensors],
      [
        ['b', { type: 'F32', shape: [2, 2], offsetBytes: dataBegin + 8, sizeBytes: 16 }],
        ['a', { type: 'F16', shape: [4], offsetBytes: dataBegin, sizeBytes: 8 }],
      ],
    );
  });

  it('leaves out what holds no weights', () => {
    const tensors = parse(safetensorsBytes({ ids: tensor(0, 16, [2], 'I64') }, Buffer.alloc(16)));
    assert.equal(tensors.size, 0);
  });

  it('takes a scalar and an empty tensor', () => {
    const tensors = parse(safetensorsBytes({ s: tensor(0, 4, []), e: tensor(4, 4, [0, 3]) }, Buffer.alloc(4)));
    assert.deepEqual([tensors.get('s')?.sizeBytes, tensors.get('e')?.sizeBytes], [4, 0]);
  });

  it('refuses a file that was cut off', () => {
    const whole = safetensorsBytes({ a: tensor(0, 400) }, Buffer.alloc(400));
    refused(whole.subarray(0, 4), /first field/);
    refused(whole.subarray(0, 20), /within its header/);
    refused(whole.subarray(0, whole.length - 1), /before the end of a/);
  });

  it('refuses tensors that overlap, end before they begin, or have another size than their shape', () => {
    refused(safetensorsBytes({ a: tensor(0, 16), b: tensor(12, 20) }, Buffer.alloc(20)), /a and b overlap/);
    refused(safetensorsBytes({ a: tensor(8, 4, [1]) }, Buffer.alloc(20)), /ends before it begins/);
    refused(safetensorsBytes({ a: tensor(0, 16, [5]) }, Buffer.alloc(20)), /another size/);
  });

  it('refuses a header that is none', () => {
    refused(Buffer.from('<!DOCTYPE html><html>'), /plausible length/);
    refused(Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{a}')]), /no JSON/);
    for (const header of [[], 'text', null]) refused(safetensorsBytes(header, Buffer.alloc(0)), /no object/);
    for (const entry of [null, 4, {}, { dtype: 'F32' }, tensor(0, 4, [-1]), tensor(0, 4, [0.5])]) {
      refused(safetensorsBytes({ a: entry }, Buffer.alloc(4)), /nothing about a|no type or no shape/);
    }
    refused(safetensorsBytes({ a: { dtype: 'F32', shape: [1], data_offsets: [0] } }, Buffer.alloc(4)), /no place/);
  });

  it('gives every other file a reason, and never more than the file holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.json(), (bytes, json) => {
        for (const file of [bytes, safetensorsBytes(JSON.parse(json), bytes)]) {
          try {
            for (const { offsetBytes, sizeBytes } of parse(file).values()) {
              assert.ok(offsetBytes + sizeBytes <= file.byteLength);
            }
          } catch (error) {
            assert.ok(error instanceof BadSafetensors, String(error));
          }
        }
      }),
      { seed: 6 },
    );
  });
});
