import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { defined } from '../../../../src/core/async/defined';
import type { EmbeddedModel } from '../../../../src/core/models/embeddedModel';
import type { Gap, Recording, SpeechJob } from '../../../../src/core/model';
import type { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import type { TranscriptionEvent } from '../../../../src/core/transcription/fileTranscriber';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { projectRoot } from '../../../speech';
import { clientOptions } from '../speech/client';
import { hollowModel } from './hollowModel';
import { problemWith } from '../problems';
import { silentSamples, speechSamples } from '../speechSamples';
import { temporaryFolder } from '../temporaryFolder';
import { newLog } from '../transcripts/logs';
import { wavOf } from '../wavFile';

const EMBEDDED = { kind: 'embedded' } as const;
const PREPARED = { format: 'int16', rateHz: 16_000, channelCount: 1 } as const;
const SENTENCES = 3;

/** Real processes that die: a program in the engine's place does with each request what it is told. */
describe('An engine that dies', () => {
  const folder = temporaryFolder();
  const made: FileTranscription[] = [];
  let recording: Recording;

  beforeEach(async () => {
    const engine = path.join(folder(), 'dist', 'engine');
    await fs.mkdir(path.join(engine, 'node_modules', 'onnxruntime-node'), { recursive: true });
    await fs.copyFile(path.join(projectRoot(), 'test', 'fakes', 'scriptedEngine.cjs'), path.join(engine, 'main.js'));
    const [speech, pause] = [await speechSamples(), silentSamples(5)];
    const file = path.join(folder(), 'meeting.wav');
    const samples = Array.from({ length: SENTENCES }, () => [speech, pause]).flat();
    await fs.writeFile(file, wavOf(Buffer.concat(samples), PREPARED));
    recording = await openRecording(file);
  });
  afterEach(async () => {
    for (const one of made.splice(0)) await one.dispose();
  });

  async function play(...acts: readonly string[]): Promise<void> {
    const engine = path.join(folder(), 'dist', 'engine');
    await fs.writeFile(path.join(engine, 'acts'), acts.join('\n'));
    await fs.rm(path.join(engine, 'said'), { force: true });
  }

  async function requestCount(): Promise<number> {
    return (await fs.readFile(path.join(folder(), 'dist', 'engine', 'said'))).length;
  }

  interface Run {
    readonly texts: readonly string[];
    readonly models: readonly string[];
    readonly waits: number;
    /** The engines' processes, in the order of their appearance. */
    readonly engines: readonly number[];
  }

  /** A model by its name; the program in the engine's place does not look at it. */
  async function modelOf(name: string, commit?: string): Promise<EmbeddedModel> {
    const model = await hollowModel(folder(), defined({ name, commit }));
    return { runtime: 'native', model };
  }

  /** What a run is to do; all of it may be left out. */
  interface Wishes {
    readonly embedded?: EmbeddedModel;
    readonly log?: TranscriptLog;
    readonly job?: SpeechJob;
    /** Asks for these alone. */
    readonly gaps?: readonly Gap[];
  }

  async function run({ embedded, log = newLog(), job = 'meeting', gaps }: Wishes = {}): Promise<Run> {
    const model = embedded ?? (await modelOf('base'));
    const one = new FileTranscription({
      ...clientOptions(path.join(folder(), 'storage'), { embeddedModel: () => Promise.resolve(model) }),
      extensionFolder: folder(),
    });
    made.push(one);
    const engines = new Set<number>();
    let waits = 0;
    const take = (event: TranscriptionEvent): void => {
      if (one.engineProcessId !== undefined) engines.add(one.engineProcessId);
      if (event.kind === 'waiting') waits++;
    };
    const events = gaps
      ? one.retryGaps(recording, gaps, EMBEDDED, { job }, log, NEVER)
      : one.transcribeFile(recording, EMBEDDED, { job }, log, NEVER);
    for await (const event of events) take(event);
    const { segments, writers } = await log.transcript();
    const texts = segments.map(({ text }) => text);
    const models = writers.map(({ model }) => model);
    return { models, texts, waits, engines: [...engines] };
  }

  it('in the middle of a request is started anew, and the request is sent once more', async () => {
    await play('answer', 'die', 'answer', 'answer');
    const { texts, waits, engines } = await run();
    assert.deepEqual(texts, ['Request 0.', 'Request 2.', 'Request 3.']);
    assert.deepEqual([waits, engines.length, await requestCount()], [1, 2, 4]);
  });

  it('of several requests is started anew for each', async () => {
    await play('die', 'answer', 'die', 'answer', 'die', 'answer');
    const { texts } = await run();
    assert.deepEqual(texts, ['Request 1.', 'Request 3.', 'Request 5.']);
  });

  it('twice of the same request leaves a gap, which another one fills', async () => {
    await play('answer', 'die', 'die', 'answer');
    const log = newLog();
    const { texts } = await run({ log });
    assert.deepEqual([texts, await requestCount()], [['Request 0.', 'Request 3.'], 4]);
    const { gaps } = await log.transcript();
    assert.deepEqual(
      gaps.map(({ kind, code }) => [kind, code]),
      [['failed', 'engineFailed']],
    );

    await play('answer');
    assert.deepEqual((await run({ log, gaps })).texts, ['Request 0.', 'Request 0.', 'Request 3.']);
    assert.deepEqual([(await log.transcript()).gaps, await requestCount()], [[], 1]);
  });

  it('twice before its first answer has failed, and so has one that dies in a dictation', async () => {
    await play('die', 'die', 'answer');
    const log = newLog();
    await problemWith('engineFailed', run({ log }));
    assert.equal(await requestCount(), 2);
    // The chunk is asked for again.
    await play();
    const { texts } = await run({ log });
    assert.deepEqual(texts, ['Request 0.', 'Request 1.', 'Request 2.']);

    await play('answer', 'die', 'die', 'answer');
    const dictated = newLog();
    await problemWith('engineFailed', run({ log: dictated, job: 'dictation' }));
    const { segments, gaps } = await dictated.transcript();
    assert.deepEqual([segments.length, gaps.length, await requestCount()], [1, 0, 3]);
  });

  it('with words on its standard error is quoted', async () => {
    const words = 'RangeError: Array buffer allocation failed';
    await play(words, words);
    const { reason } = await problemWith('engineFailed', run());
    // What a dying process writes may come after its connection broke.
    assert.ok(
      [words, 'ECONNRESET', 'other side closed'].some((text) => reason.includes(text)),
      reason,
    );
  });

  it('not, but fails a request, is asked once more', async () => {
    await play('fail', 'answer', 'answer', 'answer');
    const { texts, engines } = await run();
    assert.deepEqual([texts.length, engines.length], [SENTENCES, 1]);

    await play('fail', 'fail');
    const { reason } = await problemWith('engineFailed', run());
    assert.deepEqual([reason, await requestCount()], ['no luck', 2]);
  });

  it('is followed by one with another model, which is asked for the rest alone', async () => {
    const log = newLog();
    await play('answer', 'die', 'die');
    await problemWith('engineFailed', run({ log, job: 'dictation' }));
    await play();
    const { models, texts } = await run({ log, embedded: await modelOf('small', 'c0ffee') });
    assert.deepEqual([models, texts.length, await requestCount()], [['base', 'small'], SENTENCES, SENTENCES - 1]);
  });
});
