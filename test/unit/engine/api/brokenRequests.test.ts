import assert from 'node:assert/strict';
import net from 'node:net';
import { ask, engineOnLoopback, TOKEN, type EngineOnLoopback } from './engineOnLoopback';
import { FakeRecogniser, HELLO } from './fakeRecogniser';
import { bodyOf, filePart, LAST, MODEL, MULTIPART } from './multipartForms';

const FORM = bodyOf(MODEL, filePart(), LAST);

/** The head of a request for a text. */
function head(...headers: readonly string[]): string {
  const first = ['POST /v1/audio/transcriptions HTTP/1.1', 'Host: engine', `Authorization: Bearer ${TOKEN}`];
  return [...first, `Content-Type: ${MULTIPART}`, ...headers, '', ''].join('\r\n');
}

/** Requests that no client library sends, over bare sockets. */
describe('A request that is broken', () => {
  let engine: EngineOnLoopback;

  afterEach(async () => {
    // Whatever was sent, the server is well.
    assert.equal((await ask(engine, { path: '/v1/models' })).status, 200);
  });
  // Only now: it ends the server, behind the look at it.
  const serve = engineOnLoopback();

  /** Sends this, and reads until the server ends the connection. */
  async function talk(said: string | Buffer, endsAfterwards = false): Promise<string> {
    const socket = net.connect(engine.port, '127.0.0.1');
    const read: Buffer[] = [];
    socket.on('data', (block: Buffer) => read.push(block));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    if (endsAfterwards) socket.end(said);
    else socket.write(said);
    await closed;
    return Buffer.concat(read).toString();
  }

  /** Status and code of each answer; every one has an id and says its length. */
  function answersOf(text: string): string[] {
    return text.split(/(?=HTTP\/1\.1 )/).map((answer) => {
      const [top = '', body = ''] = answer.split('\r\n\r\n');
      assert.match(top, /^x-request-id: req_[0-9a-f]{26}$/im);
      assert.equal(/^content-length: (\d+)$/im.exec(top)?.[1], String(Buffer.byteLength(body)));
      const { error } = JSON.parse(body) as { error?: { message: string; code: string; param: null } };
      return [top.split(' ')[1], ...(error ? [error.code] : [])].join(' ');
    });
  }

  for (const [what, said, expected] of [
    ['no HTTP', 'hello\r\n\r\n', '400 invalid_request'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00', '400 invalid_request'],
    ['too large headers', head(`X: ${'y'.repeat(100_000)}`), '431 headers_too_large'],
    ['a length in words', head('Content-Length: long'), '400 invalid_request'],
    ['two lengths', head('Content-Length: 10', 'Content-Length: 20'), '400 invalid_request'],
    ['a length and blocks', head('Content-Length: 10', 'Transfer-Encoding: chunked'), '400 invalid_request'],
    ['a block without a size', `${head('Transfer-Encoding: chunked')}xyz\r\n`, '400 invalid_request'],
  ] as const) {
    it(`is answered and its connection closed: ${what}`, async () => {
      engine = await serve();
      assert.deepEqual(answersOf(await talk(said)), [expected]);
    });
  }

  it('is answered where it ends before all of it has come', async () => {
    const recogniser = new FakeRecogniser();
    engine = await serve(recogniser);
    const said = bodyOf(head('Content-Length: 100000'), FORM.subarray(0, 1000));
    assert.deepEqual(answersOf(await talk(said, true)), ['400 invalid_request']);
    assert.equal(recogniser.jobs.length, 0);
  });

  it('is answered where it says less than comes', async () => {
    const recogniser = new FakeRecogniser();
    engine = await serve(recogniser);
    const text = await talk(bodyOf(head('Content-Length: 1000'), FORM));
    // Where both arrive at once, one answer is for the form and for what comes behind it.
    for (const answer of answersOf(text)) assert.match(answer, /^400 invalid_(form|request)$/);
    assert.equal(recogniser.jobs.length, 0);
  });

  it('is answered where it does not go on', async () => {
    engine = await serve(undefined, { arrivalTimeoutMs: 100 });
    for (const said of [bodyOf(head('Content-Length: 100000'), FORM.subarray(0, 1000)), Buffer.from('POST /v1/')]) {
      assert.deepEqual(answersOf(await talk(said)), ['408 request_timeout']);
    }
  });

  it('waits for its answer for as long as the recogniser works', async () => {
    let end = (): void => undefined;
    const isEnded = new Promise<void>((resolve) => (end = resolve));
    const recogniser = new FakeRecogniser(() => isEnded.then(() => HELLO));
    engine = await serve(recogniser, { arrivalTimeoutMs: 50 });
    const headers = { 'content-type': MULTIPART };
    const answer = ask(engine, { method: 'POST', path: '/v1/audio/transcriptions', headers }, [FORM]);
    // Requests that arrive too late are looked for meanwhile, several times.
    assert.deepEqual(answersOf(await talk('POST /v1/')), ['408 request_timeout']);
    assert.deepEqual(answersOf(await talk('POST /v1/')), ['408 request_timeout']);
    end();
    assert.equal((await answer).status, 200);
  });

  it('spoils no answer that is under way, and no request behind it', async () => {
    const recogniser = new FakeRecogniser();
    engine = await serve(recogniser);
    const bad = bodyOf(MODEL, filePart(), filePart(), LAST);
    const last = head(`Content-Length: ${FORM.length}`, 'Connection: close');
    const text = await talk(bodyOf(head(`Content-Length: ${bad.length}`), bad, last, FORM));
    assert.deepEqual(answersOf(text), ['400 too_many_files', '200']);
    assert.equal(recogniser.jobs.length, 1);
  });

  it('is forgotten where its client hangs up in the middle of its upload', async () => {
    const recogniser = new FakeRecogniser();
    engine = await serve(recogniser);
    const socket = net.connect(engine.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    const taken = new Promise((resolve) => engine.server.once('request', resolve));
    socket.write(bodyOf(head('Content-Length: 100000'), FORM.subarray(0, 1000)));
    await taken;
    socket.resetAndDestroy();
    await closed;
    const headers = { 'content-type': MULTIPART };
    const next = await ask(engine, { method: 'POST', path: '/v1/audio/transcriptions', headers }, [FORM]);
    assert.deepEqual([next.status, recogniser.jobs.length], [200, 1]);
  });

  it('may expect what nobody knows', async () => {
    engine = await serve();
    const answer = await ask(engine, { path: '/v1/models', headers: { expect: 'miracles' } });
    assert.deepEqual([answer.status, typeof answer.headers['x-request-id']], [200, 'string']);
  });
});
