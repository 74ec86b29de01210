import assert from 'node:assert/strict';
import http from 'node:http';
import { MAXIMUM_PART_HEADER_BYTES, MAXIMUM_PARTS } from '../../../../src/engine/api/parseMultipart';
import { MAXIMUM_BODY_BYTES, MAXIMUM_FIELD_BYTES, MAXIMUM_FILE_BYTES } from '../../../../src/engine/api/readForm';
import { ask, engineOnLoopback, TOKEN, WAV, type EngineOnLoopback } from './engineOnLoopback';
import { FakeRecogniser } from './fakeRecogniser';
import { BOUNDARY, bodyOf, fieldPart, filePart, LAST, MODEL, MULTIPART, partOf } from './multipartForms';

const DISPOSITION = 'Content-Disposition: form-data';

/** Forms as they come over real HTTP. */
describe('readForm', () => {
  let engine: EngineOnLoopback;
  let recogniser: FakeRecogniser;

  beforeEach(async () => {
    recogniser = new FakeRecogniser();
    engine = await serve(recogniser);
  });
  afterEach(async () => {
    // Whatever was sent, the server is well.
    assert.equal((await ask(engine, { path: '/v1/models' })).status, 200);
  });
  // Only now: it ends the server, behind the look at it.
  const serve = engineOnLoopback();

  /** Posts a body in blocks; status, and of a refusal code and parameter. */
  async function post(blocks: readonly Uint8Array[], contentType: string | undefined = MULTIPART): Promise<string> {
    const headers = contentType === '' ? {} : { 'content-type': contentType };
    const options = { method: 'POST', path: '/v1/audio/transcriptions', headers };
    const { status, text } = await ask(engine, options, blocks);
    if (status === 200) return '200';
    const { error } = JSON.parse(text) as { error: Readonly<Record<string, string | null>> };
    assert.notEqual(error['message'], '');
    return [status, error['code'], error['param']].filter((one) => one !== null).join(' ');
  }

  const accepted: Readonly<Record<string, readonly [body: Buffer, contentType?: string]>> = {
    'a form': [bodyOf(MODEL, filePart(), LAST)],
    'parts in any order': [bodyOf(filePart(), MODEL, LAST)],
    'unknown fields': [bodyOf(fieldPart('user', 'somebody'), MODEL, filePart(), LAST)],
    'text before the first part': [bodyOf('This is a form.\r\n', MODEL, filePart(), LAST)],
    'an empty line before the first part': [bodyOf('\r\n', MODEL, filePart(), LAST)],
    'what follows the last part': [bodyOf(MODEL, filePart(), LAST, filePart('second'), 'x'.repeat(100_000))],
    'no line break behind the last part': [bodyOf(MODEL, filePart(), `--${BOUNDARY}--`)],
    'blanks behind a boundary': [bodyOf(MODEL.toString().replace('xyz', 'xyz \t '), filePart(), LAST)],
    'a file without a name of its own': [bodyOf(MODEL, partOf([`${DISPOSITION}; name="file"`], WAV), LAST)],
    'names without quotes, headers in capitals': [
      bodyOf(partOf(['CONTENT-DISPOSITION:FORM-DATA;NAME=model'], 'fake-model'), filePart(), LAST),
    ],
    'a folded header': [bodyOf(partOf([`${DISPOSITION};\r\n\tname="model"`], 'fake-model'), filePart(), LAST)],
    'a field in another character set': [
      bodyOf(
        MODEL,
        partOf(
          [`${DISPOSITION}; name="prompt"`, 'Content-Type: text/plain; charset="ISO-8859-1"'],
          Buffer.from('café', 'latin1'),
        ),
        filePart(),
        LAST,
      ),
    ],
    'a boundary in quotes': [
      bodyOf(
        MODEL.toString().replace('xyz', 'a b:c'),
        Buffer.from(filePart().toString('latin1').replace('xyz', 'a b:c'), 'latin1'),
        '--a b:c--',
      ),
      'Multipart/Form-Data; charset=utf-8; Boundary="a b:c"',
    ],
  };
  for (const [what, [body, contentType]] of Object.entries(accepted)) {
    it(`takes ${what}`, async () => {
      assert.equal(await post([body], contentType), '200');
      assert.equal(recogniser.jobs.length, 1);
    });
  }

  it('reads text in the character set that a field names', async () => {
    await post([accepted['a field in another character set']?.[0] ?? Buffer.alloc(0)]);
    assert.equal(recogniser.jobs[0]?.prompt, 'café');
  });

  const anyForm = bodyOf(MODEL, filePart(), LAST);
  const field = (...headers: readonly string[]): Buffer => bodyOf(MODEL, partOf(headers, 'x'), filePart(), LAST);
  const refused: Readonly<Record<string, readonly [expected: string, body: Buffer, contentType?: string]>> = {
    'no content type': ['400 invalid_content_type', anyForm, ''],
    'another content type': ['400 invalid_content_type', Buffer.from('{"model":"fake-model"}'), 'application/json'],
    'an urlencoded form': [
      '400 invalid_content_type',
      Buffer.from('model=fake-model'),
      'application/x-www-form-urlencoded',
    ],
    'another multipart': ['400 invalid_content_type', anyForm, 'multipart/mixed; boundary=xyz'],
    'a type that only begins so': ['400 invalid_content_type', anyForm, 'multipart/form-database; boundary=xyz'],
    'no boundary': ['400 invalid_content_type', anyForm, 'multipart/form-data; charset=utf-8'],
    'an empty boundary': ['400 invalid_content_type', anyForm, 'multipart/form-data; boundary='],
    'a boundary that is too long': [
      '400 invalid_content_type',
      anyForm,
      `multipart/form-data; boundary=${'x'.repeat(71)}`,
    ],
    'a boundary that never comes': ['400 invalid_form', anyForm, 'multipart/form-data; boundary=other'],
    'two files': ['400 too_many_files file', bodyOf(MODEL, filePart(), filePart(), LAST)],
    'two files, the first empty': [
      '400 too_many_files file',
      bodyOf(MODEL, filePart('file', Buffer.alloc(0)), filePart(), LAST),
    ],
    'a file in another field': ['400 unexpected_file audio', bodyOf(MODEL, filePart('audio'), LAST)],
    'a file in another field beside the file': [
      '400 unexpected_file audio',
      bodyOf(MODEL, filePart(), filePart('audio'), LAST),
    ],
    'bytes in another field': [
      '400 unexpected_file audio',
      bodyOf(MODEL, partOf([`${DISPOSITION}; name="audio"`, 'Content-Type: application/octet-stream'], WAV), LAST),
    ],
    'no file': ['400 missing_file file', bodyOf(MODEL, LAST)],
    'no part': ['400 missing_model model', Buffer.from(LAST)],
    'an empty body': ['400 invalid_form', Buffer.alloc(0)],
    'something else': ['400 invalid_form', Buffer.from('model=fake-model')],
    'a form without an end': ['400 invalid_form', bodyOf(MODEL, filePart())],
    'a form that ends inside its file': ['400 invalid_form', bodyOf(MODEL, filePart().subarray(0, 500))],
    'a form that ends inside a header': [
      '400 invalid_form',
      bodyOf(MODEL, `--${BOUNDARY}\r\n${DISPOSITION}; name="fi`),
    ],
    'a form that ends behind a boundary': ['400 invalid_form', bodyOf(MODEL, `--${BOUNDARY}`)],
    'a form that ends inside its second file': [
      '400 invalid_form',
      bodyOf(MODEL, filePart(), filePart().subarray(0, 300)),
    ],
    'a header without an end before the next part': [
      '400 invalid_form',
      bodyOf(MODEL, `--${BOUNDARY}\r\n${DISPOSITION}; name="x"\r\n`, filePart(), LAST),
    ],
    'a boundary that goes on': ['400 invalid_form', bodyOf(MODEL, `--${BOUNDARY}z\r\n`, filePart(), LAST)],
    'lines that end without a carriage return': [
      '400 invalid_form',
      Buffer.from(anyForm.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    ],
    'a part without headers': ['400 invalid_form', bodyOf(MODEL, partOf([], 'x'), filePart(), LAST)],
    'a part without a disposition': ['400 invalid_form', field('Content-Type: text/plain')],
    'a part without a name': ['400 invalid_form', field(DISPOSITION)],
    'a part with an empty name': ['400 invalid_form', field(`${DISPOSITION}; name=""`)],
    'a part of another disposition': ['400 invalid_form', field('Content-Disposition: attachment; name="x"')],
    'a line break in a name': ['400 invalid_form', field(`${DISPOSITION}; name="a\nb"`)],
    'a line that is no header': ['400 invalid_form', field(`${DISPOSITION}; name="x"`, 'nonsense')],
    'a header without a name': ['400 invalid_form', field(`${DISPOSITION}; name="x"`, ': nonsense')],
    'an unknown character set': [
      '400 invalid_form x',
      field(`${DISPOSITION}; name="x"`, 'Content-Type: text/plain; charset=nonsense'),
    ],
    'a header that is too long': [
      '400 invalid_form',
      field(`${DISPOSITION}; name="x"`, `X: ${'y'.repeat(MAXIMUM_PART_HEADER_BYTES)}`),
    ],
    'too many headers': ['400 invalid_form', field(`${DISPOSITION}; name="x"`, ...Array<string>(5000).fill('X: y'))],
    'too many parts': ['400 invalid_form', bodyOf(...Array<Buffer>(MAXIMUM_PARTS).fill(MODEL), filePart(), LAST)],
    'a field that is too long': [
      '413 request_too_large prompt',
      bodyOf(MODEL, fieldPart('prompt', 'x'.repeat(MAXIMUM_FIELD_BYTES + 1)), filePart(), LAST),
    ],
  };
  for (const [what, [expected, body, contentType]] of Object.entries(refused)) {
    it(`refuses ${what}: ${expected}`, async () => {
      assert.equal(await post([body], contentType), expected, 'in one block');
      const middle = Math.floor(body.length / 2);
      assert.equal(await post([body.subarray(0, middle), body.subarray(middle)], contentType), expected, 'in two');
      assert.equal(recogniser.jobs.length, 0);
    });
  }

  it('takes as many parts as it says', async () => {
    const fields = Array<Buffer>(MAXIMUM_PARTS - 1).fill(MODEL);
    assert.equal(await post([bodyOf(...fields, filePart(), LAST)]), '200');
  });

  it('takes a file of exactly the limit, and refuses a larger one', async () => {
    const large = Buffer.alloc(MAXIMUM_FILE_BYTES + 1);
    WAV.subarray(0, 44).copy(large);
    large.writeUInt32LE(0xffff_ffff, 40);
    assert.equal(await post([MODEL, filePart('file', large), Buffer.from(LAST)]), '413 request_too_large file');
    assert.equal(await post([MODEL, filePart('file', large.subarray(0, -1)), Buffer.from(LAST)]), '200');
  });

  it('takes a prompt of a megabyte whole', async () => {
    const prompt = 'x'.repeat(MAXIMUM_FIELD_BYTES);
    assert.equal(await post([bodyOf(MODEL, fieldPart('prompt', prompt), filePart(), LAST)]), '200');
    assert.equal(recogniser.jobs[0]?.prompt, prompt);
  });

  /** Uploads until it is answered, though its body has no end yet; the answer's status. */
  function uploadWithoutEnd(headers: http.OutgoingHttpHeaders): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port: engine.port,
          method: 'POST',
          path: '/v1/audio/transcriptions',
          headers: { authorization: `Bearer ${TOKEN}`, 'content-type': MULTIPART, ...headers },
        },
        (response) => {
          response.resume().on('end', () => {
            resolve(response.statusCode);
            request.destroy();
          });
        },
      );
      request.on('error', reject);
      const block = Buffer.alloc(1024 * 1024);
      let isAnswered = false;
      request.on('response', () => (isAnswered = true));
      const write = (): void => {
        if (!isAnswered) request.write(block, write);
      };
      write();
    });
  }

  it('refuses a body without an end as soon as it is too large', async () => {
    assert.equal(await uploadWithoutEnd({ 'transfer-encoding': 'chunked' }), 413);
  });

  it('refuses a body that says that it is too large before it has come', async () => {
    assert.equal(await uploadWithoutEnd({ 'content-length': MAXIMUM_BODY_BYTES + 1 }), 413);
    assert.equal(await uploadWithoutEnd({ 'content-length': Number.MAX_SAFE_INTEGER }), 413);
  });
});
