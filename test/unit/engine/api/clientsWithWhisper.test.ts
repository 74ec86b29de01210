import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import Groq from 'groq-sdk';
import OpenAI from 'openai';
import { createWhisperRecogniser } from '../../../../src/engine/whisper/whisperRecogniser';
import { preparedModel } from '../../../preparedModel';
import { jfkWav, projectRoot, skipWithReason } from '../../../speech';
import { engineOnLoopback, TOKEN } from './engineOnLoopback';

const MODEL = 'openai/whisper-base';
const ASK = /ask not what your country can do for you/i;

/** The cloud's own clients before a real Whisper. */
describe('The clients of OpenAI and Groq with a Whisper', () => {
  const serve = engineOnLoopback();
  let recogniser: Awaited<ReturnType<typeof createWhisperRecogniser>> | undefined;

  before(async function () {
    const found = await preparedModel();
    if ('absent' in found) skipWithReason(this, found.absent);
    recogniser = await createWhisperRecogniser(
      { modelName: MODEL, modelFolder: found.folder, runtime: 'native' },
      { workerFile: path.join(projectRoot(), 'dist', 'engine', 'whisperWorker.js') },
    );
  });
  after(() => recogniser?.close());

  it('get sentences, times and words', async () => {
    const { origin } = await serve(recogniser);
    const openai = new OpenAI({ apiKey: TOKEN, baseURL: `${origin}/v1`, maxRetries: 0 });
    const { text, language, duration, segments, words } = await openai.audio.transcriptions.create({
      file: createReadStream(jfkWav()),
      model: MODEL,
      response_format: 'verbose_json',
      timestamp_granularities: ['segment', 'word'],
    });
    assert.match(text, ASK);
    assert.deepEqual([language, duration], ['english', 11]);
    assert.equal(
      segments
        ?.map((segment) => segment.text)
        .join('')
        .trim(),
      text,
    );
    assert.match(words?.map(({ word }) => word).join(' ') ?? '', /your country can do/);
    for (const { start, end } of words ?? []) assert.ok(start >= 0 && start <= end && end <= 11, `${start} ${end}`);

    const groq = new Groq({ apiKey: TOKEN, baseURL: origin, maxRetries: 0 });
    assert.match(
      (await groq.audio.transcriptions.create({ file: createReadStream(jfkWav()), model: MODEL })).text,
      ASK,
    );
    assert.equal((await groq.models.retrieve(MODEL)).id, MODEL);
  });
});
