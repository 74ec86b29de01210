import fc from 'fast-check';
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { FormField } from '../../../../src/core/endpoints/dialects';
import { multipartBody, type FilePart } from '../../../../src/node/http/multipart';
import { parseForm } from '../../../fakes/scriptedServer';
import { problemWith } from '../problems';
import { sharedFolder } from '../temporaryFolder';

const CONTENT = Buffer.from(Uint8Array.from({ length: 150_000 }, (_, i) => (i * 7) % 256));
const HEADER = Buffer.from('RIFF\r\n--header');

describe('multipartBody', () => {
  const folder = sharedFolder();
  const file = (): string => path.join(folder(), 'content.bin');
  const part = (lengthBytes = 100_000, changes: Partial<FilePart> = {}): FilePart => ({
    fileName: 'audio.wav',
    contentType: 'audio/wav',
    bytes: HEADER,
    range: { path: file(), offsetBytes: 1000, lengthBytes },
    ...changes,
  });

  before(() => fs.writeFile(file(), CONTENT));

  async function sent(fields: readonly FormField[], filePart = part()): Promise<{ body: Buffer; contentType: string }> {
    const form = multipartBody(fields, filePart);
    const blocks: Uint8Array[] = [];
    for await (const block of form.stream(NEVER)) blocks.push(block);
    const body = Buffer.concat(blocks);
    assert.equal(form.lengthBytes, body.length, 'the length is told exactly');
    return { body, contentType: form.contentType };
  }

  it('parses back: fields in order, a name twice, and the file behind its header', async () => {
    const fields: FormField[] = [
      ['model', 'whisper-large-v3-turbo'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
      ['prompt', 'Zoë says “naïve”, 日本語, 🎙️.\r\nA second line; "quotes"\n--minutes-boundary--'],
      ['empty', ''],
    ];
    const { body, contentType } = await sent(fields);
    const form = await parseForm(contentType, body);
    assert.deepEqual(form.fields, fields);
    assert.deepEqual(
      form.files.map(({ field, name, type }) => [field, name, type]),
      [['file', 'audio.wav', 'audio/wav']],
    );
    assert.ok(form.files[0]?.bytes.equals(Buffer.concat([HEADER, CONTENT.subarray(1000, 101_000)])));
  });

  it('parses back whatever the values are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z_]{1,12}(\[\])?$/), fc.string({ unit: 'binary', maxLength: 200 })), {
          maxLength: 8,
        }),
        fc.nat({ max: 3000 }),
        async (fields, lengthBytes) => {
          // Lone surrogates have no UTF-8; what is sent is the replacement character.
          const expected = fields.map(([name, value]) => [name, Buffer.from(value).toString()]);
          const { body, contentType } = await sent(fields, part(lengthBytes));
          const form = await parseForm(contentType, body);
          assert.deepEqual(form.fields, expected);
          assert.equal(form.files[0]?.bytes.length, HEADER.length + lengthBytes);
        },
      ),
      { seed: 2, numRuns: 100 },
    );
  });

  it('keeps a name with quotes and line breaks inside its quotes', async () => {
    const { body, contentType } = await sent(
      [['a"b\r\nContent-Disposition: form-data; name="model', 'x']],
      part(10, { fileName: 'Réunion "Q3"\r\nX-Evil: 1.wav' }),
    );
    assert.ok(!body.includes('\r\nX-Evil'));
    const form = await parseForm(contentType, body);
    assert.deepEqual(
      form.fields.map(([name]) => name),
      ['a%22b%0D%0AContent-Disposition: form-data; name=%22model'],
    );
    assert.equal(form.files[0]?.name, 'Réunion %22Q3%22%0D%0AX-Evil: 1.wav');
  });

  it('holds a file that lies in memory', async () => {
    const { body, contentType } = await sent([['model', 'm']], {
      fileName: 'a.flac',
      contentType: 'audio/flac',
      bytes: CONTENT,
    });
    const { files } = await parseForm(contentType, body);
    assert.deepEqual([files[0]?.name, files[0]?.type], ['a.flac', 'audio/flac']);
    assert.ok(files[0]?.bytes.equals(CONTENT));
  });

  it('can be streamed again for another attempt, with the same bytes', async () => {
    const form = multipartBody([['model', 'm']], part());
    const [first, second]: Uint8Array[][] = [[], []];
    for await (const block of form.stream(NEVER)) first?.push(block);
    for await (const block of form.stream(NEVER)) second?.push(block);
    assert.deepEqual(Buffer.concat(first ?? []), Buffer.concat(second ?? []));
  });

  it('has a boundary of its own every time', () => {
    assert.notEqual(multipartBody([], part()).contentType, multipartBody([], part()).contentType);
  });

  it('fails on a file that became shorter, in place of sending less than it said', async () => {
    const problem = await problemWith('fileUnreadable', sent([], part(CONTENT.length)));
    assert.equal(problem.file, 'content.bin');
  });
});
