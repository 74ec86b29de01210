import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import type { ProbeResult } from '../../../../src/core/transcription/endpointProbe';
import type { RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { HttpEndpointProbe } from '../../../../src/node/speech/httpEndpointProbe';
import { LearnedShapes } from '../../../../src/node/speech/learnedShapes';
import type { ScriptedServer, RecordedRequest, ScriptedAnswer } from '../../../fakes/scriptedServer';
import {
  error,
  groqVerboseJson,
  htmlError,
  openAiJson,
  redirect,
  silence,
  whisperCpp,
} from '../../../fakes/speechAnswers';
import { uploadedSamples } from '../../../fakes/uploads';
import { preparedModel } from '../../../preparedModel';
import { projectRoot, skipWithReason } from '../../../speech';
import { assertAborts, problemWith } from '../problems';
import { EMBEDDED } from './client';
import { eachWithServer, endpointProbes, KEY, SAID, tested, withKey } from './endpointProbes';

const MODEL = 'whisper-large-v3-turbo';

describe('HttpEndpointProbe', () => {
  const { storage, client, probe } = endpointProbes();
  let server: ScriptedServer;
  let endpoint: RemoteEndpoint;

  eachWithServer((started, at) => {
    server = started;
    endpoint = at;
  });

  const outcomes = (results: readonly ProbeResult[]): string[] =>
    results.map(({ format, outcome }) => `${format}: ${outcome.kind === 'works' ? 'works' : outcome.problem.code}`);
  const formatOf = ({ fields }: RecordedRequest): string =>
    fields
      .filter(([name]) => name === 'response_format' || name === 'timestamp_granularities[]')
      .map(([, value]) => value)
      .join(' ');
  const learned = async (model = MODEL): Promise<string | undefined> =>
    (await new LearnedShapes(path.join(storage(), 'servers.json')).get(server.baseUrl, model)).format;

  describe('tests', () => {
    it('a server that knows every format', async () => {
      server.play((request) => {
        const format = formatOf(request);
        if (format === 'text') return { headers: { 'content-type': 'text/plain' }, body: 'Ask not.\n' };
        return format === 'json' ? openAiJson(SAID) : groqVerboseJson(SAID);
      });
      const one = probe();
      const results = await tested(one, endpoint);
      assert.deepEqual(outcomes(results), ['words: works', 'segments: works', 'json: works', 'text: works']);
      assert.equal(one.testCount(endpoint), results.length);
      assert.deepEqual(server.requests.map(formatOf), [
        'verbose_json segment word',
        'verbose_json segment',
        'json',
        'text',
      ]);
      assert.deepEqual(results[0]?.outcome, {
        kind: 'works',
        isChosen: true,
        text: 'Ask not.',
        segmentCount: 1,
        wordCount: 2,
        quality: ['averageLogProbability', 'compressionRatio', 'noSpeechProbability'],
      });
      assert.deepEqual(results[3]?.outcome, {
        kind: 'works',
        isChosen: false,
        text: 'Ask not.',
        segmentCount: 0,
        wordCount: 0,
        quality: [],
      });
      const clip = await fs.readFile(path.join(projectRoot(), 'media', 'endpoint-test.wav'));
      for (const { files, fields, headers } of server.requests) {
        const samples = uploadedSamples(files[0]);
        assert.ok(samples.length > 32_000 && clip.includes(samples), 'the clip that comes with Minutes');
        assert.ok(fields.some(([name, value]) => name === 'language' && value === 'en'));
        assert.equal(headers.authorization, `Bearer ${KEY}`);
      }
      assert.equal(await learned(), 'words');
      assert.ok(results.every(({ durationMs }) => durationMs >= 0));
    });

    it('a server that knows json alone, and remembers that', async () => {
      server.play((request) =>
        formatOf(request) === 'json' ? openAiJson(SAID) : error(400, { message: 'response_format is not supported' }),
      );
      const by = client(withKey);
      const results = await tested(probe(by), endpoint);
      assert.deepEqual(outcomes(results), [
        'words: requestRefused',
        'segments: requestRefused',
        'json: works',
        'text: requestRefused',
      ]);
      assert.equal(server.requests.length, 4);
      assert.equal(await learned(), 'json');
    });

    it('a server that reads WAV alone: every format works, and that is remembered', async () => {
      server.play(({ files }) =>
        files[0]?.name === 'audio.wav' ? groqVerboseJson(SAID) : error(400, { message: 'Invalid file format.' }),
      );
      const results = await tested(probe(), endpoint);
      assert.deepEqual(outcomes(results), ['words: works', 'segments: works', 'json: works', 'text: works']);
      assert.deepEqual(
        server.requests.map(({ files }) => files[0]?.name),
        ['audio.flac', 'audio.wav', 'audio.wav', 'audio.wav', 'audio.wav'],
      );
      const shapes = new LearnedShapes(path.join(storage(), 'servers.json'));
      assert.equal((await shapes.get(server.baseUrl, MODEL)).upload, 'wav');
    });

    it('a server that came to know more: the richest counts again', async () => {
      const shapes = new LearnedShapes(path.join(storage(), 'servers.json'));
      await shapes.set(server.baseUrl, MODEL, { dialect: 'openai', format: 'json', prompt: 'whole', upload: 'flac' });
      server.play(() => groqVerboseJson(SAID));
      await tested(probe(), endpoint);
      assert.equal(await learned(), 'words');
    });

    for (const [name, answer, code, count] of [
      ['nothing of it', error(400, { message: 'No.' }), 'requestRefused', 4],
      ['no rest', error(503), 'endpointFailed', 4],
      // The same for every format: each request costs.
      ['no such key', error(401, { message: `Not ${KEY}.` }), 'keyRejected', 1],
      ['no such model', error(404, { code: 'model_not_found' }), 'notFound', 1],
      ['no words', silence(), 'responseUnreadable', 4],
      ['nothing to say', { status: 204 }, 'responseUnreadable', 4],
      ['only pages', htmlError(200, 'Sign in'), 'proxyAnswered', 1],
      ['another address', redirect('https://elsewhere.example/v1'), 'redirected', 1],
      ['no end', { reset: 'beforeHeaders' }, 'endpointUnreachable', 1],
    ] satisfies readonly (readonly [string, ScriptedAnswer, string, number])[]) {
      it(`a server that knows ${name}: ${count} times, and remembers nothing`, async () => {
        server.play(() => answer);
        const results = await tested(probe(), endpoint);
        const formats = ['words', 'segments', 'json', 'text'].slice(0, count);
        assert.deepEqual(
          outcomes(results),
          formats.map((format) => `${format}: ${code}`),
        );
        assert.equal(server.requests.length, count);
        assert.equal(await learned(), undefined);
        assert.ok(!inspect(results, { depth: 10 }).includes(KEY));
      });
    }

    it('a server that fails in passing: what works then is not chosen for good', async () => {
      server.play((_, index) => (index === 0 ? error(503) : groqVerboseJson(SAID)));
      const results = await tested(probe(), endpoint);
      assert.deepEqual(outcomes(results), ['words: endpointFailed', 'segments: works', 'json: works', 'text: works']);
      assert.ok(results.every(({ outcome }) => outcome.kind === 'fails' || !outcome.isChosen));
      assert.equal(await learned(), undefined);
    });

    it('whisper.cpp at an address that does not say so', async () => {
      server.play((request) => {
        if (request.path !== '/inference') return { status: 404, body: `File Not Found (${request.path})` };
        return formatOf(request) === 'text' ? { body: ' Ask not.\n' } : whisperCpp(SAID);
      });
      const by = client(withKey);
      assert.deepEqual(outcomes(await tested(probe(by), endpoint)), [
        'words: works',
        'segments: notFound',
        'json: works',
        'text: works',
      ]);
      const shapes = new LearnedShapes(path.join(storage(), 'servers.json'));
      assert.equal((await shapes.get(server.baseUrl, MODEL)).dialect, 'whisperCpp');
    });

    it('whisper.cpp under OpenAI’s address, which has segments with its words', async () => {
      server.play((request) => {
        const answer = formatOf(request) === 'text' ? { body: ' Ask not.\n' } : whisperCpp(SAID);
        return { ...answer, headers: { ...answer.headers, server: 'whisper.cpp' } };
      });
      const results = await tested(probe(), endpoint);
      assert.deepEqual(outcomes(results), ['words: works', 'segments: works', 'json: works', 'text: works']);
      const { dialect, format } = await new LearnedShapes(path.join(storage(), 'servers.json')).get(
        server.baseUrl,
        MODEL,
      );
      assert.deepEqual([dialect, format], ['whisperCppOpenAi', 'words']);
      // The clip's language is named, so that no answer is in a wrong one.
      assert.equal(server.requests.length, results.length);
    });

    it('a model with one format once', async () => {
      server.play(() => openAiJson(SAID));
      const one = probe();
      assert.equal(one.testCount(endpoint, 'gpt-4o-transcribe'), 1);
      assert.deepEqual(outcomes(await tested(one, endpoint, 'gpt-4o-transcribe')), ['json: works']);
      assert.deepEqual(server.requests[0]?.fields[0], ['model', 'gpt-4o-transcribe']);
    });

    it('nothing where a key is missing', async () => {
      await problemWith('keyMissing', tested(probe(client()), { ...endpoint, requiresKey: true }));
      assert.equal(server.connectionCount, 0);
    });

    it('no further when it is aborted', async () => {
      server.play([openAiJson(SAID), { hang: true }]);
      const stop = new AbortController();
      const aborted = assertAborts(tested(probe(), endpoint, undefined, stop.signal));
      await server.received(2);
      stop.abort();
      await aborted;
      assert.equal(server.requests.length, 2);
    });

    it('says where the clip is missing', async () => {
      const bare = new HttpEndpointProbe(client(), storage());
      await problemWith('fileUnreadable', tested(bare, endpoint));
    });
  });

  describe('with the real engine', () => {
    it('tests it as any other', async function () {
      const model = await preparedModel();
      if ('absent' in model) skipWithReason(this, model.absent);
      const results = await tested(probe(client({ embeddedModel: () => Promise.resolve({ model }) })), EMBEDDED);
      assert.equal(results.length, 4);
      assert.ok(results[0]?.outcome.kind === 'works', inspect(results, { depth: 5 }));
      assert.ok(results[0].outcome.wordCount > 0 && results[0].outcome.quality.length > 0);
    });
  });
});
