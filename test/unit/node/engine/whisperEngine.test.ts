import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import type { EmbeddedModel } from '../../../../src/core/models/embeddedModel';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import type { LogEntry } from '../../../../src/core/transcription/requestLog';
import type { Transcript } from '../../../../src/core/model';
import type { TranscriptionWishes } from '../../../../src/core/transcription/fileTranscriber';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { preparedModel } from '../../../preparedModel';
import { jfkWav, skipWithReason } from '../../../speech';
import { clientOptions } from '../speech/client';
import { assertAborts, problemWith } from '../problems';
import { isRunning, untilEnded } from '../processes';
import { sharedFolder } from '../temporaryFolder';
import { newLog } from '../transcripts/logs';

const EMBEDDED = { kind: 'embedded' } as const;
const ASK = /ask not what your country can do for you, ask what you can do for your country/i;

/** The whole way with a real Whisper: client, engine's process, its thread, ONNX Runtime. */
describe('The embedded engine with a Whisper', () => {
  const storage = sharedFolder();
  const made: FileTranscription[] = [];
  let model: InstalledModel;
  let onLog: (entry: LogEntry) => void = () => undefined;

  before(async function () {
    const found = await preparedModel();
    if ('absent' in found) skipWithReason(this, found.absent);
    model = found;
  });
  afterEach(async () => {
    onLog = () => undefined;
    for (const one of made.splice(0)) await one.dispose();
  });

  function transcription(changes: Partial<InstalledModel> = {}): FileTranscription {
    const embedded: EmbeddedModel = { model: { ...model, ...changes } };
    const one = new FileTranscription({
      ...clientOptions(storage(), { embeddedModel: () => Promise.resolve(embedded) }),
      log: {
        write: (entry) => {
          onLog(entry);
        },
      },
    });
    made.push(one);
    return one;
  }

  async function run(
    by: FileTranscription,
    wishes: Partial<TranscriptionWishes> = {},
    signal: AbortSignal = NEVER,
  ): Promise<Transcript> {
    const recording = await openRecording(jfkWav());
    const log = newLog();
    let isFinished = false;
    for await (const { kind } of by.transcribeFile(recording, EMBEDDED, { job: 'meeting', ...wishes }, log, signal))
      isFinished = kind === 'finished';
    assert.ok(isFinished);
    return log.transcript();
  }

  const textOf = ({ segments }: Transcript): string => segments.map(({ text }) => text).join(' ');

  it('writes sentences, and says in which language and by which model', async () => {
    const transcript = await run(transcription());
    assert.match(textOf(transcript), /^And so,? my fellow Americans/);
    assert.match(textOf(transcript), ASK);
    assert.deepEqual([transcript.language, transcript.writers], ['en', [{ model: model.name }]]);
  });

  it('takes a dictation’s wishes', async () => {
    const prompt = { text: 'fellow, Americans.', terms: ['fellow', 'Americans'] };
    assert.match(textOf(await run(transcription(), { job: 'dictation', language: 'en', prompt, temperature: 0 })), ASK);
  });

  it('tells a translation’s language without asking again', async () => {
    const requests: LogEntry[] = [];
    onLog = (entry) => {
      if (entry.kind === 'sent') requests.push(entry);
    };
    const transcript = await run(transcription(), { job: 'translation', language: 'fr' });
    assert.deepEqual([transcript.language, requests.length], ['fr', 1]);
  });

  it('is asked for no translation that the model cannot make', async () => {
    const one = transcription({ canTranslate: false });
    const problem = await problemWith('translationUnsupported', run(one, { job: 'translation' }));
    assert.deepEqual([problem.host, problem.model], [EMBEDDED, model.name]);
    assert.equal(one.engineProcessId, undefined);
  });

  it('refuses a language that no Whisper knows', async () => {
    assert.equal((await problemWith('languageUnsupported', run(transcription(), { language: 'xx' }))).language, 'xx');
  });

  it('says that the model was removed', async () => {
    const folder = path.join(storage(), 'removed');
    await fs.mkdir(folder, { recursive: true });
    assert.equal((await problemWith('modelNotInstalled', run(transcription({ folder })))).model, model.name);
  });

  it('says why a model does not load', async () => {
    const folder = path.join(storage(), 'broken');
    await fs.cp(model.folder, folder, { recursive: true });
    await fs.rm(path.join(folder, 'decoder.onnx'));
    const { reason } = await problemWith('engineFailed', run(transcription({ folder })));
    assert.match(reason, /decoder\.onnx/);
  });

  it('is killed in the middle of a request: another one answers', async () => {
    const one = transcription();
    const ids: number[] = [];
    onLog = ({ kind }) => {
      if (kind !== 'sent' || one.engineProcessId === undefined) return;
      ids.push(one.engineProcessId);
      if (ids.length === 1) process.kill(one.engineProcessId, 'SIGKILL');
    };
    assert.match(textOf(await run(one)), ASK);
    assert.equal(new Set(ids).size, 2);
  });

  it('stops working when the request is aborted, and takes the next', async () => {
    const one = transcription();
    assert.match(textOf(await run(one)), ASK);
    const id = one.engineProcessId;
    const stop = new AbortController();
    onLog = ({ kind }) => {
      // A moment later it computes.
      if (kind === 'sent')
        setTimeout(() => {
          stop.abort();
        }, 50);
    };
    await assertAborts(run(one, {}, stop.signal));
    onLog = () => undefined;
    assert.match(textOf(await run(one)), ASK);
    assert.equal(one.engineProcessId, id);
  });

  it('ends with its window', async () => {
    const one = transcription();
    await one.probe.warmUp(EMBEDDED, {}, NEVER);
    const id = one.engineProcessId;
    assert.ok(id !== undefined && isRunning(id));
    await one.dispose();
    await untilEnded(id);
  });

  it('is tested as every endpoint is, words with probabilities included', async () => {
    const formats: string[] = [];
    for await (const { format, outcome } of transcription().probe.test(EMBEDDED, undefined, NEVER)) {
      assert.ok(outcome.kind === 'works', JSON.stringify(outcome));
      assert.match(outcome.text, /fellow Americans/i);
      formats.push(format);
      if (format === 'words') assert.ok(outcome.wordCount > 0 && outcome.quality.includes('probability'));
    }
    assert.deepEqual(formats, ['words', 'segments', 'json', 'text']);
  });
});
