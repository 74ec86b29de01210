import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { NEVER } from '../../../../src/core/async/never';
import { defined } from '../../../../src/core/async/defined';
import { problemOf, type Problem, type ProblemCode } from '../../../../src/core/errors';
import type { Answer, RequestPrompt, TranscriptionRequest } from '../../../../src/core/model';
import type { Clock } from '../../../../src/core/async/clock';
import type { RequestEvent } from '../../../../src/core/transcription/transcriber';
import { UNKNOWN_BUDGET, type RateBudget } from '../../../../src/core/pacing/rateLimit';
import { TRANSPORT_TIMEOUTS, type TransportTimeouts } from '../../../../src/node/http/transport';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import type { OpenServer } from '../../../../src/node/speech/openServer';
import { LearnedShapes } from '../../../../src/node/speech/learnedShapes';
import { SYSTEM_CLOCK } from '../../../../src/node/system/systemClock';
import { RawServer } from '../../../fakes/rawServer';
import { ScriptedServer, type RecordedRequest, type ScriptedAnswer, type Script } from '../../../fakes/scriptedServer';
import {
  cloudflare1010,
  error,
  groqVerboseJson,
  htmlError,
  openAiJson,
  rateLimited,
  redirect,
  spoken,
  stringError,
  whisperCpp,
} from '../../../fakes/speechAnswers';
import { answerOf, FrozenClock, ImpatientClock, OpenCount, testParts, TRANSPORTS, type TestParts } from './asking';
import { assertAborts, errorFrom } from '../problems';
import { sharedFolder, temporaryFolder } from '../temporaryFolder';
import { preparedWav } from '../wavFile';

const MODEL = 'whisper-large-v3-turbo';
const KEY = 'gsk_canary_0123456789abcdef';
/** What a server says that repeats the key. */
const ECHO = `Scripted, with Authorization: Bearer ${KEY}.`;
const GOOD = groqVerboseJson(spoken('Hello there.'));

/** For servers that never answer: nobody waits for minutes here. */
const HASTY: TransportTimeouts = { connectMs: 10_000, answerMs: 400, bodyMs: 400 };
const MINUTE_MS = 60_000;

const SAMPLE_COUNT = 40_000;
const sampleAt = (at: number): number => ((at * 7919) % 65_536) / 32_768 - 1;
const CHUNK = { startSample: 8000, endSample: 32_000 };

/** One fault, which happens to every request. */
interface Fault {
  readonly name: string;
  readonly answer: ScriptedAnswer;
  readonly code: ProblemCode;
  /** How many requests arrive. */
  readonly attempts: number;
  readonly timeouts?: TransportTimeouts;
  /** Where Node's fetch cannot tell what happened. */
  readonly throughFetch?: Partial<Pick<Fault, 'code' | 'attempts'>>;
}

const ONCE = { attempts: 1 } as const;
const PASSING = { attempts: 5 } as const;
const LATE = { attempts: 2, timeouts: HASTY } as const;

const told = (status: number, code?: string): ScriptedAnswer => error(status, defined({ message: ECHO, code }));

