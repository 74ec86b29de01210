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

/** Whether the key belongs to another tier than assumed. All assumed limits are of one tier: one figure that differs proves all of them wrong. */
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
 * The figure is the server's level at some moment between this request's sending and its answer, with this request taken out. Requests
 * that had ended before this one was sent are taken out, too. Whether any other request was taken out by then is unknown:
 * - The level is at least the figure less all requests that ended since this one was sent. Requests under way are held anyway, and the
 *   refill since that moment is not counted. So an overtaken answer tells little, but it never raises a level above the truth.
 * - The level is at most the figure plus the refill since this one was sent, plus the requests under way, which may be taken out already.
 *
 * A level between the two bounds is kept. A level below them is raised (the server counts less than we do), and a level above them is
 * lowered (somebody else uses the key); both go to the lower bound, which is certain. A first figure replaces a guess.
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
 * The bounds of the true figure. Whole numbers may be rounded up or down, and one request of a day's limit of 2,000 stands for 43 s. The
 * reset tells the same more exactly: it is rounded to a second at worst.
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
  /** The whole message: the figures stand near its end. */
  readonly message: string;
  /** What the headers ask for, as `parseRetryAfter` reads it. */
  readonly retryAfterMs?: number;
}

/** The wait after a refusal that names no time. After it a limit of twenty requests a minute has room for one request again. */
const UNTOLD_WAIT_MS = 3000;
/** The longest wait that is believed. No limit's window is longer than a day, so a longer wait is a mistake of the server. */
const LONGEST_WAIT_MS = 86_400_000;

/**
 * The request was refused. No request starts before the time that the server names, and the limit that it names is known from now on.
 * The refused request took no audio. The server may have counted it as a request, so it counts as one here.
 */
export function learnFromRefusal(budget: RateBudget, id: number, refusal: Refusal, nowMs: number): RateBudget {
  const refused = budget.underWay.find((request) => request.id === id);
  if (!refused) return budget;
  const asked = [refusal.retryAfterMs, waitInMessage(refusal.message)].filter((wait) => wait !== undefined);
  const waitMs = asked.length > 0 ? Math.max(0, ...asked.filter(Number.isFinite)) : UNTOLD_WAIT_MS;
  const blockedUntilMs = Math.max(budget.blockedUntilMs, nowMs + Math.min(waitMs, LONGEST_WAIT_MS));
  const named = parseRefusal(refusal.message);
  const rest = { ...settle(budget, id, nowMs, ['requests']), blockedUntilMs };
  // The refused request took no audio, so the other requests' answers need not allow for it.
  const underWay = withdraw(budget, id).underWay;
  if (!named) return { ...rest, underWay };

  const { unit, windowS, limit: capacity, used } = named;
  const bucket: RateBucket = { unit, windowS, capacity, level: 0, atMs: nowMs, knowledge: 'told' };
  // As with headers: the figure may not yet count requests that ended since this one was sent.
  const level = Math.min(capacity, Math.max(0, capacity - used - overtakenBy(refused, bucket)));
  return withBucket({ ...rest, underWay }, { ...bucket, level });
}
