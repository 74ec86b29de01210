import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ApiError } from '../../../../src/engine/api/apiError';
import { boundaryOf, parseMultipart } from '../../../../src/engine/api/parseMultipart';
import { SEED } from '../../core/random';

/** A form as the platform writes it, and the content type that goes with it. */
async function written(form: FormData): Promise<{ readonly body: Buffer; readonly contentType: string }> {
  const response = new Response(form);
  const contentType = response.headers.get('content-type') ?? '';
  return { body: Buffer.from(await response.arrayBuffer()), contentType };
}

/** Names in which nothing is written otherwise than it is. */
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !/["\\\r\n]/.test(text));
/** Text that a form keeps as it is: line breaks are normalised, and the decoder drops a mark of byte order. */
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((value) => !/[\r\n\ufeff]/.test(value));
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constantFrom('\r\n', '--', '\r\n--', '\r\n\r\n').map((end) => Buffer.from(end)),
    ),
    {
      maxLength: 8,
    },
  )
  .map((pieces) => Buffer.concat(pieces));

describe('parseMultipart', () => {
  it('reads what the platform writes, byte for byte', async () => {
    const entry = fc.oneof(fc.record({ name, value: text }), fc.record({ name, value: bytes, fileName: name }));
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
        const form = new FormData();
        for (const one of entries) {
          if ('fileName' in one) form.append(one.name, new Blob([new Uint8Array(one.value)]), one.fileName);
          else form.append(one.name, one.value);
        }
        const { body, contentType } = await written(form);
        assert.deepEqual(
          parseMultipart(body, boundaryOf(contentType)).map((part) => ({
            name: part.name,
            isFile: part.isFile,
            data: Buffer.from(part.data).toString('latin1'),
          })),
          entries.map((one) => ({
            name: one.name,
            isFile: 'fileName' in one,
            data: Buffer.from(one.value).toString('latin1'),
          })),
        );
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('takes anything else for no form, and never for another error', () => {
    const scrap = fc.constantFrom(
      '--b',
      '\r\n',
      '\r\n--b',
      '--b--',
      '--b\r\n',
      '\r\n\r\n',
      'Content-Disposition: form-data; name=a',
      ';',
      '"',
      'Content-Type: ',
      ': ',
      ' ',
      '\t',
      '\0',
      'é',
    );
    let readCount = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(scrap, fc.string()), { maxLength: 30 }), (scraps) => {
        try {
          parseMultipart(Buffer.from(scraps.join('')), 'b');
          readCount++;
        } catch (error) {
          assert.ok(error instanceof ApiError, String(error));
          assert.equal(`${error.status} ${error.code}`, '400 invalid_form');
        }
      }),
      { seed: SEED, numRuns: 5000 },
    );
    assert.ok(readCount > 0, 'some of it is a form');
  });
});
