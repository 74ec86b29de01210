import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { defined } from '../../../../src/core/async/defined';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import { MinutesError } from '../../../../src/core/errors';
import type { Chunk, Recording, Segment } from '../../../../src/core/model';
import type { TranscriptionEvent, TranscriptionWishes } from '../../../../src/core/transcription/fileTranscriber';
import { parseEndpoint, type Endpoint, type RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import { openRecording } from '../../../../src/node/audio/openRecording';
import type { SpeechClientOptions } from '../../../../src/node/speech/speechClient';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, silence, spoken } from '../../../fakes/speechAnswers';
import { until } from '../../../host/until';
import { preparedModel } from '../../../preparedModel';
import { jfkWav, projectRoot, skipWithReason } from '../../../speech';
import { KeptLog } from './asking';
import { hollowModel } from '../engine/hollowModel';
import { assertAborts, problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';
import { silentSamples, speechSamples } from '../speechSamples';
import { tone, wavFile, wavOf } from '../wavFile';

const PREPARED = { format: 'int16', rateHz: 16_000, channelCount: 1 } as const;
const EMBEDDED: Endpoint = { kind: 'embedded' };

describe('FileTranscription', () => {
  const folder = temporaryFolder();
  const storage = (): string => path.join(folder(), 'storage');
  const made: FileTranscription[] = [];

  function transcription(changes: Partial<SpeechClientOptions> = {}): FileTranscription {
    const one = new FileTranscription({
      extensionFolder: projectRoot(),
      storageFolder: storage(),
      version: '1.2.3',
      readKey: () => Promise.resolve(undefined),
      embeddedModel: () => Promise.reject(new MinutesError({ code: 'modelMissing' })),
      editorProxy: () => ({ address: '', isOff: true }),
      log: new KeptLog(),
      ...changes,
    });
    made.push(one);
    return one;
  }

  afterEach(async () => {
    for (const one of made.splice(0)) await one.dispose();
  });

  interface Run {
    readonly events: TranscriptionEvent[];
    readonly chunks: Chunk[];
    readonly segments: readonly Segment[];
  }

  async function run(
    by: FileTranscription,
    recording: Recording,
    endpoint: Endpoint,
    wishes: Partial<TranscriptionWishes> = {},
    signal = NEVER,
  ): Promise<Run> {
    const events: TranscriptionEvent[] = [];
    for await (const event of by.transcribeFile(recording, endpoint, { job: 'meeting', ...wishes }, signal))
      events.push(event);
    const last = events.at(-1);
    assert.equal(last?.kind, 'finished');
    const chunks = events.flatMap((event) => (event.kind === 'transcribed' ? [event.chunk] : []));
    return { events, chunks, segments: last.transcript.segments };
  }

  async function names(...parts: readonly string[]): Promise<string[]> {
    return (await fs.readdir(path.join(storage(), ...parts)).catch(() => [])).sort();
  }

  function assertRising(segments: readonly Segment[], totalS: number): void {
    let lastS = 0;
    for (const { startS, endS } of segments) {
      assert.ok(startS >= lastS && endS >= startS && endS <= totalS, JSON.stringify(segments));
      lastS = startS;
    }
  }

  describe('with the real engine', () => {
    let model: InstalledModel;

    before(async function () {
      const found = await preparedModel();
      if ('absent' in found) skipWithReason(this, found.absent);
      model = found;
    });

    const withModel = (): FileTranscription => transcription({ embeddedModel: () => Promise.resolve({ model }) });

    it('writes down what Kennedy said, and when', async () => {
      const one = withModel();
      const recording = await openRecording(jfkWav());
      const { events, segments } = await run(one, recording, EMBEDDED);
      const text = segments.map((segment) => segment.text).join(' ');
      assert.match(text, /^And so,? my fellow Americans,? ask not what your country can do for you, /);
      assert.match(text, /ask what you can do for your country\.$/);
      assertRising(segments, 11);
      assert.deepEqual(events[0], { kind: 'prepared', totalS: 11, isTruncated: false });
      const last = events.at(-1);
      assert.deepEqual(last?.kind === 'finished' ? last.transcript.models : [], [model.name]);
      assert.deepEqual(await names('prepared'), []);
      assert.equal((await names('journal')).length, 1);
      await one.forget(recording);
      assert.deepEqual(await names('journal'), []);
    });

    it('refuses a language that its model does not know', async () => {
      const recording = await openRecording(jfkWav());
      const problem = await problemWith(
        'languageUnsupported',
        run(withModel(), recording, EMBEDDED, { language: 'xx' }),
      );
      assert.equal(problem.language, 'xx');
    });

    it('says of silence that nobody spoke, without asking the engine', async () => {
      const file = path.join(folder(), 'silence.wav');
      await fs.writeFile(file, wavOf(silentSamples(5), PREPARED));
      const one = withModel();
      const problem = await problemWith('noSpeech', run(one, await openRecording(file), EMBEDDED));
      assert.equal(one.engineProcessId, undefined);
      assert.equal(problem.file, 'silence.wav');
    });
  });

  it('says which part of the engine is missing', async () => {
    const one = transcription({ extensionFolder: folder() });
    await problemWith('engineFilesMissing', run(one, await openRecording(jfkWav()), EMBEDDED));
    assert.deepEqual(await names('prepared'), []);
  });

  it('says that no model is here before anything is read', async () => {
    await problemWith('modelMissing', run(transcription(), await openRecording(jfkWav()), EMBEDDED));
    assert.deepEqual(await names('prepared'), []);
  });

  it('deletes what earlier versions kept of their small model', async () => {
    const former = path.join(storage(), 'engine-models', '0123456789abcdef', 'am');
    await fs.mkdir(former, { recursive: true });
    await fs.writeFile(path.join(former, 'final.mdl'), 'large');
    await fs.writeFile(path.join(storage(), 'servers.json'), '{}');
    transcription();
    await until(() => !existsSync(path.join(storage(), 'engine-models')), { what: 'the copies are gone' });
    assert.deepEqual(await names(), ['servers.json']);
  });

  describe('with an endpoint', () => {
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;
    let recording: Recording;

    beforeEach(async () => {
      server = await ScriptedServer.start(() => groqVerboseJson(spoken('Something was said.')));
      const parsed = parseEndpoint(server.baseUrl);
      assert.equal(parsed.kind, 'remote');
      endpoint = parsed;
      recording = await threeSentences(path.join(folder(), 'meeting.wav'));
    });
    afterEach(() => server.close());

    /** The same speech three times with five seconds of silence between: no request reaches across those. */
    async function threeSentences(file: string): Promise<Recording> {
      const [speech, pause] = [await speechSamples(), silentSamples(5)];
      await fs.writeFile(file, wavOf(Buffer.concat([speech, pause, speech, pause, speech]), PREPARED));
      return openRecording(file);
    }

    /** Which piece of the recording a request held. */
    async function pieceOf(bytes: Buffer | undefined): Promise<Chunk> {
      assert.ok(bytes);
      const whole = (await fs.readFile(recording.path)).subarray(44);
      const samples = bytes.subarray(44);
      for (let at = whole.indexOf(samples); at >= 0; at = whole.indexOf(samples, at + 1)) {
        if (at % 2 === 0) return { startSample: at / 2, endSample: (at + samples.length) / 2 };
      }
      throw new assert.AssertionError({ message: 'the request holds no piece of the recording' });
    }

    it('asks once for every piece and joins the answers at their times', async () => {
      server.play((_, index) => groqVerboseJson(spoken(`Sentence ${index + 1}.`, 0.5, 2)));
      const { chunks, segments, events } = await run(transcription(), recording, endpoint);
      assert.ok(chunks.length >= 3);
      assert.equal(server.requests.length, chunks.length);
      assert.deepEqual(
        segments.map(({ text, startS, endS }) => ({ text, startS, endS })),
        chunks.map(({ startSample }, i) => ({
          text: `Sentence ${i + 1}.`,
          startS: startSample / 16_000 + 0.5,
          endS: startSample / 16_000 + 2,
        })),
      );
      for (const [i, chunk] of chunks.entries()) {
        const { startSample, endSample } = await pieceOf(server.requests[i]?.files[0]?.bytes);
        assert.equal(endSample - startSample, chunk.endSample - chunk.startSample);
      }
      assertRising(segments, recording.sizeBytes / 32_000);
      const done = events.flatMap((event) => (event.kind === 'transcribed' ? [event.doneS] : []));
      assert.deepEqual(
        done,
        chunks.map(({ endSample }) => endSample / 16_000),
      );
    });

    it('sends the key to the endpoint it belongs to', async () => {
      const asked: string[] = [];
      const readKey = (baseUrl: string): Promise<string> => {
        asked.push(baseUrl);
        return Promise.resolve('secret-key');
      };
      await run(transcription({ readKey }), recording, endpoint);
      assert.ok(asked.every((baseUrl) => baseUrl === server.baseUrl));
      for (const { headers } of server.requests) {
        assert.equal(headers.authorization, 'Bearer secret-key');
        assert.equal(headers['user-agent'], 'Minutes/1.2.3');
      }
    });

    it('connects to nothing where a key is needed and there is none', async () => {
      const groq = parseEndpoint('groq');
      assert.ok(groq.kind === 'remote' && groq.requiresKey);
      const problem = await problemWith('keyMissing', run(transcription(), recording, groq));
      assert.equal(problem.host, groq.host);
      // The same with an address whose connections can be counted.
      await problemWith('keyMissing', run(transcription(), recording, { ...endpoint, requiresKey: true }));
      assert.equal(server.connectionCount, 0);
    });

    it('continues after a failure with the pieces that are missing, and with nothing else', async () => {
      const good: ScriptedAnswer = groqVerboseJson(spoken('Kept.'));
      server.play([good, error(401)]);
      const withKey = transcription({ readKey: () => Promise.resolve('a-key-that-is-refused') });
      await problemWith('keyRejected', run(withKey, recording, endpoint));
      const failedWith = server.requests.length;
      assert.deepEqual([failedWith, (await names('journal')).length], [2, 1]);
      assert.deepEqual(await names('prepared'), []);

      // Another process, as after a restart.
      server.play(() => groqVerboseJson(spoken('New.')));
      const again = transcription();
      const { chunks, segments } = await run(again, recording, endpoint);
      assert.equal(server.requests.length - failedWith, chunks.length - 1);
      assert.deepEqual(
        segments.map(({ text }) => text),
        ['Kept.', ...chunks.slice(1).map(() => 'New.')],
      );
      // The piece that failed is asked for first, with the same samples.
      assert.ok(server.requests[2]?.files[0]?.bytes.equals(server.requests[1]?.files[0]?.bytes ?? Buffer.alloc(0)));

      // A finished run is kept until its text is safe.
      server.play([]);
      assert.deepEqual((await run(transcription(), recording, endpoint)).segments, segments);
      await again.forget(recording);
      assert.deepEqual(await names('journal'), []);
      await problemWith('endpointFailed', run(transcription(), recording, endpoint));
    });

    it('writes Chinese in one script, whatever the endpoint mixes', async () => {
      const told = ['我们來開会。', '這個項目的頭髮。', 'GitHub 的设置。'];
      server.play((_, index) => groqVerboseJson({ ...spoken(told[index] ?? ''), language: 'Chinese' }));
      const { segments } = await run(transcription(), recording, endpoint);
      assert.deepEqual(
        segments.map(({ text }) => text),
        ['我们来开会。', '这个项目的头发。', 'GitHub 的设置。'],
      );
      // The same answers, from the journal.
      const chosen = await run(transcription(), recording, endpoint, { chineseScript: 'traditional' });
      assert.deepEqual(
        chosen.segments.map(({ text }) => text),
        ['我們來開會。', '這個項目的頭髮。', 'GitHub 的設置。'],
      );
      assert.equal(server.requests.length, told.length);
    });

    it('continues after an abort', async () => {
      server.play([groqVerboseJson(spoken('Kept.')), { hang: true }]);
      const stop = new AbortController();
      const running = run(transcription(), recording, endpoint, {}, stop.signal);
      const aborted = assertAborts(running);
      await server.received(2);
      stop.abort();
      await aborted;
      assert.deepEqual(await names('prepared'), []);
      server.play(() => groqVerboseJson(spoken('New.')));
      const { chunks } = await run(transcription(), recording, endpoint);
      assert.equal(server.requests.length, 2 + chunks.length - 1);
    });

    it('keeps what was heard for another model, language, endpoint or state of the file apart', async () => {
      const one = transcription();
      const first = await run(one, recording, endpoint);
      const count = (): number => server.requests.length / first.chunks.length;
      assert.equal(count(), 1);
      await run(one, recording, endpoint, { chosenModels: { meeting: 'other' } });
      assert.equal(count(), 2);
      await run(one, recording, endpoint, { language: 'en' });
      assert.equal(count(), 3);
      await run(one, recording, { ...endpoint, baseUrl: `${server.origin}/other/v1` });
      assert.equal(count(), 4);
      await fs.utimes(recording.path, 1, 1);
      await run(one, await openRecording(recording.path), endpoint);
      assert.equal(count(), 5);
      assert.equal((await names('journal')).length, 5);
      await one.forget(recording);
      assert.equal((await names('journal')).length, 4);
    });

    it('says that nobody spoke where every piece is silent', async () => {
      server.play(() => silence());
      await problemWith('noSpeech', run(transcription(), recording, endpoint));
    });

    it('removes its files when the reader leaves', async () => {
      const file = path.join(folder(), 'speech-at-8000-hz.wav');
      await fs.writeFile(file, wavOf(await speechSamples(), { ...PREPARED, rateHz: 8000 }));
      for await (const event of transcription().transcribeFile(
        await openRecording(file),
        endpoint,
        { job: 'meeting' },
        NEVER,
      )) {
        if (event.kind !== 'prepared') continue;
        assert.equal((await names('prepared')).length, 1, 'there is something to be removed');
        break;
      }
      assert.deepEqual(await names('prepared'), []);
    });

    it('transcribes two files at once', async () => {
      const one = transcription();
      const other = await threeSentences(path.join(folder(), 'other.wav'));
      const runs = await Promise.all([run(one, recording, endpoint), run(one, other, endpoint)]);
      assert.deepEqual(runs[0].segments, runs[1].segments);
      assert.equal((await names('journal')).length, 2);
    });

    it('says that the disk is full', async function () {
      if (process.platform !== 'linux') skipWithReason(this, 'only Linux has /dev/full');
      const file = path.join(folder(), 'speech-at-8000-hz.wav');
      const spec = { format: 'int16', rateHz: 8000, channelCount: 1, sampleCount: 80_000 } as const;
      await fs.writeFile(file, wavFile({ ...spec, sample: tone(440, 8000) }));
      const one = transcription();
      // Folders are numbered; the first run also removes what others left.
      await problemWith('noSpeech', run(one, await quiet(), endpoint));
      const next = path.join(storage(), 'prepared', `${process.pid}-1`);
      await fs.mkdir(next, { recursive: true });
      await fs.symlink('/dev/full', path.join(next, 'prepared.pcm'));
      const problem = await problemWith('diskFull', run(one, await openRecording(file), endpoint));
      assert.equal(problem.path, storage());
      assert.deepEqual(await names('prepared'), []);
      assert.equal(server.requests.length, 0);
    });

    async function quiet(): Promise<Recording> {
      const file = path.join(folder(), 'quiet.wav');
      await fs.writeFile(file, wavOf(silentSamples(2), PREPARED));
      return openRecording(file);
    }
  });

  describe('that translates', () => {
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;

    beforeEach(async () => {
      server = await ScriptedServer.start((request) =>
        request.path.endsWith('/translations')
          ? groqVerboseJson({ ...spoken('Said in English.'), language: 'English' })
          : groqVerboseJson({ ...spoken('Auf Deutsch gesagt.'), language: 'German' }),
      );
      const parsed = parseEndpoint(server.baseUrl);
      assert.equal(parsed.kind, 'remote');
      endpoint = parsed;
    });
    afterEach(() => server.close());

    const paths = (): (string | undefined)[] => server.requests.map((request) => request.path.split('/').at(-1));
    const modelOf = (index: number): string | undefined =>
      server.requests[index]?.fields.find(([name]) => name === 'model')?.[1];

    it('is refused beforehand for a model that cannot', async () => {
      const recording = await sentences(folder(), 1);
      const translate = (to: Endpoint, model?: string): Promise<Run> =>
        run(transcription(), recording, to, { job: 'translation', chosenModels: defined({ translation: model }) });
      const turbo = await problemWith('translationUnsupported', translate(endpoint, 'whisper-large-v3-turbo'));
      assert.deepEqual([turbo.model, turbo.instead], ['whisper-large-v3-turbo', 'whisper-large-v3']);
      const own = { ...endpoint.defaultModels, translation: 'gpt-transcribe' };
      const none = await problemWith('translationUnsupported', translate({ ...endpoint, defaultModels: own }));
      assert.deepEqual([none.model, none.instead], ['gpt-transcribe', undefined]);
      const model = await hollowModel(folder(), { canTranslate: false });
      const embedded = transcription({ embeddedModel: () => Promise.resolve({ model }) });
      const here = await problemWith(
        'translationUnsupported',
        run(embedded, recording, EMBEDDED, { job: 'translation' }),
      );
      assert.deepEqual([here.host, here.model, here.instead], [EMBEDDED, 'base', undefined]);
      assert.equal(server.connectionCount, 0);
      assert.deepEqual(await names(), []);
    });

    it('asks once which language is spoken, of the model for it', async () => {
      const recording = await sentences(folder(), 3);
      const options = { job: 'translation', chosenModels: { meeting: 'whisper-large-v3-turbo' } } as const;
      const { chunks, events } = await run(transcription(), recording, endpoint, options);
      assert.ok(chunks.length >= 3);
      assert.deepEqual(paths(), [...chunks.map(() => 'translations'), 'transcriptions']);
      assert.deepEqual([modelOf(0), modelOf(chunks.length)], ['whisper-large-v3', 'whisper-large-v3-turbo']);
      const last = events.at(-1);
      assert.ok(last?.kind === 'finished');
      assert.equal(last.transcript.language, 'de');
      assert.ok(last.transcript.segments.every(({ text }) => text === 'Said in English.'));
    });

    it('does not ask where the language was chosen', async () => {
      const recording = await sentences(folder(), 1);
      const { events } = await run(transcription(), recording, endpoint, { job: 'translation', language: 'fr' });
      assert.ok(paths().every((name) => name === 'translations'));
      const last = events.at(-1);
      assert.equal(last?.kind === 'finished' ? last.transcript.language : '', 'fr');
    });

    it('does without the language where nobody tells it', async () => {
      server.play((request) =>
        request.path.endsWith('/translations') ? groqVerboseJson(spoken('Said in English.')) : error(400),
      );
      const { segments, events } = await run(transcription(), await sentences(folder(), 1), endpoint, {
        job: 'translation',
      });
      assert.equal(segments[0]?.text, 'Said in English.');
      const last = events.at(-1);
      assert.equal(last?.kind === 'finished' ? last.transcript.language : '', undefined);
    });
  });

  describe('with an address', () => {
    const AUDIO = 'https://example.com/talks/All%20hands.mp3';
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;

    beforeEach(async () => {
      server = await ScriptedServer.start(() => groqVerboseJson(spoken('Fetched.', 1, 2)));
      const parsed = parseEndpoint(server.baseUrl);
      assert.equal(parsed.kind, 'remote');
      endpoint = parsed;
    });
    afterEach(() => server.close());

    async function fetched(
      url: string,
      to: Endpoint,
      wishes: Partial<TranscriptionWishes> = {},
    ): Promise<TranscriptionEvent[]> {
      const events: TranscriptionEvent[] = [];
      for await (const event of transcription().transcribeUrl(url, to, { job: 'meeting', ...wishes }, NEVER))
        events.push(event);
      return events;
    }

    it('sends the address and no audio, in one request', async () => {
      const events = await fetched(` ${AUDIO} `, endpoint, { language: 'en' });
      assert.equal(server.requests.length, 1);
      assert.deepEqual(server.requests[0]?.files, []);
      assert.deepEqual(server.requests[0].fields.at(-1), ['url', AUDIO]);
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['uncut', 'transcribed', 'finished'],
      );
      const last = events.at(-1);
      assert.deepEqual(last?.kind === 'finished' ? [last.totalS, last.transcript.segments[0]?.text] : [], [
        2,
        'Fetched.',
      ]);
      assert.deepEqual(await names(), []);
    });

    it('translates as well', async () => {
      await fetched(AUDIO, endpoint, { job: 'translation' });
      assert.deepEqual(
        server.requests.map(({ path: address }) => address),
        ['/v1/audio/translations', '/v1/audio/transcriptions'],
      );
      await problemWith(
        'translationUnsupported',
        fetched(AUDIO, endpoint, { job: 'translation', chosenModels: { translation: 'x-turbo' } }),
      );
    });

    it('takes https alone', async () => {
      for (const url of ['http://example.com/a.mp3', 'file:///etc/passwd', 'data:audio/mp3;base64,AA', 'a.mp3', '']) {
        assert.equal((await problemWith('urlInvalid', fetched(url, endpoint))).url, url);
      }
      assert.equal(server.connectionCount, 0);
    });

    it('says where the endpoint fetches nothing', async () => {
      const model = 'gpt-4o-transcribe';
      await problemWith('urlUnsupported', fetched(AUDIO, { ...endpoint, provider: 'openai' }));
      await problemWith('urlUnsupported', fetched(AUDIO, { ...endpoint, provider: 'whisperCpp' }));
      await problemWith('urlUnsupported', fetched(AUDIO, endpoint, { chosenModels: { meeting: model } }));
      assert.deepEqual((await problemWith('urlUnsupported', fetched(AUDIO, EMBEDDED))).host, EMBEDDED);
      assert.equal(server.connectionCount, 0);
    });

    it('names it as people would', async () => {
      server.play(() => silence());
      assert.equal((await problemWith('noSpeech', fetched(AUDIO, endpoint))).file, 'All hands.mp3');
    });
  });

  describe('with a server that is elsewhere', () => {
    let server: ScriptedServer;
    let endpoint: RemoteEndpoint;
    let recording: Recording;

    beforeEach(async () => {
      server = await ScriptedServer.start();
      const parsed = parseEndpoint(server.baseUrl);
      assert.equal(parsed.kind, 'remote');
      // The server is here all the same, but is asked as one that is not.
      endpoint = { ...parsed, isLoopback: false };
      recording = await sentences(folder(), 7);
    });
    afterEach(() => server.close());

    const said = ({ files }: RecordedRequest): ScriptedAnswer =>
      groqVerboseJson(spoken(`Sentence ${sentencesIn(files[0]?.bytes).join(' and ')}.`));
    const textOf = (segments: readonly Segment[]): number[] =>
      segments.flatMap(({ text }) => [...text.matchAll(/\d+/g)].map(Number));
    const ALL = [0, 1, 2, 3, 4, 5, 6];

    it('asks for one piece, then four at once, and joins them in their order', async () => {
      let [atOnce, most] = [0, 0];
      server.play(async (request, index) => {
        most = Math.max(most, ++atOnce);
        void request.over.then(() => atOnce--);
        // The first goes alone; of the others nobody is answered before four are there, and then the last first.
        if (index > 0) await server.received(5);
        return { ...said(request), delayMs: Math.max(0, 5 - index) * 40 };
      });
      const { segments, chunks, events } = await run(transcription(), recording, endpoint);
      assert.ok(chunks.length >= 7);
      assert.equal(most, 4);
      assert.equal(server.requests.length, chunks.length);
      assert.deepEqual(textOf(segments), ALL);
      assertRising(segments, recording.sizeBytes / 32_000);
      const done = events.flatMap((event) => (event.kind === 'transcribed' ? [event.doneS] : []));
      assert.deepEqual(
        done,
        done.toSorted((a, b) => a - b),
      );
    });

    it('asks a server on this machine for one at a time', async () => {
      let [atOnce, most] = [0, 0];
      server.play((request) => {
        most = Math.max(most, ++atOnce);
        void request.over.then(() => atOnce--);
        return said(request);
      });
      const { segments } = await run(transcription(), recording, { ...endpoint, isLoopback: true });
      assert.equal(most, 1);
      assert.deepEqual(textOf(segments), ALL);
    });

    it('ends the others where one fails for good, and continues with what is missing', async () => {
      server.play(async (request) => {
        if (!sentencesIn(request.files[0]?.bytes).includes(3)) return said(request);
        // A sixth request means that two answers were written down.
        await server.received(6);
        return error(403);
      });
      await problemWith('forbidden', run(transcription(), recording, endpoint));
      const asked = server.requests.length;
      const [journal] = await names('journal');
      assert.ok(journal !== undefined);
      const lines = (await fs.readFile(path.join(storage(), 'journal', journal), 'utf8')).split('\n');
      const kept = lines.filter((line) => line !== '').length;
      assert.ok(kept >= 2 && kept < asked);

      server.play((request) => said(request));
      const { segments, chunks } = await run(transcription(), recording, endpoint);
      assert.equal(server.requests.length - asked, chunks.length - kept);
      assert.deepEqual(textOf(segments), ALL);
    });

    it('cuts smaller what is too large, loses nothing and repeats nothing', async () => {
      const limitBytes = 250_000;
      const taken: { readonly startByte: number; readonly bytes: Buffer }[] = [];
      const refused: Buffer[] = [];
      const whole = (await fs.readFile(recording.path)).subarray(44);
      server.play((request) => {
        const bytes = request.files[0]?.bytes.subarray(44) ?? Buffer.alloc(0);
        if (request.body.length > limitBytes) {
          refused.push(bytes);
          return error(413);
        }
        taken.push({ startByte: whole.indexOf(bytes), bytes });
        return said(request);
      });
      const { segments, chunks } = await run(transcription(), recording, endpoint);
      assert.ok(refused.length > 0 && taken.length > 7);
      assert.equal(chunks.length, taken.length);
      for (const [i, bytes] of refused.entries()) {
        assert.ok(!refused.slice(0, i).some((other) => other.equals(bytes)), 'no body goes twice');
      }
      const numbers = textOf(segments);
      assert.deepEqual([...new Set(numbers)], ALL);
      // Pieces lie behind each other, and those of one stretch of speech touch.
      for (const [i, { startSample }] of chunks.entries()) {
        const endSample = chunks[i - 1]?.endSample ?? 0;
        assert.ok(startSample >= endSample);
        assert.ok(
          whole.subarray(endSample * 2, startSample * 2).every((byte) => byte === 0),
          'only silence lies between',
        );
      }
      const sizes = taken.reduce((sum, { bytes }) => sum + bytes.length, 0);
      assert.equal(
        sizes,
        chunks.reduce((sum, { startSample, endSample }) => sum + (endSample - startSample) * 2, 0),
      );
    });

    it('says that even the smallest is too large, and does not go on for ever', async () => {
      server.play(() => error(413));
      const problem = await problemWith('tooLarge', run(transcription(), recording, { ...endpoint, isLoopback: true }));
      assert.ok(problem.sizeBytes < 150_000, String(problem.sizeBytes));
      const bodies = server.requests.map(({ files }) => files[0]?.bytes.toString('latin1'));
      assert.equal(new Set(bodies).size, bodies.length, 'no body goes twice');
      assert.ok(bodies.length < 10);
    });
  });
});

const MARK_AT_SAMPLE = 80_000;
const markOf = (number: number): Buffer => Buffer.from(Int16Array.of(12_345, -12_345, 1000 + number, 12_345).buffer);

/** The same speech so many times, each with its number in the samples, and silence between: no request reaches across that. */
async function sentences(folder: string, count: number): Promise<Recording> {
  const [speech, pause] = [await speechSamples(), silentSamples(5)];
  const parts = Array.from({ length: count }, (_, number) => {
    const marked = Buffer.from(speech);
    markOf(number).copy(marked, MARK_AT_SAMPLE * 2);
    return number === 0 ? [marked] : [pause, marked];
  });
  const file = path.join(folder, `${count} sentences.wav`);
  await fs.writeFile(file, wavOf(Buffer.concat(parts.flat()), PREPARED));
  return openRecording(file);
}

/** Which of them a request held. */
function sentencesIn(bytes: Buffer = Buffer.alloc(0)): number[] {
  return [0, 1, 2, 3, 4, 5, 6].filter((number) => bytes.includes(markOf(number)));
}
