import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Chunk, Recording, Segment } from '../../../src/core/model';
import type { TranscriptionEvent, TranscriptionOptions } from '../../../src/core/ports';
import { parseEndpoint, type Endpoint, type RemoteEndpoint } from '../../../src/core/speech/endpoint';
import { FileTranscription } from '../../../src/node/fileTranscription';
import { openRecording } from '../../../src/node/openRecording';
import type { SpeechClientOptions } from '../../../src/node/speechClient';
import { ScriptedServer, type ScriptedAnswer } from '../../fakes/scriptedServer';
import { error, groqVerboseJson, silence, spoken } from '../../fakes/speechAnswers';
import { jfkWav, projectRoot, skipWithReason } from '../../speech';
import { KeptLog } from './asking';
import { assertAborts, problemWith } from './problems';
import { sharedFolder, temporaryFolder } from './temporaryFolder';
import { silentSamples, speechSamples } from './speechSamples';
import { tone, wavFile, wavOf } from './wavFile';

const never = new AbortController().signal;
const PREPARED = { format: 'int16', rateHz: 16_000, channelCount: 1 } as const;
const EMBEDDED: Endpoint = { kind: 'embedded' };

describe('FileTranscription', () => {
  const folder = temporaryFolder();
  const storage = (): string => path.join(folder(), 'storage');
  const made: FileTranscription[] = [];

  function transcription(changes: Partial<SpeechClientOptions> = {}): FileTranscription {
    const one = new FileTranscription({
      ...{ extensionFolder: projectRoot(), storageFolder: storage(), version: '1.2.3' },
      readKey: () => Promise.resolve(undefined),
      modelPath: () => undefined,
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
    options: TranscriptionOptions = {},
    signal = never,
  ): Promise<Run> {
    const events: TranscriptionEvent[] = [];
    for await (const event of by.transcribeFile(recording, endpoint, options, signal)) events.push(event);
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
    /** The prepared model is kept between the tests. */
    const kept = sharedFolder();

    it('writes down what Kennedy said, and when', async () => {
      const one = transcription({ storageFolder: kept() });
      const recording = await openRecording(jfkWav());
      const { events, segments } = await run(one, recording, EMBEDDED);
      const text = segments.map((segment) => segment.text.toLowerCase()).join(' ');
      assert.match(text, /what your country can do for you/);
      assert.match(text, /what you can do for your country/);
      assertRising(segments, 11);
      assert.deepEqual(events[0], { kind: 'prepared', totalS: 11, isTruncated: false });
      const last = events.at(-1);
      assert.deepEqual(last?.kind === 'finished' ? last.transcript.models : [], ['vosk-small-en-us']);
      assert.deepEqual(await fs.readdir(path.join(kept(), 'prepared')).catch(() => []), []);
      assert.equal((await fs.readdir(path.join(kept(), 'journal'))).length, 1);
      await one.forget(recording);
      assert.deepEqual(await fs.readdir(path.join(kept(), 'journal')), []);
    });

    it('refuses a language that its model does not know', async () => {
      const one = transcription({ storageFolder: kept() });
      const recording = await openRecording(jfkWav());
      const problem = await problemWith('languageUnsupported', run(one, recording, EMBEDDED, { language: 'de' }));
      assert.equal(problem.language, 'de');
    });

    it('says of silence that nobody spoke, without asking the engine', async () => {
      const file = path.join(folder(), 'silence.wav');
      await fs.writeFile(file, wavOf(silentSamples(5), PREPARED));
      const one = transcription({ storageFolder: kept() });
      const problem = await problemWith('noSpeech', run(one, await openRecording(file), EMBEDDED));
      assert.equal(one.engineProcessId, undefined);
      assert.equal(problem.file, 'silence.wav');
    });

    it('says which part of the engine is missing', async () => {
      const one = transcription({ extensionFolder: folder() });
      await problemWith('engineFilesMissing', run(one, await openRecording(jfkWav()), EMBEDDED));
      assert.deepEqual(await names('prepared'), []);
    });

    it('says what is wrong with a model of the user’s own', async () => {
      const one = transcription({ modelPath: () => folder() });
      const problem = await problemWith('modelUnusable', run(one, await openRecording(jfkWav()), EMBEDDED));
      assert.equal(problem.path, folder());
    });
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
      await run(one, recording, endpoint, { model: 'other' });
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
      for await (const event of transcription().transcribeFile(await openRecording(file), endpoint, {}, never)) {
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
});
