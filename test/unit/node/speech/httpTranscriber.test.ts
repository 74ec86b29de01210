import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { NEVER } from '../../../../src/core/async/never';
import { MinutesError, problemOf, type ProblemCode } from '../../../../src/core/errors';
import type { Answer, Chunk, PreparedAudio, TranscriptionRequest } from '../../../../src/core/model';
import type { RequestEvent } from '../../../../src/core/transcription/transcriber';
import type { AnswerFormat } from '../../../../src/core/endpoints/dialects';
import { UNKNOWN_BUDGET } from '../../../../src/core/pacing/rateLimit';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import type { OpenServer } from '../../../../src/node/speech/openServer';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { ScriptedServer, type ResetPoint, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import {
  cloudflare1010,
  error,
  groqVerboseJson,
  htmlError,
  localAi,
  openAiJson,
  rateLimited,
  redirect,
  spoken,
  stringError,
  vllm,
  whisperCpp,
} from '../../../fakes/speechAnswers';
import { answerOf, OpenCount, testParts, type TestParts } from './asking';
import { assertAborts, errorFrom, problemFrom, problemWith } from '../problems';
import { sharedFolder, temporaryFolder } from '../temporaryFolder';
import { preparedWav } from '../wavFile';

const KEY = 'gsk_scripted_0123456789abcdef';
const MODEL = 'whisper-large-v3-turbo';

/** Every sample tells where it lies. */
const SAMPLE_COUNT = 600_000;
const sampleAt = (at: number): number => ((at * 7919) % 65_536) / 32_768 - 1;
const CHUNK: Chunk = { startSample: 16_000, endSample: 48_000 };

describe('HttpTranscriber', () => {
  const folder = sharedFolder();
  const storage = temporaryFolder();
  let server: ScriptedServer;
  let count: OpenCount;
  let transport: UndiciTransport;
  let parts: TestParts;

  before(async () => {
    await fs.writeFile(path.join(folder(), 'prepared.wav'), preparedWav(SAMPLE_COUNT, sampleAt));
  });
  beforeEach(async () => {
    count = new OpenCount();
    transport = new UndiciTransport();
    parts = testParts(transport, storage());
    server = await ScriptedServer.start();
  });
  afterEach(async () => {
    await transport.dispose();
    await server.close();
    count.assertEven();
    assert.equal(parts.limiter.words.length, parts.limiter.leaseCount, 'every lease has ended');
  });

  const audio = (): PreparedAudio => ({
    path: path.join(folder(), 'prepared.wav'),
    dataOffsetBytes: 44,
    sampleCount: SAMPLE_COUNT,
    isTruncated: false,
  });

  const request = ({
    chunk = CHUNK,
    file,
    ...changes
  }: Partial<TranscriptionRequest> & {
    readonly chunk?: Chunk;
    readonly file?: PreparedAudio;
  } = {}): TranscriptionRequest => ({
    audio: { kind: 'chunk', audio: file ?? audio(), chunk },
    task: 'transcribe',
    model: MODEL,
    ...changes,
  });

  function transcriber(changes: Partial<OpenServer> = {}): HttpTranscriber {
    const facts = { baseUrl: server.baseUrl, host: server.host, provider: 'other' as const };
    return new HttpTranscriber(parts, count.opener({ ...facts, ...changes }), 1);
  }

  const ask = (
    changes: Parameters<typeof request>[0] = {},
    endpoint: Partial<OpenServer> = { key: KEY },
    signal = NEVER,
  ): Promise<Answer> => answerOf(transcriber(endpoint).transcribe(request(changes), signal));

  describe('sends', () => {
    beforeEach(() => {
      server.play(() => groqVerboseJson(spoken('Hello there.')));
    });

    it('exactly these fields, and the chunk’s samples behind a right WAV header', async () => {
      await ask({
        language: 'en',
        prompt: { text: 'useEffect, Zoë, "kubectl".', terms: ['useEffect', 'Zoë', '"kubectl"'] },
      });
      const [got] = server.requests;
      assert.ok(got);
      assert.deepEqual([got.method, got.path], ['POST', '/v1/audio/transcriptions']);
      assert.deepEqual(got.fields, [
        ['model', MODEL],
        ['response_format', 'verbose_json'],
        ['timestamp_granularities[]', 'segment'],
        ['timestamp_granularities[]', 'word'],
        ['temperature', '0'],
        ['language', 'en'],
        ['prompt', 'useEffect, Zoë, "kubectl".'],
      ]);
      assert.deepEqual(
        got.files.map(({ field, name, type }) => [field, name, type]),
        [['file', 'audio.wav', 'audio/wav']],
      );
      const expected = preparedWav(32_000, (at) => sampleAt(16_000 + at));
      assert.ok(got.files[0]?.bytes.equals(expected), 'a WAV of the chunk alone');
    });

    it('no language and no prompt where none is wished, and the model that is', async () => {
      await ask({ model: 'whisper-large-v3', prompt: { text: '', terms: [] } });
      const names = server.requests[0]?.fields.map(([name]) => name) ?? [];
      assert.ok(!names.includes('language') && !names.includes('prompt'), names.join());
      assert.deepEqual(server.requests[0]?.fields[0], ['model', 'whisper-large-v3']);
    });

    it('the key, the product’s name and the exact length', async () => {
      await ask();
      const [got] = server.requests;
      assert.equal(got?.headers.authorization, `Bearer ${KEY}`);
      assert.equal(got.headers['user-agent'], 'Minutes/1.2.3');
      assert.equal(got.headers['content-length'], String(got.body.length));
      assert.equal(got.headers['transfer-encoding'], undefined);
    });

    it('no authorization without a key', async () => {
      await ask({}, {});
      assert.ok(server.requests[0] && !('authorization' in server.requests[0].headers));
    });

    it('the first, the last and the shortest chunk as they are', async () => {
      const asked = transcriber();
      for (const chunk of [
        { startSample: 0, endSample: 1 },
        { startSample: 0, endSample: 480_000 },
        { startSample: SAMPLE_COUNT - 7, endSample: SAMPLE_COUNT },
      ]) {
        await answerOf(asked.transcribe(request({ chunk }), NEVER));
        const sampleCount = chunk.endSample - chunk.startSample;
        const expected = preparedWav(sampleCount, (at) => sampleAt(chunk.startSample + at));
        assert.ok(server.requests.at(-1)?.files[0]?.bytes.equals(expected), JSON.stringify(chunk));
      }
    });
  });

  describe('reads', () => {
    for (const [name, answer] of Object.entries({ groqVerboseJson, whisperCpp, vllm, localAi })) {
      it(`${name}, with the model`, async () => {
        server.play([answer({ segments: [{ start: 0.5, end: 1.5, text: 'Hello there.' }] })]);
        const got = await ask();
        assert.deepEqual([got.text, got.model], ['Hello there.', MODEL]);
        assert.deepEqual(
          got.segments.map(({ startS, endS, text }) => [startS, endS, text]),
          [[0.5, 1.5, 'Hello there.']],
        );
      });
    }

    it('an answer without times', async () => {
      server.play([openAiJson(spoken('Hello there.'))]);
      const got = await ask();
      assert.deepEqual([got.text, got.segments, got.words], ['Hello there.', [], []]);
    });

    it('an answer that comes byte by byte, inside of characters too', async () => {
      server.play([{ ...openAiJson(spoken('Zoë 日本 🎙️')), dripMs: 1 }]);
      assert.equal((await ask()).text, 'Zoë 日本 🎙️');
    });

    it('an answer that is late', async () => {
      server.play([{ ...openAiJson(spoken('Late.')), delayMs: 300 }]);
      assert.equal((await ask()).text, 'Late.');
    });
  });

  describe('tells what went wrong', () => {
    const cases: readonly (readonly [name: string, answer: ScriptedAnswer, code: ProblemCode, said?: string])[] = [
      ['400', error(400, { message: 'invalid file' }), 'requestRefused', 'invalid file'],
      ['400 as a string', stringError(400, 'failed to read audio'), 'fileRefused', 'failed to read audio'],
      ['401', error(401, { code: 'invalid_api_key' }), 'keyRejected'],
      ['403', error(403, { message: 'not for you' }), 'forbidden', 'not for you'],
      ['403 from Cloudflare', cloudflare1010(), 'clientBlocked', 'error code: 1010'],
      ['404', error(404, { message: 'no such model', code: 'model_not_found' }), 'notFound', 'no such model'],
      ['404 as a page', htmlError(404, '404 Not Found'), 'notFound', '404 Not Found'],
      ['413', error(413, { message: 'too large' }), 'tooLarge'],
      ['413 as a page', htmlError(413, '413 Request Entity Too Large'), 'tooLarge'],
      ['422', error(422), 'requestRefused'],
      ['429', rateLimited(), 'rateLimited', 'Please try again in 9m6s'],
      ['498', error(498), 'endpointFailed'],
      ['500', error(500, { message: 'oh' }), 'endpointFailed', 'oh'],
      ['502 as a page', htmlError(502, '502 Bad Gateway'), 'endpointFailed', '502 Bad Gateway'],
      ['503 without a body', { status: 503 }, 'endpointFailed'],
      ['504', htmlError(504, '504 Gateway Time-out'), 'endpointFailed'],
      ['200 with a page', { ...htmlError(200, 'Sign in') }, 'proxyAnswered', 'Sign in'],
      ['200 with half an answer', { body: '{"text":" Hello th' }, 'responseUnreadable'],
      ['200 with nothing', {}, 'responseUnreadable'],
      ['200 with another answer', { body: '{"object":"list","data":[]}' }, 'responseUnreadable'],
      ['204', { status: 204 }, 'responseUnreadable'],
    ];
    for (const [name, answer, code, said] of cases) {
      it(`${name}: ${code}`, async () => {
        server.play(() => answer);
        const problem = await problemWith(code, ask());
        assert.equal('host' in problem ? problem.host : undefined, server.host);
        const reason = 'reason' in problem ? problem.reason : '';
        if (said !== undefined) assert.ok(reason.includes(said), reason);
        assert.ok(!/<[a-z]/i.test(reason), `no markup in: ${reason}`);
        assert.ok(reason.length <= 200);
      });
    }

    it('401 without a key: keyMissing', async () => {
      server.play([error(401)]);
      await problemWith('keyMissing', ask({}, {}));
    });

    it('a language that the endpoint does not know: languageUnsupported', async () => {
      server.play([error(400, { code: 'unsupported_language' })]);
      assert.deepEqual(await problemWith('languageUnsupported', ask({ language: 'xx' })), {
        code: 'languageUnsupported',
        host: server.host,
        language: 'xx',
      });
    });

    for (const reset of ['beforeHeaders', 'whileHeaders', 'whileBody'] satisfies ResetPoint[]) {
      it(`a connection reset ${reset}: endpointUnreachable`, async () => {
        server.play(() => ({ ...openAiJson(spoken('Hello there.')), reset }));
        const problem = await problemWith('endpointUnreachable', ask());
        assert.notEqual(problem.reason, '');
      });
    }

    it('a refused connection: endpointUnreachable', async () => {
      await server.close();
      const problem = await problemWith('endpointUnreachable', ask());
      assert.equal(problem.reason, 'ECONNREFUSED');
    });

    it('an answer without an end: responseUnreadable', async () => {
      server.play([{ body: Buffer.alloc(20 * 1024 * 1024, ' ') }]);
      await problemWith('responseUnreadable', ask());
      assert.equal(server.requests.length, 1);
    });

    it('a refusal that comes while the audio is still being sent', async () => {
      const tooLarge = htmlError(413, '413 Request Entity Too Large');
      const proxy = await ScriptedServer.start(() => tooLarge, { ignoresBody: true });
      try {
        const endpoint = { baseUrl: proxy.baseUrl, host: proxy.host, key: KEY };
        const chunk = { startSample: 0, endSample: SAMPLE_COUNT };
        const problem = await problemFrom(ask({ chunk }, endpoint));
        // Whether the refusal or the closed connection is read first is the network's choice.
        assert.ok(['tooLarge', 'endpointUnreachable'].includes(problem.code), problem.code);
      } finally {
        await proxy.close();
      }
    });

    it('audio that is gone: fileUnreadable, not the endpoint’s fault', async () => {
      const gone = { ...audio(), path: path.join(folder(), 'gone.wav') };
      assert.deepEqual(await problemWith('fileUnreadable', ask({ file: gone })), {
        code: 'fileUnreadable',
        file: 'gone.wav',
        reason: 'ENOENT',
      });
    });

    it('audio that became shorter: fileUnreadable', async () => {
      const short = path.join(folder(), 'short.wav');
      await fs.writeFile(short, preparedWav(20_000, sampleAt));
      await problemWith('fileUnreadable', ask({ file: { ...audio(), path: short } }));
    });

    it('an endpoint that cannot be opened: its own error, and nothing to give back', async () => {
      const problem = { code: 'keyMissing', host: 'example.test' } as const;
      const closed = new HttpTranscriber(parts, () => Promise.reject(new MinutesError(problem)), 1);
      assert.deepEqual(await problemFrom(answerOf(closed.transcribe(request(), NEVER))), problem);
    });

    it('the next request after a failure as if nothing had been', async () => {
      const asked = transcriber({ key: KEY });
      const good = openAiJson(spoken('Good.'));
      for (let i = 0; i < 2; i++) {
        server.play(() => ({ ...good, reset: i === 0 ? 'whileBody' : 'beforeHeaders' }));
        await problemWith('endpointUnreachable', answerOf(asked.transcribe(request(), NEVER)));
        server.play([good]);
        assert.equal((await answerOf(asked.transcribe(request(), NEVER))).text, 'Good.');
      }
    });
  });

  describe('aborts', () => {
    for (const [name, answer] of Object.entries({
      'while nothing comes': { hang: true },
      'while the answer drips': { ...openAiJson(spoken('Slowly, slowly.')), dripMs: 50 },
      'while the answer is delayed': { ...openAiJson(spoken('Late.')), delayMs: 600_000 },
    } satisfies Record<string, ScriptedAnswer>)) {
      it(`${name}, and closes the connection`, async () => {
        server.play([answer]);
        const stop = new AbortController();
        const running = ask({}, { key: KEY }, stop.signal);
        await server.received(1);
        stop.abort();
        await assertAborts(running);
        await server.requests[0]?.over;
      });
    }

    it('before anything is sent', async () => {
      await assertAborts(ask({}, { key: KEY }, AbortSignal.abort()));
      assert.equal(server.requests.length, 0);
    });
  });

  describe('keeps the key', () => {
    it('from where a redirect points, which it does not follow', async () => {
      const second = await ScriptedServer.start(() => openAiJson(spoken('Stolen.')));
      try {
        for (const status of [301, 302, 303, 307, 308]) {
          server.play([redirect(`${second.baseUrl}/audio/transcriptions`, status)]);
          const problem = await problemWith('redirected', ask());
          assert.equal(problem.location, `${second.baseUrl}/audio/transcriptions`);
        }
        assert.equal(second.connectionCount, 0);
      } finally {
        await second.close();
      }
    });

    const echo = `Incorrect API key provided: ${KEY}. Header was "Authorization: Bearer ${KEY}".`;
    const answers: Readonly<Record<string, ScriptedAnswer>> = {
      'a 401': error(401, { message: echo }),
      'a 403': error(403, { message: echo }),
      'a 404': error(404, { message: echo }),
      'a 429': error(429, { message: echo }),
      'a 500': error(500, { message: echo }),
      'a page': { status: 502, body: `<pre>${echo}</pre>` },
      'an unreadable answer': { body: echo },
      'a reset': { reset: 'beforeHeaders' },
      'a reset within the answer': { body: echo, reset: 'whileBody' },
    };
    for (const [name, answer] of Object.entries(answers)) {
      it(`out of the error for ${name}, though the endpoint says it`, async () => {
        server.play(() => answer);
        const thrown = await errorFrom(ask());
        assert.ok(problemOf(thrown));
        for (const told of [thrown.message, thrown.stack, JSON.stringify(thrown), inspect(thrown, { depth: 20 })]) {
          assert.ok(!told?.includes(KEY), `the key is in: ${told ?? ''}`);
        }
      });
    }

    it('out of the error where no header can carry it', async () => {
      for (const key of [`${KEY}\n`, `“${KEY}”`]) {
        const thrown = await errorFrom(ask({}, { key }));
        assert.equal(problemOf(thrown)?.code, 'keyRejected', thrown.message);
        assert.ok(!inspect(thrown, { depth: 20 }).includes(KEY));
      }
      assert.equal(server.requests.length, 0);
    });

    it('out of the error and the log, however the endpoint spells it', async () => {
      const key = 'gsk_"quoted"/with+slash';
      const spellings = [
        JSON.stringify({ error: { message: `No: ${key}.` } }),
        JSON.stringify({ error: { message: `No: ${key}.` } }).replaceAll('/', '\\/'),
        JSON.stringify({ error: { message: `No: ${key}.` } }).replaceAll('g', '\\u0067'),
        `No: ${encodeURIComponent(key)}.`,
      ];
      for (const body of spellings) {
        const headers = { 'x-request-id': `for-${key}`, location: `/?key=${encodeURIComponent(key)}` };
        for (const status of [307, 403, 500]) {
          server.play(() => ({ status, headers, body }));
          const thrown = await errorFrom(ask({}, { key }));
          for (const told of [inspect(thrown, { depth: 20 }), inspect(parts.log.entries, { depth: 20 })]) {
            assert.ok(!told.includes('with+slash') && !told.includes('with%2Bslash'), told);
          }
        }
      }
    });

    it('out of the log where an answer repeats it', async () => {
      server.play([{ ...openAiJson(spoken('Good.')), headers: { 'x-request-id': `for-${KEY}` } }]);
      assert.equal((await ask()).text, 'Good.');
      assert.ok(!inspect(parts.log.entries).includes(KEY));
      assert.equal(parts.log.of('answered')[0]?.requestId, 'for-…');
    });

    it('out of the text, but for a key that may have been said', async () => {
      server.play(() => openAiJson(spoken(`The passphrase, ${KEY}, 3.10`)));
      assert.equal((await ask()).text, 'The passphrase, …, 3.10');
      assert.equal((await ask({}, { key: 'passphrase' })).text, `The passphrase, ${KEY}, 3.10`);
    });

    it('but what an endpoint says of a short word stays whole', async () => {
      server.play([error(400, { message: 'The none of it.' })]);
      const problem = await problemWith('requestRefused', ask({}, { key: 'none' }));
      assert.equal(problem.reason, 'The none of it.');
    });
  });

  describe('with a server that is started for it', () => {
    it('asks once more, of the one that was started anew', async () => {
      const dead = await ScriptedServer.start();
      await dead.close();
      server.play([openAiJson(spoken('Good.'))]);
      const servers = [dead, server];
      let opened = 0;
      let released = 0;
      const again = new HttpTranscriber(
        parts,
        () => {
          const { baseUrl, host } = servers[opened++] ?? server;
          const release = (): number => released++;
          return Promise.resolve({
            baseUrl,
            host,
            provider: 'other',
            key: `t-${opened}`,
            release,
          });
        },
        1,
      );
      assert.equal((await answerOf(again.transcribe(request(), NEVER))).text, 'Good.');
      assert.equal(server.requests[0]?.headers.authorization, 'Bearer t-2');
      assert.deepEqual([opened, released], [2, 2]);
      assert.deepEqual(parts.limiter.words, ['release', 'answered']);
    });

    it('tells in the server’s own words why it failed', async () => {
      await server.close();
      const broken = (reason: string): MinutesError => new MinutesError({ code: 'engineFailed', reason });
      const thrown = await errorFrom(ask({}, { broken }));
      assert.deepEqual(problemOf(thrown), { code: 'engineFailed', reason: 'ECONNREFUSED' });
      assert.ok(thrown.cause instanceof Error);
    });
  });

  describe('keeps to the quota', () => {
    /** Three seconds pass until the first request may start. */
    function empty(): TestParts {
      const bucket = { unit: 'requests', windowS: 60, capacity: 20, level: 0, knowledge: 'told' } as const;
      const atMs = parts.clock.nowMs();
      parts = testParts(transport, storage(), { budget: { ...UNKNOWN_BUDGET, buckets: [{ ...bucket, atMs }] } });
      return parts;
    }

    it('and says how long it waits for it', async () => {
      server.play([openAiJson(spoken('Good.'))]);
      const nowMs = empty().clock.nowMs();
      const events: RequestEvent[] = [];
      await answerOf(transcriber().transcribe(request(), NEVER), events);
      assert.deepEqual(events.slice(0, 2), [
        { kind: 'waiting', host: server.host, untilMs: nowMs + 3000, cause: 'quota' },
        { kind: 'asking' },
      ]);
      assert.deepEqual(
        parts.log.entries.map(({ kind }) => kind),
        ['waiting', 'sent', 'answered'],
      );
    });

    for (const kind of ['waiting', 'asking'] as const) {
      it(`and gives back what it holds where the reader leaves while it is ${kind}`, async () => {
        empty();
        for await (const event of transcriber().transcribe(request(), NEVER)) if (event.kind === kind) break;
        assert.equal(server.connectionCount, 0);
        // A lease that nobody ends would stop everything behind it.
        assert.equal(parts.limiter.words.length, parts.limiter.leaseCount);
        server.play([openAiJson(spoken('Good.'))]);
        assert.equal((await ask()).text, 'Good.');
      });
    }

    it('and counts requests that failed, but none that never left', async () => {
      server.play([{ reset: 'beforeHeaders' }, error(503), openAiJson(spoken('Good.'))]);
      await ask();
      assert.deepEqual(parts.limiter.words.splice(0), ['failed', 'answered', 'answered']);
      await problemWith('fileUnreadable', ask({ file: { ...audio(), path: path.join(folder(), 'gone.wav') } }));
      await problemWith('keyRejected', ask({}, { key: 'a\nb' }));
      assert.deepEqual(parts.limiter.words.splice(0), ['release', 'release']);
      parts.limiter.leaseCount = 0;
    });
  });

  describe('remembers of a server', () => {
    it('no format where only the prompt was changed', async () => {
      server.play([error(400, { code: 'invalid_prompt' }), openAiJson(spoken('Good.'))]);
      await ask({ prompt: { text: 'one, two.', terms: ['one', 'two'] } });
      assert.equal(server.requests.length, 2);
      // The prompt of this window, and no more.
      assert.deepEqual(await parts.shapes.get(server.baseUrl, MODEL), { prompt: 'half' });
    });
  });

  describe('tries a format', () => {
    const tryFormat = (format: AnswerFormat, isBest = false): Promise<Answer> =>
      transcriber({ key: KEY }).tryFormat(request(), format, isBest, NEVER);

    it('with one request, whatever comes', async () => {
      for (const answer of [error(503), error(429, { headers: { 'retry-after': '1' } }), error(401), { status: 200 }]) {
        server.play([answer]);
        const before = server.requests.length;
        assert.ok(problemOf(await errorFrom(tryFormat('words'))));
        assert.equal(server.requests.length, before + 1);
      }
      server.play([error(400, { message: 'no timestamp_granularities' })]);
      await problemWith('requestRefused', tryFormat('words', true));
      assert.deepEqual(await parts.shapes.get(server.baseUrl, MODEL), {});
    });

    it('and asks for the best from then on', async () => {
      server.play(() => openAiJson(spoken('Good.')));
      await tryFormat('json', true);
      await tryFormat('text');
      await ask();
      assert.deepEqual(
        server.requests.map(({ fields }) => fields.find(([name]) => name === 'response_format')?.[1]),
        ['json', 'text', 'json'],
      );
    });

    it('but sits through no pause', async () => {
      server.play([error(429, { headers: { 'retry-after': '1200' } })]);
      await problemWith('paused', tryFormat('words'));
      await problemWith('paused', tryFormat('json'));
      assert.equal(server.requests.length, 1);
    });
  });
});
