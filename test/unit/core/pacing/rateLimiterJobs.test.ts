import { assert } from 'chai';
import fc from 'fast-check';
import { initialBudget, UNKNOWN_BUDGET } from '../../../../src/core/pacing/rateLimit';
import { RateLimiter } from '../../../../src/core/pacing/rateLimiter';
import { SimulatedClock } from '../../../fakes/simulatedClock';
import { idealDurationMs, simulateJob, type SimulatedPiece } from '../../../fakes/simulatedJob';
import { GROQ_FREE_LIMITS, TokenBucketServer, type ServerLimit } from '../../../fakes/tokenBucketServer';
import { SEED } from '../random';
import { budgetOf, GROQ } from './budgets';

/** Making a counterexample smaller would run simulated hours for minutes. */
const RUN = { seed: SEED, endOnFailure: true };
const TOLD = { requests: 86_400, audio: 3600 } as const;

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
});
