import { assert } from 'chai';
import fc from 'fast-check';
import { NEVER } from '../../../../src/core/async/never';
import type { RateBucket } from '../../../../src/core/pacing/rateBucket';
import { initialBudget, UNKNOWN_BUDGET, type RateBudget } from '../../../../src/core/pacing/rateLimit';
import { RateLimiter, type Lease } from '../../../../src/core/pacing/rateLimiter';
import { SimulatedClock } from '../../../fakes/simulatedClock';
import { idealDurationMs, simulateJob, type SimulatedPiece } from '../../../fakes/simulatedJob';
import { GROQ_FREE_LIMITS, TokenBucketServer, type ServerLimit } from '../../../fakes/tokenBucketServer';
import { SEED } from '../random';

const GROQ = 'https://api.groq.com/openai/v1';
/** Making a counterexample smaller would run simulated hours for minutes. */
const RUN = { seed: SEED, endOnFailure: true };
const TOLD = { requests: 86_400, audio: 3600 } as const;
/** A signal for every request, as nobody's is aborted. */
const never = (): AbortSignal => NEVER;

const anyPiece: fc.Arbitrary<SimulatedPiece> = fc.record({
  audioS: fc
    .oneof(fc.integer({ min: 10_000, max: 30_000 }), fc.integer({ min: 100, max: 30_000 }))
    .map((ms) => ms / 1000),
  latencyMs: fc.oneof(fc.integer({ min: 200, max: 2000 }), fc.integer({ min: 200, max: 30_000 })),
  arrival: fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
});
const anyPieces = (maxLength: number): fc.Arbitrary<SimulatedPiece[]> =>
  fc.array(anyPiece, { minLength: 5, maxLength, size: 'max' });
const anyParallelism = fc.integer({ min: 1, max: 8 });

/** Limits of every size; each takes the longest piece. */
const anyLimits: fc.Arbitrary<ServerLimit[]> = fc
  .tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 50, max: 2000 }),
    fc.integer({ min: 30, max: 7200 }),
    fc.integer({ min: 1000, max: 28_800 }),
  )
  .map(([rpm, rpd, asph, aspd]) => [
    { unit: 'requests', windowS: 60, limit: rpm },
    { unit: 'requests', windowS: 86_400, limit: rpd },
    { unit: 'audio', windowS: 3600, limit: asph },
    { unit: 'audio', windowS: 86_400, limit: aspd },
  ]);
const anyMinimumS = fc.constantFrom(0, 10);
const anyRounding = fc.constantFrom('exact', 'floor', 'round', 'ceil');
const anyHeadersAt = fc.constantFrom('arrival', 'answer');

/** A budget that knows these limits, and nothing of what was used. */
function budgetOf(limits: readonly ServerLimit[], nowMs: number): RateBudget {
  return {
    ...UNKNOWN_BUDGET,
    headerWindows: { requests: 86_400, audioS: 3600 },
    buckets: limits.map(({ unit, windowS, limit }) => ({
      unit: unit === 'audio' ? 'audioS' : unit,
      windowS: windowS as RateBucket['windowS'],
      capacity: limit,
      level: limit,
      atMs: nowMs,
      knowledge: 'assumed',
    })),
  };
}

