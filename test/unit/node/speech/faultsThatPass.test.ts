import assert from 'node:assert/strict';
import { UNKNOWN_BUDGET } from '../../../../src/core/pacing/rateLimit';
import type { TransportTimeouts } from '../../../../src/node/http/transport';
import { ScriptedServer, type ScriptedAnswer, type Script } from '../../../fakes/scriptedServer';
import { error, htmlError } from '../../../fakes/speechAnswers';
import { ImpatientClock, TRANSPORTS, type TestParts } from './asking';
import { ECHO, faultyRequests, GOOD, HASTY, told, type Asked } from './faultyRequests';

const MINUTE_MS = 60_000;

for (const [transportName, makeTransport] of Object.entries(TRANSPORTS)) {
  describe(`Faults through ${transportName}`, () => {
    const { current, ask, failureOf, assertWhole } = faultyRequests(makeTransport);
    let server: ScriptedServer;
    beforeEach(() => {
      server = current();
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

      it('a reset of a server that never answered, and is away while it starts again', async () => {
        // The first request finds the server, the next ones find its port closed.
        let restarted: ScriptedServer | undefined;
        const { port } = server;
        const clock = new ImpatientClock(undefined, async (sleeps) => {
          if (sleeps === 1) await server.close();
          if (sleeps === 4) restarted = await ScriptedServer.start([GOOD], { port });
        });
        server.play([{ reset: 'beforeHeaders' }]);
        const asked = ask({ clock });
        try {
          assert.equal((await asked.answer).text, 'Hello there.');
          assert.equal(asked.parts.log.of('sent').length, 5);
          assert.equal(asked.parts.log.of('broken').length, 4);
        } finally {
          await restarted?.close();
        }
      });

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
  });
}
