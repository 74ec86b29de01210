import assert from 'node:assert/strict';
import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError, toFile } from 'openai';
import { clientBeforeEngine, CREATED_S, MODEL } from './clientBeforeEngine';
import { HELLO } from './fakeRecogniser';

/** OpenAI's own client before the engine. */
describe('The openai package', () => {
  const { connect, recogniser, audio, failure } = clientBeforeEngine<OpenAI, APIError>({
    open: (origin, apiKey) => new OpenAI({ apiKey, baseURL: `${origin}/v1`, maxRetries: 0 }),
    toFile,
    told: ({ requestID, type, status, code, param }) => ({ requestId: requestID, type, status, code, param }),
    APIError,
    AuthenticationError,
    NotFoundError,
    otherModel: 'whisper-1',
  });

  it('gets the text as json', async () => {
    const client = await connect();
    const answer = await client.audio.transcriptions.create({ file: await audio(), model: MODEL, prompt: 'zod.' });
    assert.equal(answer.text, HELLO.text);
    assert.ok('_request_id' in answer && 'x_groq' in answer);
    assert.deepEqual(answer.x_groq, { id: answer._request_id });
    assert.equal(recogniser().jobs[0]?.prompt, 'zod.');
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
    const { language: asked, temperature, wantsWords } = recogniser().jobs[0] ?? {};
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
      recogniser().jobs.map(({ task }) => task),
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
    assert.equal(recogniser().jobs.length, 0);
  });
});
