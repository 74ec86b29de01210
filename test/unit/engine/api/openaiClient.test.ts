import assert from 'node:assert/strict';
import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError, toFile } from 'openai';
import { MAXIMUM_FILE_BYTES } from '../../../../src/engine/api/readForm';
import { engineOnLoopback, TOKEN, WAV } from './engineOnLoopback';
import { FakeRecogniser, HELLO } from './fakeRecogniser';

const MODEL = 'openai/whisper-base';
const CREATED_S = 1_795_000_000;

/** OpenAI's own client before the engine. */
describe('The openai package', () => {
  const serve = engineOnLoopback();
  let recogniser: FakeRecogniser;

  async function connect(apiKey = TOKEN): Promise<OpenAI> {
    recogniser = new FakeRecogniser(undefined, ['en', 'fr'], true, MODEL);
    const { origin } = await serve(recogniser, { modelCreatedAt: new Date(CREATED_S * 1000) });
    return new OpenAI({ apiKey, baseURL: `${origin}/v1`, maxRetries: 0 });
  }

  const audio = (bytes: Uint8Array = WAV): Promise<File> => toFile(bytes, 'audio.wav', { type: 'audio/wav' });

  /** The error that a call ends in, which must be of this class and tell its request. */
  async function failure(
    kind: new (...values: never[]) => APIError,
    call: PromiseLike<unknown>,
  ): Promise<readonly [status: unknown, code: unknown, param: unknown]> {
    try {
      await call;
    } catch (error) {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.requestID ?? '', /^req_/);
      assert.equal(error.type, 'invalid_request_error');
      return [error.status, error.code, error.param];
    }
    throw new assert.AssertionError({ message: 'it was taken' });
  }

  it('gets the text as json', async () => {
    const client = await connect();
    const answer = await client.audio.transcriptions.create({ file: await audio(), model: MODEL, prompt: 'zod.' });
    assert.equal(answer.text, HELLO.text);
    assert.ok('_request_id' in answer && 'x_groq' in answer);
    assert.deepEqual(answer.x_groq, { id: answer._request_id });
    assert.equal(recogniser.jobs[0]?.prompt, 'zod.');
  });

  it('gets verbose_json with segments and words', async () => {
    const client = await connect();
    const answer = await client.audio.transcriptions.create({
      file: await audio(),
      model: MODEL,
      language: 'en',
      temperature: 0.2,
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    const { text, language, duration, segments, words } = answer;
    assert.deepEqual(
      { text, language, duration, segments, words },
      { text: HELLO.text, language: 'english', duration: 1, segments: HELLO.segments, words: HELLO.words },
    );
    const { language: asked, temperature, wantsWords } = recogniser.jobs[0] ?? {};
    assert.deepEqual([asked, temperature, wantsWords], ['en', 0.2, true]);
  });

  it('gets plain text and cues', async () => {
    const client = await connect();
    const ask = async (response_format: 'text' | 'srt' | 'vtt'): Promise<string> =>
      client.audio.transcriptions.create({ file: await audio(), model: MODEL, response_format });
    assert.equal(await ask('text'), `${HELLO.text}\n`);
    assert.match(await ask('srt'), /^1\n00:00:00,100 --> /);
    assert.match(await ask('vtt'), /^WEBVTT\n/);
  });

  it('gets translations', async () => {
    const client = await connect();
    // OpenAI means to end its own; who has the client calls them all the same.
    /* eslint-disable @typescript-eslint/no-deprecated */
    const json = await client.audio.translations.create({ file: await audio(), model: MODEL });
    const verbose = await client.audio.translations.create({
      file: await audio(),
      model: MODEL,
      response_format: 'verbose_json',
    });
    /* eslint-enable @typescript-eslint/no-deprecated */
    assert.deepEqual([json.text, verbose.text], [HELLO.text, HELLO.text]);
    assert.ok('duration' in verbose && 'language' in verbose);
    assert.deepEqual([verbose.language, verbose.duration], ['english', 1]);
    assert.deepEqual(
      recogniser.jobs.map(({ task }) => task),
      ['translate', 'translate'],
    );
  });

  it('lists the model and gets it by its name', async () => {
    const client = await connect();
    const { data } = await client.models.list();
    assert.deepEqual(data, [{ id: MODEL, object: 'model', created: CREATED_S, owned_by: 'local' }]);
    const { id, created } = await client.models.retrieve(MODEL);
    assert.deepEqual([id, created], [MODEL, CREATED_S]);
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
    assert.deepEqual(await failure(NotFoundError, client.models.retrieve('whisper-1')), expected);
    const call = client.audio.transcriptions.create({ file: await audio(), model: 'whisper-1' });
    assert.deepEqual(await failure(NotFoundError, call), expected);
  });

  it('tells what a request has wrong', async () => {
    const client = await connect();
    const bad = async (wishes: object, bytes?: Uint8Array): Promise<unknown> =>
      failure(
        BadRequestError,
        client.audio.transcriptions.create({ file: await audio(bytes), model: MODEL, ...wishes }),
      );
    assert.deepEqual(await bad({ temperature: 2 }), [400, 'invalid_temperature', 'temperature']);
    assert.deepEqual(await bad({ language: 'xx' }), [400, 'unsupported_language', 'language']);
    assert.deepEqual(await bad({ stream: true }), [400, 'unsupported_parameter', 'stream']);
    assert.deepEqual(await bad({}, Buffer.from('ID3')), [400, 'unsupported_audio_format', 'file']);
    const second = await audio();
    assert.deepEqual(await bad({ extra: second }), [400, 'unexpected_file', 'extra']);
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
