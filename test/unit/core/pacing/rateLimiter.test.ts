import { assert } from 'chai';
import { NEVER } from '../../../../src/core/async/never';
import { initialBudget } from '../../../../src/core/pacing/rateLimit';
import { RateLimiter, type Lease } from '../../../../src/core/pacing/rateLimiter';
import { SimulatedClock } from '../../../fakes/simulatedClock';
import { budgetOf, GROQ } from './budgets';

/** A signal for every request, as nobody's is aborted. */
const never = (): AbortSignal => NEVER;

describe('RateLimiter', () => {
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
