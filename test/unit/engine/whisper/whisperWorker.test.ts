import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { Draft, Recogniser, Recognition } from '../../../../src/engine/api/recogniser';
import { createWhisperRecogniser } from '../../../../src/engine/whisper/whisperRecogniser';
import { projectRoot, skipWithReason } from '../../../speech';
import { assertAborts } from '../../node/problems';
import { silentSamples, speechSamples } from '../../node/speechSamples';
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

  it('hears a dictation in the middle of a file, whose text stays the same', async () => {
    const speech = await speechSamples();
    const long = Buffer.concat([speech, speech, speech]);
    const file = (): Promise<Recognition> =>
      recogniser.recognise(recognitionJob(Buffer.from(long), { language: 'en' }), NEVER);
    const alone = await file();
    const order: string[] = [];
    const beside = file().finally(() => order.push('file'));
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, SOME_TIME_MS));
      const wishes = { language: 'en', priority: 'dictation', isUrgent: true } as const;
      const { text } = await recogniser.recognise(recognitionJob(Buffer.from(speech), wishes), NEVER);
      assert.match(text, /for your country/);
      order.push('dictation');
    }
    assert.deepEqual(await beside, alone);
    assert.deepEqual(order, ['dictation', 'dictation', 'dictation', 'file']);
  });

  it('drafts speech that goes on, and continues what is written', async () => {
    const speech = await speechSamples();
    const job = { priority: 'live', language: 'en', written: [], writtenS: 0 } as const;
    const draft = await recogniser.draft({ ...job, pcm: Buffer.from(speech.subarray(0, 16_000 * 2 * 6)) }, NEVER);
    const textOf = ({ words }: Draft): string => words.map(({ text }) => text).join('');
    assert.match(textOf(draft), /^ And so,? my fellow Americans/);
    const written = draft.words.slice(0, 3);
    const { tokenEnd = 0, endS = 0 } = written.at(-1) ?? {};
    const next = await recogniser.draft(
      { ...job, pcm: Buffer.from(speech), written: draft.tokens.slice(0, tokenEnd), writtenS: endS },
      NEVER,
    );
    const rest = new RegExp(`^ fellow Americans.*for your country`);
    assert.match(textOf(next), rest);
    assert.ok(next.words.every(({ startS }) => startS >= endS - 0.2));
    for (const [i, word] of next.words.entries()) assert.ok(word.startS >= (next.words[i - 1]?.startS ?? 0));
  });

  it('drafts nothing where nobody speaks', async () => {
    const job = { priority: 'live', written: [], writtenS: 0 } as const;
    for (const seconds of [0.1, 1, 5]) {
      const { words } = await recogniser.draft({ ...job, pcm: silentSamples(seconds) }, NEVER);
      assert.deepEqual(words, []);
    }
  });

  it('says why a model does not load', async () => {
    const files = { modelName: 'm', modelFolder: __dirname, runtime: 'native' } as const;
    await assert.rejects(createWhisperRecogniser(files, { workerFile: WORKER }), /config\.json/);
  });
});
