import assert from 'node:assert/strict';
import Groq, { APIError, AuthenticationError, BadRequestError, NotFoundError, toFile } from 'groq-sdk';
import { MAXIMUM_FILE_BYTES } from '../../../../src/engine/api/readForm';
import { engineOnLoopback, TOKEN, WAV } from './engineOnLoopback';
import { FakeRecogniser, HELLO } from './fakeRecogniser';

const MODEL = 'openai/whisper-base';
const CREATED_S = 1_795_000_000;

/** Groq's own client before the engine: it asks for paths below /openai. */
describe('The groq-sdk package', () => {
  const serve = engineOnLoopback();
  let recogniser: FakeRecogniser;

  async function connect(apiKey = TOKEN): Promise<Groq> {
    recogniser = new FakeRecogniser(undefined, ['en', 'fr'], true, MODEL);
    const { origin } = await serve(recogniser, { modelCreatedAt: new Date(CREATED_S * 1000) });
    return new Groq({ apiKey, baseURL: origin, maxRetries: 0 });
  }

  const audio = (bytes: Uint8Array = WAV): Promise<File> => toFile(bytes, 'audio.wav', { type: 'audio/wav' });

  /** The error that a call ends in, which must be of this class and have the API's body. */
  async function failure(
    kind: new (...values: never[]) => APIError,
    call: PromiseLike<unknown>,
  ): Promise<readonly [status: unknown, code: unknown, param: unknown]> {
    try {
      await call;
    } catch (error) {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.headers?.get('x-request-id') ?? '', /^req_/);
      const body = error.error as { error: Readonly<Record<string, unknown>> };
      assert.equal(body.error['type'], 'invalid_request_error');
      return [error.status, body.error['code'], body.error['param']];
    }
    throw new assert.AssertionError({ message: 'it was taken' });
  }

  it('gets the text as json', async () => {
    const client = await connect();
    const { data, response } = await client.audio.transcriptions
      .create({ file: await audio(), model: MODEL, prompt: 'zod.' })
      .withResponse();
    assert.ok('x_groq' in data);
    assert.deepEqual([data.text, data.x_groq], [HELLO.text, { id: response.headers.get('x-request-id') }]);
    assert.equal(recogniser.jobs[0]?.prompt, 'zod.');
  });

  it('gets verbose_json with segments and words', async () => {
    const client = await connect();
    const { x_groq, ...answer } = (await client.audio.transcriptions.create({
      file: await audio(),
      model: MODEL,
      language: 'en',
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    })) as unknown as Readonly<Record<string, unknown>>;
    assert.ok(x_groq);
    assert.deepEqual(answer, {
      task: 'transcribe',
      language: 'english',
      duration: 1,
      text: HELLO.text,
      segments: HELLO.segments,
      words: HELLO.words,
    });
  });

  it('gets plain text', async () => {
    const client = await connect();
    const text: unknown = await client.audio.transcriptions.create({
      file: await audio(),
      model: MODEL,
      response_format: 'text',
    });
    assert.equal(text, `${HELLO.text}\n`);
  });

  it('gets translations', async () => {
    const client = await connect();
    const { text } = await client.audio.translations.create({ file: await audio(), model: MODEL });
    assert.deepEqual([text, recogniser.jobs[0]?.task], [HELLO.text, 'translate']);
  });

  it('lists the model and gets it by its name', async () => {
    const client = await connect();
    const model = { id: MODEL, object: 'model', created: CREATED_S, owned_by: 'local' };
    assert.deepEqual((await client.models.list()).data, [model]);
    assert.deepEqual(await client.models.retrieve(MODEL), model);
  });

  it('tells a wrong key', async () => {
    const client = await connect('wrong');
    assert.deepEqual(await failure(AuthenticationError, client.models.list()), [401, 'invalid_api_key', null]);
    const call = client.audio.transcriptions.create({ file: await audio(), model: MODEL });
    assert.deepEqual(await failure(AuthenticationError, call), [401, 'invalid_api_key', null]);
  });

  it('tells another model', async () => {
    const client = await connect();
    const expected = [404, 'model_not_found', 'model'];
    assert.deepEqual(await failure(NotFoundError, client.models.retrieve('whisper-large-v3')), expected);
    const call = client.audio.transcriptions.create({ file: await audio(), model: 'whisper-large-v3' });
    assert.deepEqual(await failure(NotFoundError, call), expected);
  });

  it('tells what a request has wrong', async () => {
    const client = await connect();
    const url = 'https://example.com/audio.wav';
    const byAddress = client.audio.transcriptions.create({ url, model: MODEL });
    assert.deepEqual(await failure(BadRequestError, byAddress), [400, 'unsupported_parameter', 'url']);
    const bad = client.audio.transcriptions.create({ file: await audio(), model: MODEL, temperature: 2 });
    assert.deepEqual(await failure(BadRequestError, bad), [400, 'invalid_temperature', 'temperature']);
    const other = client.audio.transcriptions.create({ file: await audio(Buffer.from('ID3')), model: MODEL });
    assert.deepEqual(await failure(BadRequestError, other), [400, 'unsupported_audio_format', 'file']);
    assert.equal(recogniser.jobs.length, 0);
  });

  it('tells that a file is too large', async () => {
    const client = await connect();
    for (const extraBytes of [1, 10 * 1024 * 1024]) {
      const file = await audio(Buffer.alloc(MAXIMUM_FILE_BYTES + extraBytes));
      const [status, code] = await failure(APIError, client.audio.transcriptions.create({ file, model: MODEL }));
      assert.deepEqual([status, code], [413, 'request_too_large']);
    }
  });
});