const FAULTS: readonly Fault[] = [
  { name: '301', answer: redirect('/elsewhere', 301), code: 'redirected', ...ONCE },
  { name: '308', answer: redirect('/elsewhere', 308), code: 'redirected', ...ONCE },
  { name: '400', answer: told(400), code: 'requestRefused', ...ONCE },
  { name: '400 as a string', answer: stringError(400, ECHO), code: 'requestRefused', ...ONCE },
  { name: '400 for the file', answer: told(400, 'unsupported_audio_format'), code: 'fileRefused', ...ONCE },
  { name: '400 for the language', answer: told(400, 'unsupported_language'), code: 'languageUnsupported', ...ONCE },
  { name: '401', answer: told(401, 'invalid_api_key'), code: 'keyRejected', ...ONCE },
  { name: '402', answer: told(402), code: 'quotaExhausted', ...ONCE },
  { name: '403', answer: told(403), code: 'forbidden', ...ONCE },
  { name: '403 from Cloudflare', answer: cloudflare1010(), code: 'clientBlocked', ...ONCE },
  { name: '403 as a page', answer: htmlError(403, '403 Forbidden'), code: 'proxyAnswered', ...ONCE },
  { name: '404', answer: told(404, 'model_not_found'), code: 'notFound', ...ONCE },
  { name: '405', answer: told(405), code: 'requestRefused', ...ONCE },
  {
    name: '407',
    answer: htmlError(407, 'Proxy'),
    code: 'proxyAnswered',
    ...ONCE,
    throughFetch: { code: 'endpointUnreachable', attempts: 2 },
  },
  { name: '408', answer: told(408), code: 'endpointFailed', ...PASSING },
  { name: '409', answer: told(409), code: 'endpointFailed', ...PASSING },
  { name: '413', answer: told(413), code: 'tooLarge', ...ONCE },
  { name: '413 as a page', answer: htmlError(413, '413 Request Entity Too Large'), code: 'tooLarge', ...ONCE },
  { name: '415', answer: told(415), code: 'requestRefused', ...ONCE },
  { name: '422', answer: told(422), code: 'requestRefused', ...ONCE },
  { name: '424', answer: told(424), code: 'requestRefused', ...ONCE },
  { name: '429', answer: told(429), code: 'rateLimited', ...PASSING },
  { name: '429 with a wait', answer: rateLimited(), code: 'rateLimited', ...PASSING },
  { name: '429 without credit', answer: told(429, 'insufficient_quota'), code: 'quotaExhausted', ...ONCE },
  { name: '498', answer: told(498), code: 'endpointFailed', ...PASSING },
  { name: '500', answer: told(500), code: 'endpointFailed', ...PASSING },
  { name: '501', answer: told(501), code: 'endpointFailed', ...ONCE },
  { name: '502 as a page', answer: htmlError(502, ECHO), code: 'endpointFailed', ...PASSING },
  { name: '503 without a body', answer: { status: 503 }, code: 'endpointFailed', ...PASSING },
  { name: '504', answer: told(504), code: 'endpointFailed', ...PASSING },

  { name: '200 with nothing', answer: {}, code: 'responseUnreadable', ...ONCE },
  { name: '204', answer: { status: 204 }, code: 'responseUnreadable', ...ONCE },
  { name: 'truncated JSON', answer: { body: `{"text":" Hello ${KEY}` }, code: 'responseUnreadable', ...ONCE },
  { name: 'the wrong types', answer: { body: '{"text":42,"segments":"no"}' }, code: 'responseUnreadable', ...ONCE },
  { name: 'a list', answer: { body: '[{"text":"Hello"}]' }, code: 'responseUnreadable', ...ONCE },
  { name: 'null', answer: { body: 'null' }, code: 'responseUnreadable', ...ONCE },
  { name: 'plain text', answer: { body: ECHO }, code: 'responseUnreadable', ...ONCE },
  { name: 'a page in place of an answer', answer: { ...htmlError(200, ECHO) }, code: 'proxyAnswered', ...ONCE },

  { name: 'a reset before the headers', answer: { reset: 'beforeHeaders' }, code: 'endpointUnreachable', ...PASSING },
  { name: 'a reset in the headers', answer: { reset: 'whileHeaders' }, code: 'endpointUnreachable', ...PASSING },
  {
    name: 'a reset in the body',
    answer: { body: ECHO, reset: 'whileBody' as const },
    code: 'endpointUnreachable',
    ...PASSING,
  },
  { name: 'no answer', answer: { hang: true }, code: 'endpointTimedOut', ...LATE },
  { name: 'a slow drip', answer: { body: ECHO.repeat(10), dripMs: 20 }, code: 'endpointTimedOut', ...LATE },
];

