import { assert } from 'chai';
import fc from 'fast-check';
import { defined } from '../../../../src/core/async/defined';
import { learnFromHeaders, learnFromRefusal } from '../../../../src/core/pacing/learnLimits';
import type { RateBucket, RateUnit } from '../../../../src/core/pacing/rateBucket';
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
const GROQ_BUDGET = initialBudget('https://api.groq.com/openai/v1', NOW_MS);
const ASPH =
  'Rate limit reached for model `whisper-large-v3-turbo` in organization `org_x` service tier `on_demand` on seconds of audio per hour (ASPH): Limit 7200, Used 5956, Requested 2336. Please try again in 9m6s.';

function told(remainingAudioS: number, remainingRequests = 1990, audioLimit = 7200): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': '2000',
    'x-ratelimit-remaining-requests': String(remainingRequests),
    'x-ratelimit-limit-audio-seconds': String(audioLimit),
    'x-ratelimit-remaining-audio-seconds': String(remainingAudioS),
  };
}

function bucketOf(budget: RateBudget, unit: RateUnit, windowS: number): RateBucket | undefined {
  return budget.buckets.find((bucket) => bucket.unit === unit && bucket.windowS === windowS);
}

function audioLevel(budget: RateBudget): number {
  return bucketOf(budget, 'audioS', 3600)?.level ?? NaN;
}

function sendMany(start: RateBudget, count: number, audioS: number): { budget: RateBudget; ids: number[] } {
  let budget = start;
  const ids = Array.from({ length: count }, () => {
    const sent = send(budget, audioS, NOW_MS);
    budget = sent.budget;
    return sent.id;
  });
  return { budget, ids };
}

describe('learning limits from headers', () => {
  it('takes the first answer for the truth', () => {
    const { budget, id } = send(GROQ_BUDGET, 20, NOW_MS);
    const known = learnFromHeaders(budget, id, told(1000.5), NOW_MS + 1000);
    assert.strictEqual(audioLevel(known), 1000.5);
    assert.deepStrictEqual(known.underWay, []);
  });

  it('keeps the free tier’s other limits as long as the headers show that tier', () => {
    const { budget, id } = send(GROQ_BUDGET, 20, NOW_MS);
    assert.strictEqual(learnFromHeaders(budget, id, told(7180), NOW_MS + 1000).buckets.length, 4);
  });

  it('drops them when the headers show another', () => {
    const { budget, id } = send(GROQ_BUDGET, 20, NOW_MS);
    const known = learnFromHeaders(budget, id, told(199_980, 1999, 200_000), NOW_MS + 1000);
    assert.sameDeepMembers(
      known.buckets.map(({ unit, windowS, capacity }) => [unit, windowS, capacity]),
      [
        ['requests', 86_400, 2000],
        ['audioS', 3600, 200_000],
      ],
    );
  });

  it('learns an unknown endpoint’s limits where the resets show their windows, and none where they do not', () => {
    const { budget, id } = send(UNKNOWN_BUDGET, 20, NOW_MS);
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
    };
    const known = learnFromHeaders(budget, id, headers, NOW_MS + 500);
    assert.strictEqual(bucketOf(known, 'requests', 60)?.capacity, 60);
    assert.deepStrictEqual(learnFromHeaders(budget, id, told(100), NOW_MS + 500).buckets, []);
  });

  it('lets an overtaken answer raise no level: what ended since it was sent may be missing from it', () => {
    const sent = sendMany(GROQ_BUDGET, 2, 20);
    const [slow = 0, quick = 0] = sent.ids;
    // The slow one was counted first, answered last: 7,180 was true before the quick one was counted.
    let budget = learnFromHeaders(sent.budget, quick, told(7160.5), NOW_MS + 1000);
    budget = learnFromHeaders(budget, slow, told(7180.5), NOW_MS + 1000);
    assert.isAtMost(audioLevel(budget), 7160.5);
    assert.isAtLeast(audioLevel(budget), 7140.5);
  });

  it('raises the level where the server counts less than we do', () => {
    const first = send(GROQ_BUDGET, 20, NOW_MS);
    let budget = learnFromHeaders(first.budget, first.id, told(1000.5), NOW_MS + 1000);
    // Ten seconds are assumed for one.
    const second = send(budget, 1, NOW_MS + 1000);
    budget = learnFromHeaders(second.budget, second.id, told(999.5), NOW_MS + 1000);
    assert.strictEqual(audioLevel(budget), 999.5);
  });

  it('lowers the level where somebody else uses the key', () => {
    const first = send(GROQ_BUDGET, 20, NOW_MS);
    let budget = learnFromHeaders(first.budget, first.id, told(5000.5), NOW_MS + 1000);
    const second = send(budget, 20, NOW_MS + 1000);
    budget = learnFromHeaders(second.budget, second.id, told(40.5), NOW_MS + 2000);
    assert.strictEqual(audioLevel(budget), 40.5);
  });

  it('counts a request whose answer tells nothing', () => {
    const { budget, id } = send(GROQ_BUDGET, 20, NOW_MS);
    const known = learnFromHeaders(budget, id, { 'x-ratelimit-limit-requests': 'many' }, NOW_MS);
    assert.strictEqual(audioLevel(known), 7180);
    assert.strictEqual(bucketOf(known, 'requests', 60)?.level, 19);
  });
});

