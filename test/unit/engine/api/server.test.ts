import assert from 'node:assert/strict';
import http from 'node:http';
import { defined } from '../../../../src/core/async/defined';
import { ask, engineOnLoopback, TOKEN, WAV } from './engineOnLoopback';
import { FakeRecogniser, HELLO } from './fakeRecogniser';

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly requestId: string | null;
  readonly text: string;
}

/** The engine's server over real HTTP, before a recogniser that says what it is told. */
describe('createServer', () => {
  const start = engineOnLoopback();
  let [server, port, origin] = [http.createServer(), 0, ''];

  async function serve(recogniser = new FakeRecogniser()): Promise<FakeRecogniser> {
    ({ server, port, origin } = await start(recogniser));
    return recogniser;
  }

  async function request(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${TOKEN}`);
    const response = await fetch(origin + path, { ...init, headers });
    const { status, headers: got } = response;
    const text = await response.text();
    return { status, type: got.get('content-type'), requestId: got.get('x-request-id'), text };
  }

  function form(fields: readonly (readonly [string, string])[] = [], file: Uint8Array = WAV): FormData {
    const data = new FormData();
    data.append('model', 'fake-model');
    for (const [name, value] of fields) data.append(name, value);
    data.append('file', new Blob([new Uint8Array(file)], { type: 'audio/wav' }), 'audio.wav');
    return data;
  }

  const post = (body: FormData, signal?: AbortSignal): Promise<Answer> =>
    request('/v1/audio/transcriptions', defined({ method: 'POST', body, signal }));

  /** Status, code and parameter of a refusal in the API's shape. */
  function refusal({ status, type, text }: Pick<Answer, 'status' | 'type' | 'text'>): string {
    assert.equal(type, 'application/json');
    const { error } = JSON.parse(text) as { error: Readonly<Record<string, string | null>> };
    assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code']);
    assert.notEqual(error['message'], '');
    assert.equal(error['type'], status >= 500 ? 'server_error' : 'invalid_request_error');
    return [status, error['code'], ...(error['param'] === null ? [] : [error['param']])].join(' ');
  }

  describe('asks for the token', () => {
    for (const [what, headers] of Object.entries({
      'none at all': {},
      'another of the same length': { authorization: `Bearer ${'x'.repeat(TOKEN.length)}` },
      'its beginning': { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
      'more than it': { authorization: `Bearer ${TOKEN}x` },
      'another scheme': { authorization: `Basic  ${TOKEN}` },
      'a longer scheme': { authorization: `BearerX ${TOKEN}` },
      'it without a scheme': { authorization: TOKEN },
      'it with no blank behind the scheme': { authorization: `Bearer${TOKEN}` },
      'a blank inside it': { authorization: `Bearer ${TOKEN.slice(0, 5)} ${TOKEN.slice(5)}` },
      'it in capitals': { authorization: `Bearer ${TOKEN.toUpperCase()}` },
      'nothing behind the scheme': { authorization: 'Bearer ' },
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

  describe('takes the token', () => {
    for (const scheme of ['bearer ', 'BEARER ', 'bEaReR ', 'Bearer    ']) {
      it(`behind "${scheme}"`, async () => {
        await serve();
        const headers = { authorization: scheme + TOKEN };
        assert.equal((await ask({ port }, { path: '/v1/models', headers })).status, 200);
      });
    }
  });

  it('serves every path behind /openai too, as Groq’s clients ask for it', async () => {
    const recogniser = await serve(new FakeRecogniser(undefined, ['en'], true));
    assert.equal((await request('/openai/v1/models')).text, (await request('/v1/models')).text);
    for (const path of ['transcriptions', 'translations']) {
      const answer = await request(`/openai/v1/audio/${path}?x=/openai`, { method: 'POST', body: form() });
      assert.equal(answer.status, 200, answer.text);
    }
    assert.deepEqual(
      recogniser.jobs.map(({ task }) => task),
      ['transcribe', 'translate'],
    );
  });

  it('gives every answer an id of its own, the same inside and outside', async () => {
    await serve(
      new FakeRecogniser(({ prompt }) => (prompt ? Promise.reject(new Error('broken')) : Promise.resolve(HELLO))),
    );
    const answers = [
      await request('/v1/models'),
      await request('/elsewhere'),
      await post(form()),
      await post(form([['response_format', 'verbose_json']])),
      await post(form([['response_format', 'text']])),
      await post(form([['response_format', 'srt']])),
      await post(form([['model', 'another']])),
      await post(form([['prompt', 'x']])),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 404, 200, 200, 200, 200, 404, 500],
    );
    const ids = answers.map(({ requestId }) => requestId ?? '');
    for (const id of ids) assert.match(id, /^req_[0-9a-f]{26}$/);
    assert.equal(new Set(ids).size, answers.length);
    for (const { text, requestId } of answers.slice(2, 4)) {
      assert.deepEqual((JSON.parse(text) as { x_groq: unknown }).x_groq, { id: requestId });
    }
    const unnamed = await fetch(`${origin}/v1/models`);
    assert.deepEqual([unnamed.status, unnamed.headers.get('x-request-id')?.startsWith('req_')], [401, true]);
  });

  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/v1/audio/transcriptions'],
    ['GET', '/v1/audio/translations'],
    ['POST', '/v1/audio/translations/'],
    ['POST', '/v1/models'],
    ['POST', '/v1/models/fake-model'],
    ['DELETE', '/v1/models/fake-model'],
    ['GET', '/openai'],
    ['GET', '/openai/models'],
    ['GET', '/openai/openai/v1/models'],
    ['GET', '/openaix/v1/models'],
    ['POST', '/openai/v1/audio/speech'],
    ['GET', '/v1/models/'],
    ['DELETE', '/v1/models'],
    ['GET', '//'],
    ['GET', '/v1/../etc/passwd'],
  ] as const) {
    it(`answers 404 to ${method} ${path}`, async () => {
      await serve();
      const { status, headers, text } = await ask({ port }, { method, path });
      const answer = { status, type: headers['content-type'] ?? null, text };
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
          task: 'transcribe',
          language: 'english',
          duration: 1,
          text: HELLO.text,
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
      assert.equal(refusal(answer), '400 unsupported_task model');
      assert.match(answer.text, /translat/);
      assert.equal(recogniser.jobs.length, 0);
    });

    it('a request that cannot be answered in the API’s own shape', async () => {
      const recogniser = await serve();
      assert.equal(
        refusal(await post(form([['response_format', 'ass']]))),
        '400 invalid_response_format response_format',
      );
      assert.equal(refusal(await post(form([['model', 'whisper-1']]))), '404 model_not_found model');
      assert.equal(refusal(await post(form([], Buffer.from('ID3')))), '400 unsupported_audio_format file');
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
