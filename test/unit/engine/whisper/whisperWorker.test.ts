import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { Recogniser } from '../../../../src/engine/api/recogniser';
import { createWhisperRecogniser } from '../../../../src/engine/whisper/whisperRecogniser';
import { projectRoot, skipWithReason } from '../../../speech';
import { assertAborts } from '../../node/problems';
import { speechSamples } from '../../node/speechSamples';
import { recognitionJob } from '../recognitionJob';
import { baseFolder } from './loadedBase';

const WORKER = path.join(projectRoot(), 'dist', 'engine', 'whisperWorker.js');

/** Enough for the worker to begin, far from enough to end. */
const SOME_TIME_MS = 300;

/** The shipped worker with the real model. */
describe('whisperWorker', () => {
  let recogniser: Recogniser & { readonly close: () => Promise<void> };
  const deaths: string[] = [];

  before(async function () {
    if (!existsSync(WORKER)) skipWithReason(this, 'the worker is not built');
    recogniser = await createWhisperRecogniser(
      { modelName: 'openai/whisper-base', modelFolder: await baseFolder(this), runtime: 'native', threadCount: 2 },
      { workerFile: WORKER, onDeath: (reason) => deaths.push(reason) },
    );
  });
  after(async () => {
    // Absent where the suite was skipped.
    await (recogniser as typeof recogniser | undefined)?.close();
  });

  it('tells what the model can', () => {
    assert.equal(recogniser.languages.length, 99);
    assert.ok(recogniser.languages.includes('de') && recogniser.canTranslate);
  });

  it('hears speech, is stopped in the middle, and hears again', async () => {
    const speech = await speechSamples();
    // A request's samples are given away.
    const hear = async (): Promise<string> =>
      (await recogniser.recognise(recognitionJob(Buffer.from(speech), { language: 'en' }), NEVER)).text;
    const text = await hear();
    assert.match(text, /fellow Americans.*for your country/);
    // Minutes of speech, of which it hears a part of the first window.
    const long = Buffer.concat(Array.from({ length: 20 }, () => speech));
    const stop = new AbortController();
    const stopped = assertAborts(recogniser.recognise(recognitionJob(long, { language: 'en' }), stop.signal));
    setTimeout(() => {
      stop.abort();
    }, SOME_TIME_MS);
    await stopped;
    assert.equal(await hear(), text);
    assert.deepEqual(deaths, []);
  });

  it('says why a model does not load', async () => {
    const files = { modelName: 'm', modelFolder: __dirname, runtime: 'native' } as const;
    await assert.rejects(createWhisperRecogniser(files, { workerFile: WORKER }), /config\.json/);
  });
});
