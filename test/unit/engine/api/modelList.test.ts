import assert from 'node:assert/strict';
import { ask, engineOnLoopback, type RawAnswer } from './engineOnLoopback';
import { FakeRecogniser } from './fakeRecogniser';

const NAME = 'openai/whisper-base';
const CREATED_S = 1_795_000_000;

describe('The engine’s list of models', () => {
  const serve = engineOnLoopback();

  async function get(path: string): Promise<RawAnswer> {
    const recogniser = new FakeRecogniser(undefined, ['en'], false, NAME);
    const engine = await serve(recogniser, { modelCreatedAt: new Date(CREATED_S * 1000 + 999) });
    return ask(engine, { path });
  }

  const model = { id: NAME, object: 'model', created: CREATED_S, owned_by: 'local' };

  it('has the one model, with its date in seconds', async () => {
    const { status, text } = await get('/v1/models');
    assert.deepEqual([status, JSON.parse(text)], [200, { object: 'list', data: [model] }]);
  });

  it('has a date where nobody knows one, and keeps it', async () => {
    const beforeS = Math.floor(Date.now() / 1000);
    const engine = await serve();
    const created = async (): Promise<number> => {
      const { text } = await ask(engine, { path: '/v1/models/fake-model' });
      return (JSON.parse(text) as { created: number }).created;
    };
    const first = await created();
    assert.ok(Number.isInteger(first) && first >= beforeS && first <= Date.now() / 1000, String(first));
    assert.equal(await created(), first);
  });

  for (const path of [
    '/v1/models/openai/whisper-base',
    '/v1/models/openai%2Fwhisper-base',
    '/v1/models/openai%2fwhisper%2Dbase?full=1',
    '/openai/v1/models/openai%2Fwhisper-base',
  ]) {
    it(`gives the model at ${path}`, async () => {
      const { status, text } = await get(path);
      assert.deepEqual([status, JSON.parse(text)], [200, model]);
    });
  }

  for (const [path, id] of [
    ['/v1/models/whisper-1', 'whisper-1'],
    ['/v1/models/openai/whisper-base/', 'openai/whisper-base/'],
    ['/v1/models/whisper-base', 'whisper-base'],
    ['/v1/models/OpenAI%2FWhisper-Base', 'OpenAI/Whisper-Base'],
    ['/v1/models/openai%252Fwhisper-base', 'openai%2Fwhisper-base'],
    ['/v1/models/100%', '100%'],
  ] as const) {
    it(`answers 404 to ${path}`, async () => {
      const { status, text } = await get(path);
      assert.equal(status, 404);
      assert.deepEqual(JSON.parse(text), {
        error: {
          message: `There is no model "${id}" here; there is "${NAME}".`,
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
        },
      });
    });
  }
});
