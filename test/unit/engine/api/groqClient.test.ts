import assert from 'node:assert/strict';
import Groq, { APIError, AuthenticationError, BadRequestError, NotFoundError, toFile } from 'groq-sdk';
import { clientBeforeEngine, CREATED_S, MODEL } from './clientBeforeEngine';
import { HELLO } from './fakeRecogniser';

/** Groq's own client before the engine: it asks for paths below /openai. */
describe('The groq-sdk package', () => {
  const { connect, recogniser, audio, failure } = clientBeforeEngine<Groq, APIError>({
    open: (origin, apiKey) => new Groq({ apiKey, baseURL: origin, maxRetries: 0 }),
    toFile,
    told: ({ headers, status, error }) => {
      const body = error as { error: Readonly<Record<string, unknown>> };
      const { type, code, param } = body.error;
      return { requestId: headers?.get('x-request-id'), type, status, code, param };
    },
    APIError,
    AuthenticationError,
    NotFoundError,
    otherModel: 'whisper-large-v3',
  });

  it('gets the text as json', async () => {
    const client = await connect();
    const { data, response } = await client.audio.transcriptions
      .create({ file: await audio(), model: MODEL, prompt: 'zod.' })
      .withResponse();
    assert.ok('x_groq' in data);
    assert.deepEqual([data.text, data.x_groq], [HELLO.text, { id: response.headers.get('x-request-id') }]);
    assert.equal(recogniser().jobs[0]?.prompt, 'zod.');
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
    assert.deepEqual([text, recogniser().jobs[0]?.task], [HELLO.text, 'translate']);
  });

  it('lists the model and gets it by its name', async () => {
    const client = await connect();
    const model = { id: MODEL, object: 'model', created: CREATED_S, owned_by: 'local' };
    assert.deepEqual((await client.models.list()).data, [model]);
    assert.deepEqual(await client.models.retrieve(MODEL), model);
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
    assert.equal(recogniser().jobs.length, 0);
  });
});
