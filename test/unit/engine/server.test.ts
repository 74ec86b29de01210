import assert from 'node:assert/strict';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { MAXIMUM_FIELD_BYTES, MAXIMUM_FILE_BYTES } from '../../../src/engine/readForm';
import { createServer } from '../../../src/engine/server';
import { preparedWav } from '../node/wavFile';
import { FakeRecogniser, HELLO } from './fakeRecogniser';

const TOKEN = 'a-token-of-the-test';
const WAV = preparedWav(16_000, (at) => Math.sin(at / 10) / 4);

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** The engine's server over real HTTP, before a recogniser that says what it is told. */
describe('createServer', () => {
  let server = http.createServer();
  let origin = '';

  async function serve(recogniser = new FakeRecogniser()): Promise<FakeRecogniser> {
    server = createServer(recogniser, TOKEN);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return recogniser;
  }

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function request(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${TOKEN}`);
    const response = await fetch(origin + path, { ...init, headers });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  }

  function form(fields: readonly (readonly [string, string])[] = [], file: Uint8Array = WAV): FormData {
    const data = new FormData();
    data.append('model', 'fake-model');
    for (const [name, value] of fields) data.append(name, value);
    data.append('file', new Blob([new Uint8Array(file)], { type: 'audio/wav' }), 'audio.wav');
    return data;
  }

  const post = (body: FormData, signal?: AbortSignal): Promise<Answer> =>
    request('/v1/audio/transcriptions', { method: 'POST', body, ...(signal ? { signal } : {}) });

  /** Sends a body as it is, with this content type. */
  const postRaw = (contentType: string | undefined, body: string): Promise<Answer> =>
    request('/v1/audio/transcriptions', {
      method: 'POST',
      body: Buffer.from(body),
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    });

  function refusal({ status, type, text }: Answer): string {
    assert.equal(type, 'application/json');
    const { error } = JSON.parse(text) as { error: { message: string; type: string; code: string } };
    assert.notEqual(error.message, '');
    assert.equal(error.type, status >= 500 ? 'server_error' : 'invalid_request_error');
    return `${status} ${error.code}`;
  }

  describe('asks for the token', () => {
    for (const [what, headers] of Object.entries({
      'none at all': {},
      'another of the same length': { authorization: `Bearer ${'x'.repeat(TOKEN.length)}` },
      'its beginning': { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
      'more than it': { authorization: `Bearer ${TOKEN}x` },
      'another scheme': { authorization: `Basic  ${TOKEN}` },
      'another header': { 'x-api-key': TOKEN },
    } satisfies Record<string, Record<string, string>>)) {
      it(`and answers 401 to ${what}`, async () => {
        const recogniser = await serve();
        for (const [path, init] of [
          ['/v1/models', {}],
          ['/v1/audio/transcriptions', { method: 'POST', body: form() }],
          ['/elsewhere', {}],
        ] as const) {
          const response = await fetch(origin + path, { ...init, headers });
          assert.equal(response.status, 401, path);
          assert.ok(!(await response.text()).includes(TOKEN));
        }
        assert.equal(recogniser.jobs.length, 0);
      });
    }
  });

  it('lists its model', async () => {
    await serve();
    const { status, text } = await request('/v1/models');
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text), {
      object: 'list',
      data: [{ id: 'fake-model', object: 'model', owned_by: 'local' }],
    });
  });

  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/v1/audio/transcriptions'],
    ['GET', '/v1/audio/translations'],
    ['POST', '/v1/audio/translations/'],
    ['POST', '/v1/models'],
    ['GET', '/v1/models/'],
    ['DELETE', '/v1/models'],
    ['GET', '//'],
    ['GET', '/v1/../etc/passwd'],
  ] as const) {
    it(`answers 404 to ${method} ${path}`, async () => {
      await serve();
      // By hand: fetch would tidy the path.
      const answer = await new Promise<Answer>((resolve, reject) => {
        const { port } = new URL(origin);
        const headers = { authorization: `Bearer ${TOKEN}` };
        http
          .request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
            const blocks: Buffer[] = [];
            response.on('data', (block: Buffer) => blocks.push(block));
            response.on('end', () => {
              const type = response.headers['content-type'] ?? null;
              resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(blocks).toString() });
            });
          })
          .on('error', reject)
          .end();
      });
      assert.equal(refusal(answer), '404 unknown_url');
    });
  }

  describe('answers', () => {
    it('json: the text', async () => {
      const recogniser = await serve();
      const { status, type, text } = await post(form());
      assert.deepEqual([status, type], [200, 'application/json']);
      const answer = JSON.parse(text) as Record<string, unknown>;
      assert.deepEqual(Object.keys(answer), ['text', 'x_groq']);
      assert.equal(answer['text'], HELLO.text);
      assert.ok(WAV.subarray(44).equals(recogniser.jobs[0]?.pcm ?? Buffer.alloc(0)), 'the samples as they were sent');
    });

    it('text: the text and a line break', async () => {
      await serve();
      const { type, text } = await post(form([['response_format', 'text']]));
      assert.deepEqual([type, text], ['text/plain; charset=utf-8', 'hello there\n']);
    });

    for (const [granularities, keys] of [
      [[], ['segments']],
      [['segment'], ['segments']],
      [['word'], ['words']],
      [
        ['segment', 'word'],
        ['segments', 'words'],
      ],
    ] as const) {
      it(`verbose_json with ${granularities.join(' and ') || 'no granularity'}: ${keys.join(' and ')}`, async () => {
        await serve();
        const fields = granularities.map((one) => ['timestamp_granularities[]', one] as const);
        const { text } = await post(form([['response_format', 'verbose_json'], ...fields]));
        const { x_groq, ...answer } = JSON.parse(text) as Record<string, unknown>;
        assert.ok(x_groq);
        assert.deepEqual(answer, {
          ...{ task: 'transcribe', language: 'english', duration: 1, text: HELLO.text },
          ...Object.fromEntries(keys.map((key) => [key, HELLO[key]])),
        });
      });
    }

    it('srt and vtt: cues', async () => {
      await serve();
      const srt = await post(form([['response_format', 'srt']]));
      assert.deepEqual(
        [srt.type, srt.text],
        ['application/x-subrip; charset=utf-8', '1\n00:00:00,100 --> 00:00:00,900\nhello there\n'],
      );
      const vtt = await post(form([['response_format', 'vtt']]));
      assert.deepEqual(
        [vtt.type, vtt.text],
        ['text/vtt; charset=utf-8', 'WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nhello there\n'],
      );
    });

    it('a translation, with the language that was spoken', async () => {
      const recogniser = await serve(
        new FakeRecogniser(() => Promise.resolve({ ...HELLO, language: 'fr' }), ['en', 'fr'], true),
      );
      const body = form([['response_format', 'verbose_json']]);
      const { status, text } = await request('/v1/audio/translations', { method: 'POST', body });
      assert.equal(status, 200);
      const { task, language } = JSON.parse(text) as Record<string, unknown>;
      assert.deepEqual([task, language], ['translate', 'french']);
      assert.equal(recogniser.jobs[0]?.task, 'translate');
    });

    it('a translation that the model cannot make with 400', async () => {
      const recogniser = await serve();
      const answer = await request('/v1/audio/translations', { method: 'POST', body: form() });
      assert.equal(refusal(answer), '400 unsupported_task');
      assert.match(answer.text, /translat/);
      assert.equal(recogniser.jobs.length, 0);
    });

    it('a request that cannot be answered in the API’s own shape', async () => {
      const recogniser = await serve();
      assert.equal(refusal(await post(form([['response_format', 'ass']]))), '400 invalid_response_format');
      assert.equal(refusal(await post(form([['model', 'whisper-1']]))), '404 model_not_found');
      assert.equal(refusal(await post(form([], Buffer.from('ID3')))), '400 unsupported_audio_format');
      assert.equal(recogniser.jobs.length, 0);
    });

    it('a failure of the recogniser with 500, and the next request as ever', async () => {
      let count = 0;
      await serve(
        new FakeRecogniser(() => (count++ === 0 ? Promise.reject(new Error('broken')) : Promise.resolve(HELLO))),
      );
      assert.equal(refusal(await post(form())), '500 internal_error');
      assert.equal((await post(form())).status, 200);
    });
  });

  describe('reads forms', () => {
    const BOUNDARY = 'xyz';
    const part = (disposition: string, body: string): string =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${body}\r\n`;
    const multipart = `multipart/form-data; boundary=${BOUNDARY}`;

    afterEach(async () => {
      // Whatever was sent, the server is well.
      assert.equal((await request('/v1/models')).status, 200);
    });

    for (const [what, contentType, body] of [
      ['no content type', undefined, 'model=fake-model'],
      ['another content type', 'application/json', '{"model":"fake-model"}'],
      ['an urlencoded form', 'application/x-www-form-urlencoded', 'model=fake-model'],
      ['another multipart', 'multipart/mixed; boundary=xyz', part('name="model"', 'fake-model')],
    ] as const) {
      it(`refuses ${what}`, async () => {
        await serve();
        assert.equal(refusal(await postRaw(contentType, body)), '400 invalid_content_type');
      });
    }

    for (const [what, contentType, body] of [
      ['a content type without a boundary', 'multipart/form-data; charset=utf-8', part('name="model"', 'fake-model')],
      ['a boundary that never comes', 'multipart/form-data; boundary=other', part('name="model"', 'fake-model')],
      ['a form without an end', multipart, part('name="model"', 'fake-model')],
      ['a file without an end', multipart, part('name="file"; filename="a.wav"', 'RIFF').slice(0, -2)],
      ['an empty body', multipart, ''],
      ['a part whose header does not end', multipart, `--${BOUNDARY}\r\nContent-Disposition: form-data; name="mo`],
    ] as const) {
      it(`refuses ${what} with 400, and lives on`, async () => {
        await serve();
        const answer = await postRaw(contentType, body);
        assert.equal(answer.status, 400, answer.text);
        refusal(answer);
      });
    }

    it('refuses a file above the limit with 413, and takes one of exactly the limit', async () => {
      await serve();
      const large = Buffer.alloc(MAXIMUM_FILE_BYTES + 1);
      WAV.subarray(0, 44).copy(large);
      large.writeUInt32LE(0xffff_ffff, 40);
      assert.equal(refusal(await post(form([], large))), '413 request_too_large');
      assert.equal((await post(form([], large.subarray(0, MAXIMUM_FILE_BYTES)))).status, 200);
    });

    it('takes a prompt of megabytes whole, and refuses a longer one', async () => {
      const recogniser = await serve();
      const prompt = 'x'.repeat(MAXIMUM_FIELD_BYTES);
      assert.equal((await post(form([['prompt', prompt]]))).status, 200);
      assert.equal(recogniser.jobs[0]?.prompt?.length, MAXIMUM_FIELD_BYTES);
      assert.equal(refusal(await post(form([['prompt', `${prompt}x`]]))), '413 request_too_large');
    });

    it('reads past other files and unknown fields', async () => {
      const recogniser = await serve();
      const data = new FormData();
      data.append('user', 'somebody');
      for (const [name, value] of form()) data.append(name, value);
      assert.equal((await post(data)).status, 200);
      assert.equal(recogniser.jobs.length, 1);
    });

    it('lives on when a client hangs up in the middle of its upload', async () => {
      const recogniser = await serve();
      const socket = net.connect(Number(new URL(origin).port), '127.0.0.1');
      const closed = new Promise((resolve) => socket.once('close', resolve));
      const head = [
        ...['POST /v1/audio/transcriptions HTTP/1.1', 'Host: engine', `Authorization: Bearer ${TOKEN}`],
        ...[`Content-Type: ${multipart}`, 'Content-Length: 100000', '', ''],
      ];
      socket.write(head.join('\r\n') + part('name="file"; filename="a.wav"', 'RIFF'.repeat(1000)));
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        server.once('request', () => {
          resolve();
        });
      });
      socket.resetAndDestroy();
      await closed;
      assert.equal((await post(form())).status, 200);
      assert.equal(recogniser.jobs.length, 1);
    });
  });

  describe('has one recogniser', () => {
    it('and runs requests one at a time', async () => {
      const recogniser = await serve(
        new FakeRecogniser(async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return HELLO;
        }),
      );
      const answers = await Promise.all(Array.from({ length: 8 }, () => post(form())));
      assert.ok(answers.every(({ status }) => status === 200));
      assert.deepEqual([recogniser.jobs.length, recogniser.mostAtOnce], [8, 1]);
    });

    it('that serves a dictation before the files that came earlier', async () => {
      const order: string[] = [];
      let [begun, end] = [(): void => undefined, (): void => undefined];
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const isEnded = new Promise<void>((resolve) => (end = resolve));
      await serve(
        new FakeRecogniser(async ({ prompt = '' }) => {
          order.push(prompt);
          begun();
          await isEnded;
          return HELLO;
        }),
      );
      const first = post(form([['prompt', 'first file']]));
      await isBegun;
      const others: Promise<Answer>[] = [];
      for (const [name, priority] of [
        ['second file', 'normal'],
        ['dictation', 'high'],
      ] as const) {
        const read = new Promise((resolve) =>
          server.once('request', (message: http.IncomingMessage) => message.once('end', resolve)),
        );
        others.push(
          post(
            form([
              ['prompt', name],
              ['priority', priority],
            ]),
          ),
        );
        await read;
      }
      // A request without a turn is answered after all before it were read.
      await request('/v1/models');
      end();
      await Promise.all([first, ...others]);
      assert.deepEqual(order, ['first file', 'dictation', 'second file']);
    });

    it('that is told when its client has gone, and then serves the next', async () => {
      let [begun, aborted] = [(): void => undefined, (): void => undefined];
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const isAborted = new Promise<void>((resolve) => (aborted = resolve));
      const recogniser = await serve(
        new FakeRecogniser(async ({ signal }) => {
          if (recogniser.jobs.length > 1) return HELLO;
          begun();
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => {
              resolve();
            });
          });
          aborted();
          return HELLO;
        }),
      );
      const stop = new AbortController();
      const leaving = assert.rejects(post(form(), stop.signal), { name: 'AbortError' });
      await isBegun;
      stop.abort();
      await leaving;
      await isAborted;
      assert.equal((await post(form())).status, 200);
    });

    it('that never hears of a client who left while waiting', async () => {
      let [begun, end] = [(): void => undefined, (): void => undefined];
      const isBegun = new Promise<void>((resolve) => (begun = resolve));
      const isEnded = new Promise<void>((resolve) => (end = resolve));
      const recogniser = await serve(
        new FakeRecogniser(async () => {
          begun();
          await isEnded;
          return HELLO;
        }),
      );
      const first = post(form());
      await isBegun;
      const stop = new AbortController();
      const gone = new Promise<void>((resolve) => {
        server.once('request', (_, response: http.ServerResponse) => {
          response.once('close', resolve);
          // It waits behind the first.
          setImmediate(() => {
            stop.abort();
          });
        });
      });
      await assert.rejects(post(form(), stop.signal), { name: 'AbortError' });
      await gone;
      end();
      assert.equal((await first).status, 200);
      assert.equal((await post(form())).status, 200);
      assert.equal(recogniser.jobs.length, 2);
    });

    it('whose other clients are served while it works', async () => {
      let end = (): void => undefined;
      const isEnded = new Promise<void>((resolve) => (end = resolve));
      await serve(
        new FakeRecogniser(async () => {
          await isEnded;
          return HELLO;
        }),
      );
      const running = post(form());
      assert.equal((await request('/v1/models')).status, 200);
      end();
      assert.equal((await running).status, 200);
    });
  });
});