describe('learning limits from a refusal', () => {
  it('waits as the message says, and knows the bucket', () => {
    const { budget, id } = send(UNKNOWN_BUDGET, 2336, NOW_MS);
    const known = learnFromRefusal(budget, id, { message: ASPH }, NOW_MS);
    assert.strictEqual(earliestStartMs(known, 20, NOW_MS), NOW_MS + 546_000);
    assert.strictEqual(audioLevel(known), 1244);
    // The bucket alone says the same.
    const unblocked = earliestStartMs({ ...known, blockedUntilMs: 0 }, 2336, NOW_MS) ?? NaN;
    assert.closeTo(unblocked, NOW_MS + 546_000, 10);
  });

  it('waits as the header says where the message names no time, and as the longer of two says', () => {
    const { budget, id } = send(UNKNOWN_BUDGET, 20, NOW_MS);
    const blocked = (message: string, retryAfterMs?: number): number =>
      learnFromRefusal(budget, id, defined({ message, retryAfterMs }), NOW_MS).blockedUntilMs - NOW_MS;
    assert.strictEqual(blocked('no', 20_000), 20_000);
    assert.strictEqual(blocked('Please try again in 19.5s.', 20_000), 20_000);
    assert.strictEqual(blocked('Please try again in 20s.', 0), 20_000);
    assert.strictEqual(blocked('no'), 3000);
    assert.strictEqual(blocked('no', 1e30), 86_400_000);
    assert.strictEqual(blocked('no', NaN), 0);
  });

  it('replaces what was assumed of the limit, and keeps the rest', () => {
    const { budget, id } = send(GROQ_BUDGET, 20, NOW_MS);
    const message = 'on requests per minute (RPM): Limit 30, Used 30, Requested 1. Please try again in 2s.';
    const known = learnFromRefusal(budget, id, { message }, NOW_MS);
    assert.deepInclude(bucketOf(known, 'requests', 60), { capacity: 30, level: 0, knowledge: 'told' });
    assert.strictEqual(audioLevel(known), 7200);
    assert.strictEqual(known.buckets.length, 4);
  });
});

describe('the rate budget in any story', () => {
  it('never leaves its bounds, and always has a time to start', () => {
    const anyFigure = fc.oneof(
      fc.constantFrom('', '0', '-1', 'NaN', 'Infinity', '1e999', '20', '7200', '2m59.56s', '43.2s', '9'.repeat(400)),
      fc.double().map(String),
      fc.nat({ max: 10_000 }).map(String),
    );
    const anyHeaders = fc.dictionary(
      fc.constantFrom(
        ...['limit', 'remaining', 'reset'].flatMap((what) =>
          ['requests', 'audio-seconds'].map((of) => `x-ratelimit-${what}-${of}`),
        ),
      ),
      anyFigure,
    );
    const anyMessage = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.constantFrom('ASPH', 'ASPD', 'RPM', 'RPD', 'TPM'), anyFigure, anyFigure, anyFigure)
        .map(([name, a, b, c]) => `(${name}): Limit ${a}, Used ${b}, Requested 1. Please try again in ${c}.`),
    );
    const anyStep = fc.record({
      kind: fc.constantFrom('send', 'send', 'answered', 'refused', 'failed', 'withdrawn'),
      waitMs: fc.integer({ min: -100_000, max: 4_000_000 }),
      which: fc.nat({ max: 5 }),
      audioS: fc.double({ min: 0, max: 20_000, noNaN: true }),
      headers: anyHeaders,
      message: anyMessage,
      retryAfterMs: fc.option(fc.double(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyStep, { maxLength: 40 }), (isGroq, steps) => {
        let budget = isGroq ? GROQ_BUDGET : UNKNOWN_BUDGET;
        let nowMs = NOW_MS;
        for (const { kind, waitMs, which, audioS, headers, message, retryAfterMs } of steps) {
          nowMs += waitMs;
          const id = budget.underWay[which]?.id ?? -1;
          const refusal = defined({ message, retryAfterMs });
          if (kind === 'send') budget = send(budget, audioS, nowMs).budget;
          else if (kind === 'answered') budget = learnFromHeaders(budget, id, headers, nowMs);
          else if (kind === 'refused') budget = learnFromRefusal(budget, id, refusal, nowMs);
          else if (kind === 'failed') budget = settle(budget, id, nowMs);
          else budget = withdraw(budget, id);

          for (const { level, capacity } of budget.buckets) {
            assert.isTrue(capacity >= 1 && level >= 0 && level <= capacity, `${level} of ${capacity}`);
          }
          const startMs = earliestStartMs(budget, audioS, nowMs);
          if (startMs === undefined) assert.isNotEmpty(budget.underWay);
          // The longest window, after the longest wait, on a clock that was put back.
          else
            assert.isTrue(startMs >= nowMs && startMs <= nowMs + 3 * 86_400_000 + 4_000_000, String(startMs - nowMs));
          for (const plannedMs of planStartsMs(budget, [audioS, 20], nowMs)) {
            assert.isTrue(Number.isFinite(plannedMs) && plannedMs >= nowMs);
          }
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
