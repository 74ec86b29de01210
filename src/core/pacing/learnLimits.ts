import { parseRateHeaders, type ToldLimit } from './parseRateHeaders';
import { parseRefusal } from './parseRefusal';
import { advance, costOf, isSameLimit, refillPerS, type RateBucket } from './rateBucket';
import { held, settle, withdraw, type RateBudget, type RequestUnderWay } from './rateLimit';
import { waitInMessage, type AnswerHeaders } from './retryAfter';

/** The request was answered: its share is spent, and the headers tell what is left. Headers that tell nothing change nothing. */
export function learnFromHeaders(budget: RateBudget, id: number, headers: AnswerHeaders, nowMs: number): RateBudget {
  const answered = budget.underWay.find((request) => request.id === id);
  if (!answered) return budget;
  const told = parseRateHeaders(headers).flatMap((limit) => {
    const windowS = limit.windowS ?? budget.headerWindows[limit.unit];
    return windowS === undefined ? [] : [{ ...limit, windowS }];
  });
  const settled = settle(budget, id, nowMs);
  return told.reduce(
    (known, limit) => withHeader(known, answered, limit, nowMs),
    told.some((limit) => isAnotherTier(settled, limit)) ? withoutAssumptions(settled) : settled,
  );
}

type HeaderLimit = ToldLimit & Pick<RateBucket, 'windowS'>;

/** What was assumed together is wrong together: one figure that differs shows another tier. */
function isAnotherTier({ buckets }: RateBudget, told: HeaderLimit): boolean {
  const known = buckets.find((bucket) => isSameLimit(bucket, told));
  return known !== undefined && known.capacity !== told.limit;
}

function withoutAssumptions(budget: RateBudget): RateBudget {
  return { ...budget, buckets: budget.buckets.filter(({ knowledge }) => knowledge !== 'assumed') };
}

/**
 * Brings a bucket's level in line with what one answer tells.
 *
 * The figure is the server's level at some moment between this request's sending and its answer, this request taken out. Which others were
 * taken out by then is known for those that had ended before this one was sent (all), and unknown for every other:
 * - At least so much is left: the figure less all that ended since this one was sent. Those under way are held anyway, and refill since
 *   that moment counts for nothing. An answer that was overtaken is therefore worth little, but never raises a level above the truth.
 * - At most so much is left: the figure, with the refill since this one was sent, and with those under way, should they be out of it already.
 *
 * A level between the two is kept, it is as true as the answer. One below is raised (the server counts less than we do), one above
 * is lowered (somebody else uses the key) to the certain figure. A first figure replaces what was a guess.
 */
function withHeader(budget: RateBudget, answered: RequestUnderWay, told: HeaderLimit, nowMs: number): RateBudget {
  const { unit, windowS, limit: capacity } = told;
  const old = budget.buckets.find((bucket) => isSameLimit(bucket, told));
  const known = old?.knowledge === 'told' && old.capacity === capacity ? advance(old, nowMs) : undefined;
  if (told.remaining === undefined && old?.capacity === capacity) return budget;

  const bucket: RateBucket = { unit, windowS, capacity, level: 0, atMs: nowMs, knowledge: 'told' };
  const [fewest, most] = remainingRange(told, bucket);
  const leftAtLeast = Math.max(0, fewest - overtakenBy(answered, bucket));
  const refilled = (Math.max(0, nowMs - answered.sentMs) / 1000) * refillPerS(bucket);
  const leftAtMost = most + refilled + held(budget, bucket);
  const level = known && known.level >= leftAtLeast && known.level <= leftAtMost ? known.level : leftAtLeast;
  return withBucket(budget, { ...bucket, level: Math.min(capacity, level) });
}

/**
 * Between what the true figure lies. Whole numbers are rounded, nobody knows which way, and a request of a day's limit of 2,000 stands for
 * 43 s. The reset tells the same more finely: it is rounded to a second at worst.
 */
function remainingRange(
  { limit, remaining = limit, resetMs }: HeaderLimit,
  bucket: RateBucket,
): readonly [fewest: number, most: number] {
  const perS = refillPerS(bucket);
  const byReset = resetMs === undefined ? NaN : limit - (resetMs / 1000) * perS;
  if (Math.abs(byReset - remaining) <= 1) return [byReset - perS, byReset + perS];
  const slack = Number.isInteger(remaining) ? 1 : 0;
  return [remaining - slack, remaining + slack];
}

function overtakenBy({ overtakenByS }: RequestUnderWay, bucket: RateBucket): number {
  return overtakenByS.reduce((sum, audioS) => sum + costOf(bucket, audioS), 0);
}

function withBucket(budget: RateBudget, bucket: RateBucket): RateBudget {
  return { ...budget, buckets: [...budget.buckets.filter((other) => !isSameLimit(other, bucket)), bucket] };
}

/** What an endpoint says with status 429. */
export interface Refusal {
  /** Its whole message: the figures stand far behind in it. */
  readonly message: string;
  /** What the headers ask for, as `parseRetryAfter` reads it. */
  readonly retryAfterMs?: number;
}

/** Where a refusal names no time. Long enough for a minute's limit of twenty to give one request again. */
const UNTOLD_WAIT_MS = 3000;
/** No limit's window is longer than a day; a longer wait is a slip, and sooner or later one has to ask again. */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * The request was refused: nothing starts before the time that the server names, and the limit that it names is known from now on. The
 * refused request took no audio; it may have counted as a request, so it does here.
 */
export function learnFromRefusal(budget: RateBudget, id: number, refusal: Refusal, nowMs: number): RateBudget {
  const refused = budget.underWay.find((request) => request.id === id);
  if (!refused) return budget;
  const asked = [refusal.retryAfterMs, waitInMessage(refusal.message)].filter((wait) => wait !== undefined);
  const waitMs = asked.length > 0 ? Math.max(0, ...asked.filter(Number.isFinite)) : UNTOLD_WAIT_MS;
  const blockedUntilMs = Math.max(budget.blockedUntilMs, nowMs + Math.min(waitMs, LONGEST_WAIT_MS));
  const named = parseRefusal(refusal.message);
  const rest = { ...settle(budget, id, nowMs, ['requests']), blockedUntilMs };
  // It overtook nobody's audio: the others' answers need not allow for it.
  const underWay = withdraw(budget, id).underWay;
  if (!named) return { ...rest, underWay };

  const { unit, windowS, limit: capacity, used } = named;
  const bucket: RateBucket = { unit, windowS, capacity, level: 0, atMs: nowMs, knowledge: 'told' };
  // As with headers: the figure may be older than what ended since this request was sent.
  const level = Math.min(capacity, Math.max(0, capacity - used - overtakenBy(refused, bucket)));
  return withBucket({ ...rest, underWay }, { ...bucket, level });
}
