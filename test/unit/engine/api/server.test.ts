import assert from 'node:assert/strict';
import { ask, TOKEN } from './engineOnLoopback';
import { FakeRecogniser, HELLO } from './fakeRecogniser';
import { engineRequests, form, refusal } from './engineRequests';

/** The engine's server over real HTTP, before a recogniser that says what it is told. */
describe('createServer', () => {
  const { serve, engine, request, post } = engineRequests();

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
          const response = await fetch(engine().origin + path, { ...init, headers });
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
        assert.equal((await ask(engine(), { path: '/v1/models', headers })).status, 200);
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
    const unnamed = await fetch(`${engine().origin}/v1/models`);
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
      const { status, headers, text } = await ask(engine(), { method, path });
      const answer = { status, type: headers['content-type'] ?? null, text };
      assert.equal(refusal(answer), '404 unknown_url');
    });
  }
});
