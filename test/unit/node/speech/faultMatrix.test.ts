import assert from 'node:assert/strict';
import { defined } from '../../../../src/core/async/defined';
import type { ProblemCode } from '../../../../src/core/errors';
import type { TransportTimeouts } from '../../../../src/node/http/transport';
import { ScriptedServer, type ScriptedAnswer } from '../../../fakes/scriptedServer';
import {
  cloudflare1010,
  htmlError,
  openAiJson,
  rateLimited,
  redirect,
  spoken,
  stringError,
} from '../../../fakes/speechAnswers';
import { TRANSPORTS } from './asking';
import { ECHO, faultyRequests, GOOD, HASTY, KEY, told } from './faultyRequests';

/** One fault, which happens to every request. */
interface Fault {
  readonly name: string;
  readonly answer: ScriptedAnswer;
  readonly code: ProblemCode;
  /** How many requests arrive. */
  readonly attempts: number;
  /** Whether the second request is the first one with WAV in place of FLAC, and no other attempt at the same. */
  readonly isRepacked?: boolean;
  readonly timeouts?: TransportTimeouts;
  /** Where Node's fetch cannot tell what happened. */
  readonly throughFetch?: Partial<Pick<Fault, 'code' | 'attempts'>>;
}

const ONCE = { attempts: 1 } as const;
const REPACKED = { attempts: 2, isRepacked: true } as const;
const PASSING = { attempts: 5 } as const;
const LATE = { attempts: 2, timeouts: HASTY } as const;

const FAULTS: readonly Fault[] = [
  { name: '301', answer: redirect('/elsewhere', 301), code: 'redirected', ...ONCE },
  { name: '308', answer: redirect('/elsewhere', 308), code: 'redirected', ...ONCE },
  { name: '400', answer: told(400), code: 'requestRefused', ...ONCE },
  { name: '400 as a string', answer: stringError(400, ECHO), code: 'requestRefused', ...ONCE },
  { name: '400 for the file', answer: told(400, 'unsupported_audio_format'), code: 'fileRefused', ...REPACKED },
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
  { name: '415', answer: told(415), code: 'requestRefused', ...REPACKED },
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
  { name: '504', answer: told(504), code: 'endpointFailed', attempts: 2 },
  { name: '520', answer: told(520), code: 'endpointFailed', ...PASSING },
  { name: '522 as a page', answer: htmlError(522, ECHO), code: 'endpointFailed', ...PASSING },
  { name: '524', answer: { status: 524, body: 'error code: 524' }, code: 'endpointFailed', attempts: 2 },
  { name: '529', answer: told(529), code: 'endpointFailed', ...PASSING },

  { name: 'truncated JSON', answer: { body: `{"text":" Hello ${KEY}` }, code: 'responseUnreadable', ...ONCE },
  { name: 'the wrong types', answer: { body: '{"text":42,"segments":"no"}' }, code: 'responseUnreadable', ...ONCE },
  { name: 'a list', answer: { body: '[{"id":"Hello"}]' }, code: 'responseUnreadable', ...ONCE },
  { name: 'an error as 200', answer: { body: '{"error":"busy","text":null}' }, code: 'responseUnreadable', ...ONCE },
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

for (const [transportName, makeTransport] of Object.entries(TRANSPORTS)) {
  describe(`Faults through ${transportName}`, () => {
    const { current, ask, askAgain, failureOf, assertWhole } = faultyRequests(makeTransport);
    let server: ScriptedServer;
    beforeEach(() => {
      server = current();
    });

    describe('which last', () => {
      for (const { name, answer, timeouts, throughFetch, isRepacked, ...usual } of FAULTS) {
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
            Array.from({ length: attempts }, (_, i) => [1, isRepacked ? 1 : i + 1]),
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
  });
}