/** A promise and what fulfils it. */
function signalled(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

for (const [transportName, makeTransport] of Object.entries(TRANSPORTS)) {
  describe(`Faults through ${transportName}`, () => {
    const folder = sharedFolder();
    const storage = temporaryFolder();
    const wav = preparedWav(CHUNK.endSample - CHUNK.startSample, (at) => sampleAt(CHUNK.startSample + at));
    let server: ScriptedServer;
    let count: OpenCount;
    const made: TestParts[] = [];
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

    before(async () => {
      await fs.writeFile(path.join(folder(), 'prepared.wav'), preparedWav(SAMPLE_COUNT, sampleAt));
      process.on('unhandledRejection', onUnhandled);
    });
    after(() => {
      process.off('unhandledRejection', onUnhandled);
    });
    beforeEach(async () => {
      count = new OpenCount();
      server = await ScriptedServer.start();
    });
    afterEach(async () => {
      for (const { transport, limiter, log } of made.splice(0)) {
        await transport.dispose();
        assert.equal(limiter.words.length, limiter.leaseCount, 'every lease has ended');
        assertNoKey(log.entries);
      }
      await server.close();
      count.assertEven();
      // Whatever was rejected and nobody looked has been told by then.
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(unhandled.splice(0), []);
    });

    interface Setting {
      readonly clock?: Clock;
      readonly budget?: RateBudget;
      readonly timeouts?: TransportTimeouts;
      readonly changes?: Partial<TranscriptionRequest>;
      readonly server?: Partial<OpenServer>;
      readonly signal?: AbortSignal;
    }

    interface Asked {
      readonly parts: TestParts;
      readonly events: RequestEvent[];
      readonly answer: Promise<Answer>;
    }

    function ask({ timeouts = TRANSPORT_TIMEOUTS, signal = NEVER, changes = {}, ...setting }: Setting = {}): Asked {
      const { clock = new ImpatientClock(), budget = UNKNOWN_BUDGET } = setting;
      const parts = testParts(makeTransport(timeouts), storage(), { clock, budget });
      made.push(parts);
      return { parts, ...askAgain(parts, changes, setting.server, signal) };
    }

    function askAgain(
      parts: TestParts,
      changes: Partial<TranscriptionRequest> = {},
      facts: Partial<OpenServer> = {},
      signal = NEVER,
    ): Omit<Asked, 'parts'> {
      const endpoint = { baseUrl: server.baseUrl, host: server.host, provider: 'other', key: KEY } as const;
      const open = count.opener({ ...endpoint, ...facts });
      const audio = { path: path.join(folder(), 'prepared.wav'), dataOffsetBytes: 44, sampleCount: SAMPLE_COUNT };
      const request: TranscriptionRequest = {
        audio: { kind: 'chunk', audio: { ...audio, isTruncated: false }, chunk: CHUNK },
        task: 'transcribe',
        model: MODEL,
        ...changes,
      };
      const events: RequestEvent[] = [];
      return { events, answer: answerOf(new HttpTranscriber(parts, open, 1).transcribe(request, signal), events) };
    }

    /** The failure, in which there is no key. */
    async function failureOf({ answer, events }: Pick<Asked, 'answer' | 'events'>): Promise<Problem> {
      const thrown = await errorFrom(answer);
      assertNoKey(thrown, thrown.message, thrown.stack, events);
      const problem = problemOf(thrown);
      if (!problem) throw thrown;
      return problem;
    }

    function assertNoKey(...values: readonly unknown[]): void {
      for (const value of values) assert.ok(!inspect(value, { depth: 10 }).includes(KEY), inspect(value));
    }

    /** Each attempt arrived whole, with the same audio, and with the key where it belongs and nowhere else. */
    function assertWhole(requests: readonly RecordedRequest[] = server.requests): void {
      for (const { method, path: address, headers, body, files } of requests) {
        assert.equal(method, 'POST');
        assert.equal(headers['content-length'], String(body.length));
        assert.equal(headers.authorization, `Bearer ${KEY}`);
        const others = Object.entries(headers).filter(([name]) => name !== 'authorization');
        assert.ok(!JSON.stringify(others).includes(KEY) && !address.includes(KEY) && !body.includes(KEY));
        assert.equal(files.length, 1);
        assert.ok(files[0]?.bytes.equals(wav), 'the whole chunk behind its header');
      }
    }

    const fieldOf = (index: number, name: string): string | undefined =>
      server.requests[index]?.fields.find(([field]) => field === name)?.[1];
    const formats = (): unknown[] =>
      server.requests.map(({ fields }) => {
        const [format] = fields.flatMap(([name, value]) => (name === 'response_format' ? [value] : []));
        const granularities = fields.filter(([name]) => name === 'timestamp_granularities[]').map(([, value]) => value);
        return [format, ...granularities].join(' ');
      });

    describe('which last', () => {
      for (const { name, answer, timeouts, throughFetch, ...usual } of FAULTS) {
        const { code, attempts } = { ...usual, ...(transportName === 'FetchTransport' ? throughFetch : {}) };
        it(`${name}: ${code} after ${attempts}`, async () => {
          server.play(() => answer);
          const asked = ask(defined({ changes: { language: 'en' }, timeouts }));
          const problem = await failureOf(asked);
          assert.equal(problem.code, code, JSON.stringify(problem));
          assert.equal('host' in problem ? problem.host : undefined, server.host);
          assert.equal(server.requests.length, attempts);
          assertWhole();
          for (const { fields } of server.requests) assert.deepEqual(fields, server.requests[0]?.fields);
          const { log, limiter } = asked.parts;
          assert.equal(log.of('sent').length, attempts);
          assert.deepEqual(
            log.of('sent').map(({ request, attempt }) => [request, attempt]),
            Array.from({ length: attempts }, (_, i) => [1, i + 1]),
          );
          assert.equal(limiter.leaseCount, attempts);
          assert.equal(asked.events.filter(({ kind }) => kind === 'answered').length, 0);
        });
      }

      it('a refused connection: endpointUnreachable after 2', async () => {
        await server.close();
        const asked = ask();
        assert.equal((await failureOf(asked)).code, 'endpointUnreachable');
        assert.equal(asked.parts.log.of('sent').length, 2);
        assert.deepEqual(asked.parts.limiter.words, ['release', 'release']);
      });

      it('a refused connection to a server that has answered before: endpointUnreachable after 5', async () => {
        server.play([GOOD]);
        const asked = ask();
        await asked.answer;
        await server.close();
        assert.equal((await failureOf(askAgain(asked.parts))).code, 'endpointUnreachable');
        assert.equal(asked.parts.log.of('sent').length, 1 + 5);
      });

      it('a redirect to another host, which sees no request at all', async () => {
        const other = await ScriptedServer.start(() => GOOD);
        try {
          for (const status of [301, 302, 303, 307, 308]) {
            server.play(() => redirect(`${other.baseUrl}/audio/transcriptions?key=${KEY}`, status));
            const problem = await failureOf(ask());
            assert.ok(problem.code === 'redirected', problem.code);
            assert.ok(problem.location.startsWith(other.baseUrl));
          }
          assert.equal(other.connectionCount, 0);
          assert.equal(server.requests.length, 5);
          assertWhole();
        } finally {
          await other.close();
        }
      });
    });

    describe('which a reading survives', () => {
      it('an answer in single bytes', async () => {
        server.play([{ ...openAiJson(spoken('Zoë 日本 🎙️')), dripMs: 1 }]);
        assert.equal((await ask().answer).text, 'Zoë 日本 🎙️');
      });

      it('wrong types around a text', async () => {
        const body = {
          text: ' Hello ',
          language: 7,
          duration: {},
          words: { a: 1 },
          logprobs: 'none',
          segments: [{ start: 'x', end: null, text: 7 }, null, 'no', { start: '1', end: 2, text: 'Hello' }],
        };
        server.play([{ body: JSON.stringify(body) }]);
        const { text, segments, words, language, durationS } = await ask().answer;
        assert.deepEqual([text, words, language, durationS], ['Hello', [], undefined, undefined]);
        assert.deepEqual(segments, [{ startS: 1, endS: 2, text: 'Hello' }]);
      });
    });

    describe('which pass', () => {
      const waitedMs = ({ clock }: TestParts): number =>
        clock instanceof ImpatientClock ? clock.sleepsMs.reduce((sum, ms) => sum + ms, 0) : NaN;

      async function passes(script: Script, timeouts?: TransportTimeouts): Promise<Asked> {
        server.play(script);
        const asked = ask(timeouts ? { timeouts } : {});
        assert.equal((await asked.answer).text, 'Hello there.');
        assertWhole();
        return asked;
      }

      for (const [name, answers, timeouts] of [
        ['503 twice', [told(503), told(503)]],
        ['a page of 503', [htmlError(503, ECHO)]],
        ['a page of 502 and a 500', [htmlError(502, ECHO), told(500)]],
        ['498', [told(498)]],
        [
          'resets in every place',
          (['beforeHeaders', 'whileHeaders', 'whileBody'] as const).map((reset) => ({ ...GOOD, reset })),
        ],
        ['an answer that never came', [{ hang: true }], HASTY],
        ['429 four times', [told(429), told(429), told(429), told(429)]],
      ] satisfies (readonly [string, readonly ScriptedAnswer[], TransportTimeouts?])[]) {
        it(`${name}, then the answer`, async () => {
          const { events, parts } = await passes([...answers, GOOD], timeouts);
          assert.equal(server.requests.length, answers.length + 1);
          assert.equal(events.filter(({ kind }) => kind === 'waiting').length >= answers.length, true);
          // Whoever shows the wait hears that it is over.
          let isWaiting = false;
          for (const { kind } of events) {
            assert.ok(kind !== 'answered' || !isWaiting);
            isWaiting = kind === 'waiting';
          }
          assert.deepEqual(
            parts.log.of('sent').map(({ attempt }) => attempt),
            [...answers, GOOD].map((_, i) => i + 1),
          );
        });
      }

      it('429 with a retry-after of 2 s: not before, and says so', async () => {
        const refusal = error(429, { message: ECHO, headers: { 'retry-after': '2' } });
        const { parts, events } = await passes([refusal, GOOD]);
        assert.equal(server.requests.length, 2);
        assert.ok(waitedMs(parts) >= 2000 && waitedMs(parts) < 4000, String(waitedMs(parts)));
        assert.deepEqual(
          events.map((event) => (event.kind === 'waiting' ? event.cause : event.kind)),
          ['refused', 'asking', 'answered'],
        );
        assert.deepEqual(parts.limiter.words, ['refused', 'answered']);
      });

      it('429 whose message alone names the wait', async () => {
        const message = 'Rate limit reached on requests per minute (RPM). Please try again in 1m2.5s.';
        const { parts } = await passes([error(429, { message }), GOOD]);
        assert.ok(waitedMs(parts) >= 62_500 && waitedMs(parts) < 65_000, String(waitedMs(parts)));
      });

      it('503 with a retry-after of 3 s', async () => {
        const { parts } = await passes([error(503, { headers: { 'retry-after': '3' } }), GOOD]);
        assert.ok(waitedMs(parts) >= 3000, String(waitedMs(parts)));
      });

      for (const status of [429, 503]) {
        it(`${status} with a wait of 20 minutes: paused, until then`, async () => {
          server.play(() => error(status, { message: ECHO, headers: { 'retry-after': '1200' } }));
          const asked = ask();
          const problem = await failureOf(asked);
          assert.ok(problem.code === 'paused', problem.code);
          assert.equal(problem.untilMs, asked.parts.clock.nowMs() + 20 * MINUTE_MS);
          assert.equal(server.requests.length, 1);
          assert.deepEqual(asked.events, []);
        });
      }

      it('a quota that is used up for the hour: paused, with no request', async () => {
        const clock = new ImpatientClock();
        const bucket = { unit: 'audioS', windowS: 3600, capacity: 20, level: 0, knowledge: 'told' } as const;
        const budget = { ...UNKNOWN_BUDGET, buckets: [{ ...bucket, atMs: clock.nowMs() }] };
        const problem = await failureOf(ask({ clock, budget }));
        assert.ok(problem.code === 'paused' && problem.untilMs > clock.nowMs() + 15 * MINUTE_MS, problem.code);
        assert.equal(server.requests.length, 0);
      });
    });

    describe('which ask for another request', () => {
      const prompt = (...terms: string[]): RequestPrompt => ({ text: `${terms.join(', ')}.`, terms });
      const tooLong = error(400, { message: 'prompt exceeds the maximum of 896 characters', code: 'invalid_prompt' });
      const noGranularity = error(400, { message: 'Unknown parameter: timestamp_granularities[]' });
      const prompts = (): unknown[] => server.requests.map((_, i) => fieldOf(i, 'prompt'));

      it('400 for the prompt: the more important half of it, then none', async () => {
        server.play([tooLong, GOOD]);
        const asked = ask({ changes: { prompt: prompt('one', 'two', 'three', 'four') } });
        assert.equal((await asked.answer).text, 'Hello there.');
        assert.deepEqual(prompts(), ['one, two, three, four.', 'three, four.']);
        assert.equal(asked.parts.log.of('changed').length, 1);
        assert.equal(asked.parts.clock.nowMs(), new ImpatientClock().nowMs(), 'nobody waits for that');

        // What was taken is what the next request begins with: a meeting is not uploaded three times.
        server.play([tooLong, GOOD, GOOD]);
        await askAgain(asked.parts, { prompt: prompt('one', 'two', 'three', 'four') }).answer;
        await askAgain(asked.parts, { prompt: prompt('one', 'two', 'three', 'four') }).answer;
        assert.deepEqual(prompts().slice(2), ['three, four.', undefined, undefined]);
        assertWhole();
      });

      it('400 for the prompt: never the same body again', async () => {
        server.play(() => tooLong);
        // One term has no half: what is left of it is no prompt already.
        assert.equal((await failureOf(ask({ changes: { prompt: prompt('one') } }))).code, 'requestRefused');
        assert.deepEqual(prompts(), ['one.', undefined]);
        assert.equal((await failureOf(ask())).code, 'requestRefused');
        assert.equal(server.requests.length, 3);
        // This model is sent no prompt.
        const changes = { model: 'gpt-4o-transcribe-diarize', prompt: prompt('one', 'two') };
        assert.equal((await failureOf(ask({ changes }))).code, 'requestRefused');
        assert.equal(server.requests.length, 4);
      });

      it('400 for the granularities: segments, then json, and that from then on', async () => {
        server.play((request) => {
          const names = request.fields.map(([, value]) => value);
          return names.includes('word') || names.includes('segment')
            ? noGranularity
            : openAiJson(spoken('Hello there.'));
        });
        const asked = ask();
        assert.equal((await asked.answer).text, 'Hello there.');
        assert.deepEqual(formats(), ['verbose_json segment word', 'verbose_json segment', 'json']);
        assert.equal(asked.parts.log.of('changed').length, 2);
        await askAgain(asked.parts).answer;
        assert.deepEqual(formats().slice(3), ['json']);
        // As in the next window.
        await ask().answer;
        assert.deepEqual(formats().slice(4), ['json']);
        // Other models, and other base addresses, may know more.
        await ask({ changes: { model: 'other' } }).answer;
        assert.deepEqual(formats().slice(5, 6), ['verbose_json segment word']);
        await ask({ server: { baseUrl: `${server.origin}/other/v1` } }).answer;
        assert.equal(formats()[8], 'verbose_json segment word');
        assertWhole();
        const kept = new LearnedShapes(path.join(storage(), 'servers.json'), () => asked.parts.clock.nowMs());
        assert.equal((await kept.get(server.baseUrl, MODEL)).format, 'json');
      });

      it('400 for the granularities whatever they are: requestRefused, nothing remembered', async () => {
        server.play(() => noGranularity);
        const asked = ask();
        assert.equal((await failureOf(asked)).code, 'requestRefused');
        assert.deepEqual(formats(), ['verbose_json segment word', 'verbose_json segment', 'json', 'text']);
        assert.deepEqual(await asked.parts.shapes.get(server.baseUrl, MODEL), {});
      });

      it('503 between two of them: the poorer request is kept', async () => {
        server.play([noGranularity, told(503), GOOD]);
        const asked = ask();
        await asked.answer;
        assert.deepEqual(formats(), ['verbose_json segment word', 'verbose_json segment', 'verbose_json segment']);
        assert.deepEqual(
          asked.parts.log.of('sent').map(({ attempt }) => attempt),
          [1, 1, 2],
        );
      });

      it('404 of whisper.cpp: its one address, and that from then on', async () => {
        server.play(({ path: address }) =>
          address === '/inference'
            ? whisperCpp(spoken('Hello there.'))
            : { status: 404, headers: { 'content-type': 'text/plain' }, body: `File Not Found (${address})` },
        );
        const asked = ask();
        assert.equal((await asked.answer).text, 'Hello there.');
        assert.deepEqual(
          server.requests.map(({ path: address }) => address),
          ['/v1/audio/transcriptions', '/inference'],
        );
        assert.equal(fieldOf(1, 'language'), 'auto');
        await ask().answer;
        assert.equal(server.requests[2]?.path, '/inference');
        assertWhole();
      });

      it('404 of whisper.cpp in both places: notFound after 2', async () => {
        server.play(({ path: address }) => ({ status: 404, body: `File Not Found (${address})` }));
        assert.equal((await failureOf(ask())).code, 'notFound');
        assert.equal(server.requests.length, 2);
      });
    });

    describe('in the middle of which somebody aborts', () => {
      it('before anything is sent', async () => {
        const { answer, parts } = ask({ signal: AbortSignal.abort() });
        await assertAborts(answer);
        assert.equal(server.connectionCount, 0);
        assert.equal(parts.limiter.leaseCount, 0);
      });

      it('in the queue', async () => {
        const clock = new FrozenClock();
        const bucket = { unit: 'requests', windowS: 60, capacity: 20, level: 0, knowledge: 'told' } as const;
        const budget = { ...UNKNOWN_BUDGET, buckets: [{ ...bucket, atMs: clock.nowMs() }] };
        const stop = new AbortController();
        const { answer, events, parts } = ask({ clock, budget, signal: stop.signal });
        const aborted = assertAborts(answer);
        await clock.sleeping(1);
        stop.abort();
        await aborted;
        assert.deepEqual(
          events.map((event) => (event.kind === 'waiting' ? event.cause : event.kind)),
          ['quota'],
        );
        assert.equal(server.connectionCount, 0);
        assert.equal(parts.limiter.leaseCount, 0);
      });

      it('while the audio is sent', async () => {
        // More than the buffers between two sockets hold.
        const sizeBytes = 64 * 1024 * 1024;
        const file = path.join(folder(), 'large.ogg');
        await fs.writeFile(file, '');
        await fs.truncate(file, sizeBytes);
        const arrived = signalled();
        const stubborn = await RawServer.start((socket) => {
          socket.once('data', () => {
            socket.pause();
            arrived.resolve();
          });
        });
        try {
          const stop = new AbortController();
          const mediaType = { ending: 'ogg', contentType: 'audio/ogg' } as const;
          const { answer, parts } = ask({
            changes: { audio: { kind: 'file', path: file, sizeBytes, mediaType } },
            server: { baseUrl: `${stubborn.origin}/v1` },
            signal: stop.signal,
          });
          const aborted = assertAborts(answer);
          await arrived.promise;
          stop.abort();
          await aborted;
          assert.deepEqual(parts.limiter.words, ['failed']);
        } finally {
          await stubborn.close();
        }
      });

      for (const [name, script] of Object.entries({
        'while nothing comes': { hang: true },
        'while the answer drips': { ...GOOD, dripMs: 50 },
      } satisfies Record<string, ScriptedAnswer>)) {
        it(`${name}: the connection ends, and the request counts`, async () => {
          server.play([script]);
          const stop = new AbortController();
          const { answer, parts } = ask({ signal: stop.signal });
          const aborted = assertAborts(answer);
          await server.received(1);
          stop.abort();
          await aborted;
          await server.requests[0]?.over;
          assert.deepEqual(parts.limiter.words, ['failed'], 'the server may have counted it');
        });
      }

      for (const [name, refusal] of Object.entries({
        'during a wait that was asked for': error(429, { message: ECHO, headers: { 'retry-after': '600' } }),
        'during a wait after a failure': told(503),
      })) {
        it(`${name}: no second request`, async () => {
          server.play([refusal]);
          const clock = new FrozenClock();
          const stop = new AbortController();
          const { answer, events } = ask({ clock, signal: stop.signal });
          const aborted = assertAborts(answer);
          await clock.sleeping(1);
          stop.abort();
          await aborted;
          assert.equal(server.requests.length, 1);
          assert.equal(events.at(-1)?.kind, 'waiting');
        });
      }

      it('during a wait on the system’s own clock, long before it is over', async () => {
        server.play([error(429, { headers: { 'retry-after': '600' } })]);
        const stop = new AbortController();
        const { answer } = ask({
          clock: {
            nowMs: () => SYSTEM_CLOCK.nowMs(),
            sleep: (ms, signal) => {
              // The sleep has begun when this turn is over.
              setImmediate(() => {
                stop.abort();
              });
              return SYSTEM_CLOCK.sleep(ms, signal);
            },
          },
          signal: stop.signal,
        });
        await assertAborts(answer);
        assert.equal(server.requests.length, 1);
      });
    });
  });
}
