import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { NEVER } from '../../../../src/core/async/never';
import type { ProbeResult } from '../../../../src/core/transcription/endpointProbe';
import { parseEndpoint, type Endpoint, type RemoteEndpoint } from '../../../../src/core/endpoints/endpoint';
import { HttpEndpointProbe } from '../../../../src/node/speech/httpEndpointProbe';
import { LearnedShapes } from '../../../../src/node/speech/learnedShapes';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import {
  error,
  groqVerboseJson,
  htmlError,
  openAiJson,
  redirect,
  spoken,
  whisperCpp,
} from '../../../fakes/speechAnswers';
import { preparedModel } from '../../../preparedModel';
import { projectRoot, skipWithReason } from '../../../speech';
import { answerOf } from './asking';
import { clients } from './client';
import { hollowModel } from '../engine/hollowModel';
import { assertAborts, errorFrom, problemWith } from '../problems';
import { temporaryFolder } from '../temporaryFolder';

const KEY = 'gsk_scripted_0123456789abcdef';
const MODEL = 'whisper-large-v3-turbo';
const SAID = spoken('Ask not.', 0.5, 1.5);
const EMBEDDED = { kind: 'embedded' } as const;

describe('HttpEndpointProbe', () => {
  const storage = temporaryFolder();
  const client = clients(storage);
  let server: ScriptedServer;
  let endpoint: RemoteEndpoint;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    const parsed = parseEndpoint(server.baseUrl);
    assert.equal(parsed.kind, 'remote');
    endpoint = parsed;
  });
  afterEach(() => server.close());

  const withKey = { readKey: (): Promise<string> => Promise.resolve(KEY) };
  const probe = (by = client(withKey)): HttpEndpointProbe => new HttpEndpointProbe(by, projectRoot());

  async function tested(by: HttpEndpointProbe, to: Endpoint, model?: string, signal = NEVER): Promise<ProbeResult[]> {
    const results: ProbeResult[] = [];
    for await (const result of by.test(to, model, signal)) results.push(result);
    return results;
  }

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
        const samples = files[0]?.bytes.subarray(44) ?? Buffer.alloc(0);
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

    it('a server that came to know more: the richest counts again', async () => {
      const shapes = new LearnedShapes(path.join(storage(), 'servers.json'));
      await shapes.set(server.baseUrl, MODEL, { dialect: 'openai', format: 'json', prompt: 'whole' });
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

  describe('warms up', () => {
    it('with a request that opens the connection for the next', async () => {
      server.play((request) => (request.method === 'GET' ? { body: '{"data":[]}' } : groqVerboseJson(SAID)));
      const by = client(withKey);
      await probe(by).warmUp(endpoint, {}, NEVER);
      const [first] = server.requests;
      assert.deepEqual([first?.method, first?.path], ['GET', '/v1/models']);
      assert.equal(first?.headers.authorization, `Bearer ${KEY}`);
      assert.equal(first.headers['user-agent'], 'Minutes/1.2.3');
      // Somebody speaks meanwhile.
      await sleep(50);
      const asked = probe(by).test(endpoint, 'gpt-4o-transcribe', NEVER);
      for await (const { outcome } of asked) assert.equal(outcome.kind, 'works');
      assert.equal(server.requests.length, 2);
      assert.equal(server.connectionCount, 1);
    });

    for (const [name, answer] of Object.entries({
      'does not know the address': error(404),
      'does not know the key': error(401),
      'is busy': error(503),
      'answers with a page': htmlError(200, 'Sign in'),
      'breaks the connection': { reset: 'beforeHeaders' },
      'sends it elsewhere': redirect('https://elsewhere.example/v1'),
    } satisfies Record<string, ScriptedAnswer>)) {
      it(`in vain where the server ${name}, and says nothing of it`, async () => {
        server.play(() => answer);
        await probe().warmUp(endpoint, {}, NEVER);
        assert.equal(server.requests.length, 1);
      });
    }

    it('in vain where nobody listens, a key is missing or unfit, or it was aborted', async () => {
      await probe(client()).warmUp({ ...endpoint, requiresKey: true }, {}, NEVER);
      await probe(client({ readKey: () => Promise.resolve(`${KEY}\n`) })).warmUp(endpoint, {}, NEVER);
      await probe().warmUp(endpoint, {}, AbortSignal.abort());
      assert.equal(server.connectionCount, 0);
      await server.close();
      await probe().warmUp(endpoint, {}, NEVER);
    });

    it('until it is aborted', async () => {
      server.play([{ hang: true }]);
      const stop = new AbortController();
      const warming = probe().warmUp(endpoint, {}, stop.signal);
      await server.received(1);
      stop.abort();
      await warming;
      await server.requests[0]?.over;
    });

    it('the embedded engine, so that its model is loaded while somebody speaks', async function () {
      const model = await preparedModel();
      if ('absent' in model) skipWithReason(this, model.absent);
      const by = client({ embeddedModel: () => Promise.resolve({ model }) });
      await probe(by).warmUp(EMBEDDED, {}, NEVER);
      assert.notEqual(by.engine.processId, undefined);
    });
  });

  describe('lists models', () => {
    for (const [name, body, expected] of [
      ['OpenAI’s', { data: [{ id: 'llama' }, { id: 'whisper-1' }] }, ['whisper-1', 'llama']],
      ['Ollama’s', { models: [{ name: 'a-whisper' }, { name: 'b' }] }, ['a-whisper', 'b']],
      ['a bare list', ['x', 'parakeet'], ['parakeet', 'x']],
      ['odd entries', { data: [null, 7, {}, { id: 7 }, { id: ' ' }, { id: 'voxtral' }] }, ['voxtral']],
      ['none', { data: [] }, []],
      ['something else', { object: 'list' }, []],
    ] as const) {
      it(`in the form: ${name}`, async () => {
        server.play([{ body: JSON.stringify(body) }]);
        assert.deepEqual(await probe().listModels(endpoint, NEVER), expected);
      });
    }

    it('none of a page or of no answer', async () => {
      server.play([htmlError(200, 'Sign in'), {}]);
      for (let i = 0; i < 2; i++) assert.deepEqual(await probe().listModels(endpoint, NEVER), []);
    });

    it('without the key, should a server repeat it', async () => {
      server.play([{ body: JSON.stringify({ data: [{ id: `whisper-${KEY}` }] }) }]);
      assert.deepEqual(await probe().listModels(endpoint, NEVER), ['whisper-…']);
    });

    it('none of the embedded engine', async () => {
      assert.deepEqual(await probe().listModels(EMBEDDED, NEVER), []);
    });

    it('or says why not, without the key', async () => {
      const echo = { message: `Not ${KEY}.` };
      for (const [answer, code] of [
        [error(401, echo), 'keyRejected'],
        [error(403, echo), 'forbidden'],
        [error(404, echo), 'notFound'],
        [error(429, echo), 'rateLimited'],
        [error(500, echo), 'endpointFailed'],
        [redirect(`https://elsewhere.example/?key=${KEY}`), 'redirected'],
        [htmlError(403, `Not ${KEY}.`), 'proxyAnswered'],
        [{ reset: 'whileHeaders' }, 'endpointUnreachable'],
      ] as const) {
        server.play([answer]);
        const thrown = await errorFrom(probe().listModels(endpoint, NEVER));
        assert.equal((await problemWith(code, Promise.reject(thrown))).host, server.host);
        assert.ok(!inspect(thrown, { depth: 10 }).includes(KEY));
      }
    });

    it('of a key that no header can carry: keyRejected, nothing sent', async () => {
      for (const key of [`${KEY}\n`, `“${KEY}”`]) {
        const thrown = await errorFrom(
          probe(client({ readKey: () => Promise.resolve(key) })).listModels(endpoint, NEVER),
        );
        await problemWith('keyRejected', Promise.reject(thrown));
        assert.ok(!inspect(thrown, { depth: 10 }).includes(KEY));
      }
      assert.equal(server.connectionCount, 0);
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

  describe('SpeechClient', () => {
    const MEETING = { job: 'meeting' } as const;
    const wait = error(429, { message: 'Slow down.', headers: { 'retry-after': '1200' } });

    async function ask(by: ReturnType<typeof client>, to: RemoteEndpoint): Promise<string> {
      const target = await by.target(to, MEETING);
      const transcriber = await by.transcriber(target);
      const audio = { kind: 'url', url: 'https://example.com/a.mp3' } as const;
      const request = { audio, task: 'transcribe', model: target.model } as const;
      return (await answerOf(transcriber.transcribe(request, NEVER))).text;
    }

    it('has a quota for each base address and key', async () => {
      server.play([wait]);
      let key = 'first-key';
      const by = client({ readKey: () => Promise.resolve(key) });
      await problemWith('paused', ask(by, endpoint));
      assert.equal(server.requests.length, 1);
      await problemWith('paused', ask(by, endpoint));
      assert.equal(server.requests.length, 1, 'the wait holds for every request with this key');

      server.play(() => groqVerboseJson(SAID));
      key = 'second-key';
      assert.equal(await ask(by, endpoint), 'Ask not.');
      key = 'first-key';
      assert.equal(await ask(by, { ...endpoint, baseUrl: `${server.origin}/other/v1` }), 'Ask not.');
      await problemWith('paused', ask(by, endpoint));
      assert.equal(server.requests.length, 3);
    });

    it('asks for a key before anything else, and reads it anew for every run', async () => {
      const keys: string[] = [];
      const by = client({ readKey: () => Promise.resolve(keys.at(-1)) });
      const strict = { ...endpoint, requiresKey: true };
      assert.equal(
        (await problemWith('keyMissing', by.transcriber(await by.target(strict, MEETING)))).host,
        server.host,
      );
      assert.equal(server.connectionCount, 0);
      server.play(() => groqVerboseJson(SAID));
      for (const key of ['a-key', 'another-key']) {
        keys.push(key);
        await ask(by, strict);
        assert.equal(server.requests.at(-1)?.headers.authorization, `Bearer ${key}`);
      }
    });

    it('asks servers elsewhere for more than one at a time, those here not', async () => {
      const model = await hollowModel(storage());
      const by = client({ embeddedModel: () => Promise.resolve({ model }) });
      const elsewhere = { ...endpoint, isLoopback: false };
      server.play(() => groqVerboseJson(SAID));
      const most = async (at: RemoteEndpoint): Promise<[before: number, after: number]> => {
        const target = await by.target(at, MEETING);
        const transcriber = await by.transcriber(target);
        const before = transcriber.parallel;
        const audio = { kind: 'url', url: 'https://example.org/talk.mp3' } as const;
        const request = { audio, task: 'transcribe', model: target.model } as const;
        for await (const event of transcriber.transcribe(request, NEVER)) assert.equal(event.kind, 'answered');
        return [before, transcriber.parallel];
      };
      // One until the first answer, which may teach how to ask.
      assert.deepEqual(await most(endpoint), [1, 1]);
      assert.deepEqual(await most(elsewhere), [1, 4]);
      assert.equal(
        (await by.transcriber(await by.target({ ...elsewhere, provider: 'whisperCpp' }, MEETING))).parallel,
        1,
      );
      assert.equal((await by.transcriber(await by.target(EMBEDDED, MEETING))).parallel, 1);
      assert.equal(by.engine.processId, undefined, 'no engine is started for that');
    });

    it('ends what is under way when it is disposed of', async () => {
      server.play(() => ({ hang: true }));
      const by = client();
      const asked = errorFrom(by.get(endpoint, '/models', NEVER));
      await server.received(1);
      await by.dispose();
      await problemWith(
        'endpointUnreachable',
        asked.then((thrown) => Promise.reject(thrown)),
      );
      await server.requests[0]?.over;
    });
  });
});
