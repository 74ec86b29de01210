import { assert } from 'chai';
import fc from 'fast-check';
import type { RateBucket } from '../../../../src/core/pacing/rateBucket';
import {
  earliestStartMs,
  initialBudget,
  planStartsMs,
  send,
  settle,
  UNKNOWN_BUDGET,
  withdraw,
  type RateBudget,
} from '../../../../src/core/pacing/rateLimit';
import { SEED } from '../random';

const NOW_MS = Date.UTC(2026, 10, 23);
const GROQ = 'https://api.groq.com/openai/v1';

/** Between what the sums give and the planner's margin with its rounding to milliseconds. */
function assertStart(actualMs: number | undefined, expectedMs: number): void {
  assert.isDefined(actualMs);
  assert.isAtLeast(actualMs, expectedMs);
  assert.isAtMost(actualMs, expectedMs + 10);
}

function bucket(
  unit: RateBucket['unit'],
  windowS: RateBucket['windowS'],
  capacity: number,
  level = capacity,
): RateBucket {
  return { unit, windowS, capacity, level, atMs: NOW_MS, knowledge: 'told' };
}

function withBuckets(...buckets: RateBucket[]): RateBudget {
  return { ...UNKNOWN_BUDGET, buckets };
}

/** Sends and settles at once. */
function spend(budget: RateBudget, audioS: number, nowMs = NOW_MS): RateBudget {
  const sent = send(budget, audioS, nowMs);
  return settle(sent.budget, sent.id, nowMs);
}

describe('the rate budget', () => {
  it('holds Groq’s free tier before anything was asked', () => {
    let budget = initialBudget(GROQ, NOW_MS);
    for (let i = 0; i < 20; i++) {
      assert.strictEqual(earliestStartMs(budget, 20, NOW_MS), NOW_MS);
      budget = spend(budget, 20);
    }
    // Twenty requests a minute: the next in three seconds.
    assertStart(earliestStartMs(budget, 20, NOW_MS), NOW_MS + 3000);
  });

  it('knows Groq by its address only', () => {
    assert.strictEqual(initialBudget('https://api.groq.com', NOW_MS).buckets.length, 4);
    for (const other of [
      'https://api.openai.com/v1',
      'https://api.groq.com.example.org/v1',
      'http://localhost:8000/v1',
    ]) {
      assert.deepStrictEqual(initialBudget(other, NOW_MS), UNKNOWN_BUDGET, other);
    }
  });

  it('plans audio as the published waits have it: (used + requested - limit) / 2 seconds', () => {
    const budget = withBuckets(bucket('audioS', 3600, 7200, 7200 - 5956));
    assertStart(earliestStartMs(budget, 2336, NOW_MS), NOW_MS + 546_000);
    assertStart(planStartsMs(budget, [2336], NOW_MS)[0], NOW_MS + 546_000);
  });

  it('counts ten seconds for less', () => {
    assertStart(earliestStartMs(withBuckets(bucket('audioS', 3600, 7200, 0)), 0.2, NOW_MS), NOW_MS + 5000);
  });

  it('lets a piece that is larger than the bucket wait for a full one, not for ever', () => {
    const budget = withBuckets(bucket('audioS', 3600, 7200, 0));
    assertStart(earliestStartMs(budget, 9000, NOW_MS), NOW_MS + 3_600_000);
    assertStart(planStartsMs(budget, [9000, 20], NOW_MS)[1], NOW_MS + 3_610_000);
  });

  it('counts no refill of a full bucket while requests are under way', () => {
    const full = withBuckets(bucket('requests', 60, 2));
    const first = send(full, 20, NOW_MS);
    const second = send(first.budget, 20, NOW_MS);
    // The server may not have seen them yet: nothing that comes with time makes room for a third.
    assert.isUndefined(earliestStartMs(second.budget, 20, NOW_MS + 40_000));
    const answered = settle(second.budget, first.id, NOW_MS + 40_000);
    assertStart(earliestStartMs(answered, 20, NOW_MS + 40_000), NOW_MS + 70_000);
  });

  it('gives back what was never sent', () => {
    const budget = withBuckets(bucket('audioS', 3600, 100));
    const sent = send(budget, 100, NOW_MS);
    assert.isUndefined(earliestStartMs(sent.budget, 100, NOW_MS));
    assert.strictEqual(earliestStartMs(withdraw(sent.budget, sent.id), 100, NOW_MS), NOW_MS);
  });

  it('counts the end of a request once', () => {
    const budget = withBuckets(bucket('audioS', 3600, 100));
    const sent = send(budget, 40, NOW_MS);
    const ended = settle(sent.budget, sent.id, NOW_MS);
    assert.strictEqual(settle(ended, sent.id, NOW_MS + 1000), ended);
  });

  it('starts anything at once where nothing is known', () => {
    let budget = UNKNOWN_BUDGET;
    for (let i = 0; i < 100; i++) budget = send(budget, 1000, NOW_MS).budget;
    assert.strictEqual(earliestStartMs(budget, 1000, NOW_MS), NOW_MS);
  });

  it('does not wait for a clock that was put back', () => {
    const budget = withBuckets(bucket('audioS', 3600, 7200, 0));
    assertStart(earliestStartMs(budget, 20, NOW_MS - 3_600_000), NOW_MS - 3_600_000 + 10_000);
  });

  it('plans starts in order, each with what those before it leave', () => {
    const anyPieces = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        anyPieces,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 30, max: 600 }),
        (pieces, rpm, asph) => {
          let budget = withBuckets(bucket('requests', 60, rpm), bucket('audioS', 3600, asph));
          const planned = planStartsMs(budget, pieces, NOW_MS);
          let nowMs = NOW_MS;
          pieces.forEach((audioS, i) => {
            const startMs = planned[i] ?? NaN;
            assert.isAtLeast(startMs, nowMs);
            // As it comes if every request is answered at once.
            nowMs = Math.max(nowMs, earliestStartMs(budget, audioS, nowMs) ?? NaN);
            assert.closeTo(startMs, nowMs, 10 * (i + 1));
            budget = spend(budget, audioS, nowMs);
          });
        },
      ),
      { seed: SEED },
    );
  });
});
