import assert from 'node:assert/strict';
import path from 'node:path';
import { NEVER } from '../../../src/core/async/never';
import type { Recogniser } from '../../../src/engine/api/recogniser';
import { createWhisperRecogniser } from '../../../src/engine/whisper/whisperRecogniser';
import { projectRoot } from '../../speech';
import { assertAborts } from '../node/problems';
import { recognitionJob } from './recognitionJob';

const STUB = path.join(projectRoot(), 'test', 'unit', 'engine', 'whisperWorkerStub.cjs');

/** A real thread with a program that plays Whisper. */
describe('createWhisperRecogniser', () => {
  const opened: { close(): Promise<void> }[] = [];
  const deaths: string[] = [];

  beforeEach(() => deaths.splice(0));
  afterEach(async () => {
    for (const recogniser of opened.splice(0)) await recogniser.close();
  });

  async function create(modelFolder = 'model'): Promise<Recogniser> {
    const recogniser = await createWhisperRecogniser(
      { modelName: 'openai/whisper-base', modelFolder, runtime: 'native' },
      { workerFile: STUB, onDeath: (reason) => deaths.push(reason) },
    );
    opened.push(recogniser);
    return recogniser;
  }

  const facts = (text: string): Readonly<Record<string, unknown>> => JSON.parse(text) as Record<string, unknown>;

  it('tells what the model can', async () => {
    const { modelId, languages, canTranslate } = await create();
    assert.deepEqual([modelId, languages, canTranslate], ['openai/whisper-base', ['en', 'fr'], true]);
  });

  it('hands every wish over, and the samples', async () => {
    const recogniser = await create();
    const pcm = new Uint8Array([1, 2, 3, 4]);
    const wishes = {
      task: 'translate',
      language: 'fr',
      temperature: 0.5,
      seed: 7,
      isUrgent: true,
      priority: 'dictation',
    } as const;
    const { text } = await recogniser.recognise(recognitionJob(pcm, { ...wishes, wantsWords: false }), NEVER);
    assert.deepEqual(facts(text), {
      runtime: 'native',
      bytes: 4,
      sum: 10,
      mostAtOnce: 1,
      ...wishes,
      promptScope: 'everyWindow',
      wantsWords: false,
    });
  });

  it('gives a request’s samples away without copying them', async () => {
    const recogniser = await create();
    // As a body arrives: a header, then the samples.
    const body = new Uint8Array(100_044).fill(1);
    const { text } = await recogniser.recognise(recognitionJob(body.subarray(44)), NEVER);
    assert.deepEqual([facts(text)['bytes'], facts(text)['sum']], [100_000, 100_000]);
    assert.equal(body.length, 0, 'its memory is the worker’s');
  });

  it('copies samples whose memory others use', async () => {
    const recogniser = await create();
    for (const pcm of [Buffer.from('abcd'), new Uint8Array(100_000).fill(1).subarray(0, 2000)]) {
      const before = [...pcm];
      await recogniser.recognise(recognitionJob(pcm), NEVER);
      assert.deepEqual([...pcm], before);
    }
  });

  it('tells a job’s failure, and does the next', async () => {
    const recogniser = await create();
    const fail = recogniser.recognise(recognitionJob(new Uint8Array(2), { prompt: 'fail' }), NEVER);
    await assert.rejects(fail, { message: 'no luck' });
    assert.ok(await recogniser.recognise(recognitionJob(new Uint8Array(2)), NEVER));
    assert.deepEqual(deaths, []);
  });

  it('throws the signal’s reason when the worker has stopped, and does the next', async () => {
    const recogniser = await create();
    for (let i = 0; i < 3; i++) {
      const stop = new AbortController();
      const aborted = assertAborts(
        recogniser.recognise(recognitionJob(new Uint8Array(2), { prompt: 'hang' }), stop.signal),
      );
      stop.abort();
      await aborted;
      const { text } = await recogniser.recognise(recognitionJob(new Uint8Array(2)), NEVER);
      assert.equal(facts(text)['mostAtOnce'], 1);
    }
    await assertAborts(recogniser.recognise(recognitionJob(new Uint8Array(2)), AbortSignal.abort()));
  });

  it('takes a more urgent job while it works, and gives each its own answer', async () => {
    const recogniser = await create();
    const stop = new AbortController();
    const file = recogniser.recognise(recognitionJob(new Uint8Array(2), { prompt: 'hang' }), stop.signal);
    const { text } = await recogniser.recognise(recognitionJob(new Uint8Array(4), { priority: 'live' }), NEVER);
    assert.deepEqual([facts(text)['bytes'], facts(text)['mostAtOnce']], [4, 2]);
    const aborted = assertAborts(file);
    stop.abort();
    await aborted;
  });

  for (const [prompt, reason] of [
    ['die', /out of memory/],
    ['exit', /ended with 4/],
  ] as const) {
    it(`tells that the worker died in a job (${prompt})`, async () => {
      const recogniser = await create();
      const dying = recogniser.recognise(recognitionJob(new Uint8Array(2), { prompt }), NEVER);
      await assert.rejects(dying, reason);
      assert.equal(deaths.length, 1);
      assert.match(deaths[0] ?? '', reason);
      await assert.rejects(recogniser.recognise(recognitionJob(new Uint8Array(2)), NEVER), /has ended/);
    });
  }

  it('says why a model does not load', async () => {
    await assert.rejects(create('fails'), { message: 'config.json has no d_model' });
    await assert.rejects(create('throws'), { message: 'no such model' });
    await assert.rejects(create('ends'), /ended with 3/);
    assert.deepEqual(deaths, []);
  });

  it('says that the worker’s program is gone', async () => {
    const files = { modelName: 'm', modelFolder: 'm', runtime: 'native' } as const;
    await assert.rejects(createWhisperRecogniser(files, { workerFile: path.join(__dirname, 'none.js') }), /none\.js/);
  });

  it('can be closed in the middle of a job', async () => {
    const recogniser = await create();
    const running = recogniser.recognise(recognitionJob(new Uint8Array(2), { prompt: 'hang' }), NEVER);
    const failing = assert.rejects(running, /closed/);
    await opened.pop()?.close();
    await failing;
    assert.deepEqual(deaths, []);
  });
});