describe('RateLimiter', () => {
  describe('against a server of token buckets', () => {
    it('gets no refusal where it knows the limits, whatever the lengths, latencies and parallelism', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyPieces(60),
          anyParallelism,
          anyLimits,
          anyMinimumS,
          anyRounding,
          anyHeadersAt,
          fc.boolean(),
          async (pieces, parallelism, limits, minimumAudioS, rounding, headersAt, isTold) => {
            const clock = new SimulatedClock();
            const limiter = new RateLimiter(clock, budgetOf(limits, clock.nowMs()));
            const told = isTold ? TOLD : {};
            const server = new TokenBucketServer({ limits, minimumAudioS, rounding, told }, clock.nowMs());
            const { refusals } = await simulateJob(pieces, parallelism, limiter, server, clock, headersAt);
            assert.deepStrictEqual(refusals, []);
          },
        ),
        { ...RUN, numRuns: 150 },
      );
    });

    it('gets no refusal by what an answer had told before the request was sent', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyPieces(40),
          anyParallelism,
          anyLimits,
          anyMinimumS,
          anyRounding,
          anyHeadersAt,
          fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
          async (pieces, parallelism, limits, minimumAudioS, rounding, headersAt, usedShares) => {
            const used = limits.map((limit, i) => ({ ...limit, usedBefore: limit.limit * (usedShares[i] ?? 0) }));
            const clock = new SimulatedClock();
            const limiter = new RateLimiter(clock, {
              ...UNKNOWN_BUDGET,
              headerWindows: { requests: 86_400, audioS: 3600 },
            });
            const server = new TokenBucketServer({ limits: used, minimumAudioS, rounding, told: TOLD }, clock.nowMs());
            const job = await simulateJob(pieces, parallelism, limiter, server, clock, headersAt);
            for (const { sentMs, answer } of job.refusals) {
              const { limit } = answer;
              const namedMs = job.refusals
                .filter((other) => other.answer.limit === limit)
                .map(({ answeredMs }) => answeredMs);
              const isTold = limit.unit === 'requests' ? limit.windowS === 86_400 : limit.windowS === 3600;
              const knownMs = Math.min(...namedMs, isTold ? job.firstAnswerMs : Infinity);
              assert.isAtMost(sentMs, knownMs, JSON.stringify(answer));
            }
          },
        ),
        { ...RUN, numRuns: 150 },
      );
    });

    it('takes hardly longer than a client that knows the server’s books', async () => {
      // Roomy enough that the requests under way do not fill a bucket: else every answer has to be waited for. And where headers tell
      // levels that other requests' arrivals blur, the few seconds' share that they hide must not be worth hours.
      const roomy = (perDay: number, audioPerHour: number): fc.Arbitrary<ServerLimit[]> =>
        anyLimits.map((limits) =>
          limits.map((limit) => {
            const least = limit.unit === 'audio' ? audioPerHour : limit.windowS === 60 ? 10 : perDay;
            return { ...limit, limit: Math.max(limit.limit, least) };
          }),
        );
      const anyWorld = fc.oneof(
        roomy(50, 400).map((limits) => ({ limits, told: {} })),
        roomy(500, 2000).map((limits) => ({ limits, told: TOLD })),
      );
      await fc.assert(
        fc.asyncProperty(
          anyPieces(120),
          fc.integer({ min: 1, max: 4 }),
          anyWorld,
          async (pieces, parallelism, world) => {
            const clock = new SimulatedClock();
            const limiter = new RateLimiter(clock, budgetOf(world.limits, clock.nowMs()));
            const server = new TokenBucketServer({ ...world, minimumAudioS: 10, rounding: 'floor' }, clock.nowMs());
            const { durationMs } = await simulateJob(pieces, parallelism, limiter, server, clock);
            const idealMs = idealDurationMs(pieces, parallelism, world.limits, 10);
            const longestMs = Math.max(...pieces.map(({ latencyMs }) => latencyMs));
            assert.isAtMost(durationMs, 1.02 * idealMs + 2 * longestMs);
            assert.isAtLeast(durationMs, idealMs - 1);
          },
        ),
        { ...RUN, numRuns: 100 },
      );
    });

    it('sends in the order in which leave was asked for', async () => {
      await fc.assert(
        fc.asyncProperty(anyPieces(40), anyParallelism, anyLimits, async (pieces, parallelism, limits) => {
          const clock = new SimulatedClock();
          const limiter = new RateLimiter(clock, budgetOf(limits, clock.nowMs()));
          const server = new TokenBucketServer(
            { limits, minimumAudioS: 10, rounding: 'floor', told: TOLD },
            clock.nowMs(),
          );
          const { sent } = await simulateJob(pieces, parallelism, limiter, server, clock);
          assert.deepStrictEqual(
            sent.map(({ piece }) => piece),
            pieces.map((_, i) => i),
          );
        }),
        { ...RUN, numRuns: 50 },
      );
    });

    it('gets three hours through Groq’s free tier without a refusal, with pieces of every length', async () => {
      const clock = new SimulatedClock();
      const limiter = new RateLimiter(clock, initialBudget(GROQ, clock.nowMs()));
      const server = new TokenBucketServer(
        { limits: GROQ_FREE_LIMITS, minimumAudioS: 0, rounding: 'floor', told: TOLD },
        clock.nowMs(),
      );
      const pieces = Array.from({ length: 720 }, (_, i) => ({
        audioS: 1 + ((i * 7919) % 29),
        latencyMs: 1250,
        arrival: 0.5,
      }));
      const { refusals, durationMs } = await simulateJob(pieces, 4, limiter, server, clock);
      assert.deepStrictEqual(refusals, []);
      assert.isAtMost(durationMs, 1.02 * idealDurationMs(pieces, 4, GROQ_FREE_LIMITS, 0));
    });
  });

  describe('in the hand of a caller', () => {
    /** One request a minute. */
    const slow = (clock: SimulatedClock): RateLimiter =>
      new RateLimiter(clock, budgetOf([{ unit: 'requests', windowS: 60, limit: 1 }], clock.nowMs()));

    it('tells when a request will start, and when the next of those that wait will', async () => {
      const clock = new SimulatedClock();
      const startMs = clock.nowMs();
      const limiter = slow(clock);
      assert.strictEqual(limiter.estimateStartMs(20), startMs);
      assert.isUndefined(limiter.nextStartMs());
      const lease = await limiter.acquire(20, never());
      lease.answered({});
      assert.closeTo(limiter.estimateStartMs(20) - startMs, 60_000, 10);

      const second = limiter.acquire(20, never());
      assert.closeTo((limiter.nextStartMs() ?? NaN) - startMs, 60_000, 10);
      assert.closeTo(limiter.estimateStartMs(20) - startMs, 120_000, 10);
      await clock.run(second);
      assert.closeTo(clock.nowMs() - startMs, 60_000, 10);
    });

    it('lets those behind move up at once when one is aborted', async () => {
      const clock = new SimulatedClock();
      const startMs = clock.nowMs();
      const limiter = slow(clock);
      (await limiter.acquire(20, never())).answered({});
      const first = new AbortController();
      const aborted = limiter.acquire(20, first.signal).catch((error: unknown) => error);
      const behind = limiter.acquire(20, never());
      const reason = new Error('enough');
      first.abort(reason);
      assert.strictEqual(await aborted, reason);
      assert.strictEqual(clock.nowMs(), startMs);
      await clock.run(behind);
      assert.closeTo(clock.nowMs() - startMs, 60_000, 10);
    });

    it('throws for a signal that is aborted already, and takes nothing', async () => {
      const clock = new SimulatedClock();
      const limiter = slow(clock);
      const reason = new Error('enough');
      assert.strictEqual(await limiter.acquire(20, AbortSignal.abort(reason)).catch((error: unknown) => error), reason);
      assert.strictEqual(limiter.estimateStartMs(20), clock.nowMs());
    });

    it('gives a leave back that came together with the abort', async () => {
      const clock = new SimulatedClock();
      const limiter = slow(clock);
      const abort = new AbortController();
      const asked = limiter.acquire(20, abort.signal).catch((error: unknown) => error);
      abort.abort(new Error('enough'));
      assert.instanceOf(await asked, Error);
      assert.strictEqual(limiter.estimateStartMs(20), clock.nowMs());
    });

    it('gives free what was released, and counts what failed', async () => {
      const clock = new SimulatedClock();
      const limiter = slow(clock);
      (await limiter.acquire(20, never())).release();
      assert.strictEqual(limiter.estimateStartMs(20), clock.nowMs());
      (await limiter.acquire(20, never())).failed();
      assert.closeTo(limiter.estimateStartMs(20) - clock.nowMs(), 60_000, 10);
    });

    it('hears the first word of a lease only', async () => {
      const clock = new SimulatedClock();
      const limiter = slow(clock);
      const lease = await limiter.acquire(20, never());
      lease.release();
      lease.failed();
      lease.refused({ message: 'Please try again in 5m.' });
      assert.strictEqual(limiter.estimateStartMs(20), clock.nowMs());
    });

    it('lets all wait after a refusal, those included that waited for something else', async () => {
      const clock = new SimulatedClock();
      const startMs = clock.nowMs();
      const limiter = slow(clock);
      const lease = await limiter.acquire(20, never());
      const waiting = Promise.all([limiter.acquire(20, never()), limiter.acquire(20, never())].map(answerAtOnce));
      lease.refused({ message: 'Please try again in 9m6s.' });
      assert.strictEqual((limiter.nextStartMs() ?? NaN) - startMs, 546_000);
      await clock.run(waiting);
      assert.closeTo(clock.nowMs() - startMs, 606_000, 20);
    });

    it('lets those that wait start earlier when headers show more room', async () => {
      const clock = new SimulatedClock();
      const startMs = clock.nowMs();
      const limiter = new RateLimiter(clock, initialBudget(GROQ, startMs));
      const leases = await Promise.all(Array.from({ length: 20 }, () => limiter.acquire(20, never())));
      const waiting = limiter.acquire(20, never());
      const paid = { 'x-ratelimit-limit-requests': '500000', 'x-ratelimit-remaining-requests': '499000' };
      leases[0]?.answered(paid);
      await clock.run(waiting);
      assert.strictEqual(clock.nowMs(), startMs);
    });

    it('looks at the clock again while it waits for long, for a timer may have stood still', async () => {
      const clock = new SimulatedClock();
      const limiter = slow(clock);
      (await limiter.acquire(20, never())).refused({ message: 'Please try again in 3h.' });
      const sleeps: number[] = [];
      const sleep = clock.sleep.bind(clock);
      clock.sleep = (ms, signal) => {
        sleeps.push(ms);
        return sleep(ms, signal);
      };
      await clock.run(limiter.acquire(20, never()));
      assert.isAtMost(Math.max(...sleeps), 60_000);
      assert.isAtMost(sleeps.length, 182);
    });
  });
});

async function answerAtOnce(asked: Promise<Lease>): Promise<void> {
  (await asked).answered({});
}
