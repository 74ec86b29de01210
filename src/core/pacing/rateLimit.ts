import { advance, costOf, fullEnoughMs, take, type RateBucket, type RateUnit, type WindowS } from './rateBucket';

/** A request that was sent and not answered yet. */
export interface RequestUnderWay {
  readonly id: number;
  readonly audioS: number;
  readonly sentMs: number;
  /**
   * The audio of the other requests that ended since this one was sent. This one's answer may tell a level from before or from
   * after the server took them out.
   */
  readonly overtakenByS: readonly number[];
}

/**
 * What is known of an endpoint's limits for one key. Only requests under way are held in it. Those that wait hold nothing: they are
 * planned anew whenever something is learned, and one that is aborted leaves nothing to give back.
 *
 * A request's share is taken out of a level when its answer comes, and held beside it until then. It makes a difference while a
 * bucket is full and what it would gain is lost: the server takes the share when the request arrives, any time between sending and
 * answer, and refills from then on. Taking it out any earlier here would count refill that the server never had.
 */
export interface RateBudget {
  /** One for each limit that is known. */
  readonly buckets: readonly RateBucket[];
  readonly underWay: readonly RequestUnderWay[];
  readonly nextId: number;
  /** The server asked for silence until then; 0 where it did not. */
  readonly blockedUntilMs: number;
  /** Which limits the headers mean when they do not show it themselves. */
  readonly headerWindows: Readonly<Partial<Record<RateUnit, WindowS>>>;
}

/** Nothing is known: every request may start at once until headers or refusals say otherwise. */
export const UNKNOWN_BUDGET: RateBudget = {
  buckets: [],
  underWay: [],
  nextId: 1,
  blockedUntilMs: 0,
  headerWindows: {},
};

/** Groq's free tier, as in its documentation of rate limits for its Whisper models. */
const GROQ_FREE_TIER: readonly (readonly [RateUnit, WindowS, number])[] = [
  ['requests', 60, 20],
  ['requests', 86_400, 2000],
  ['audioS', 3600, 7200],
  ['audioS', 86_400, 28_800],
];
const GROQ_ORIGIN = 'https://api.groq.com/';

/**
 * What is known of an endpoint before it was asked. At Groq that is the free tier, until headers show another: most keys are of that
 * tier, and a minute's and a day's limit are told by no header.
 */
export function initialBudget(baseUrl: string, nowMs: number): RateBudget {
  if (!`${baseUrl}/`.startsWith(GROQ_ORIGIN)) return UNKNOWN_BUDGET;
  return {
    ...UNKNOWN_BUDGET,
    buckets: GROQ_FREE_TIER.map(([unit, windowS, capacity]) => ({
      unit,
      windowS,
      capacity,
      level: capacity,
      atMs: nowMs,
      knowledge: 'assumed',
    })),
    headerWindows: { requests: 86_400, audioS: 3600 },
  };
}

/**
 * When a request for so much audio may be sent at the earliest, such that no order of arrival at the server gets any request refused.
 *
 * @returns not before `nowMs`; undefined where that is after an answer that is still to come, whenever it comes
 */
export function earliestStartMs(budget: RateBudget, audioS: number, nowMs: number): number | undefined {
  let startMs = Math.max(nowMs, budget.blockedUntilMs);
  for (const bucket of budget.buckets) {
    const needed = costOf(bucket, audioS) + held(budget, bucket);
    // Never for want of capacity alone: a single request takes a whole bucket at most.
    if (needed > bucket.capacity) return undefined;
    const readyMs = fullEnoughMs(bucket.atMs > nowMs ? advance(bucket, nowMs) : bucket, needed);
    if (bucket.level < needed) startMs = Math.max(startMs, Math.ceil(readyMs) + MARGIN_MS);
  }
  return startMs;
}

/** Timers fire a millisecond early now and then, and the server's own figures are rounded somewhere. Costs no throughput. */
const MARGIN_MS = 5;

/**
 * When the waiting requests will start, in their order, as far as can be told: as if those under way had been answered now and every
 * other as soon as it is sent. Never falling: a small request does not pass a large one.
 */
export function planStartsMs(budget: RateBudget, waitingS: readonly number[], nowMs: number): number[] {
  let buckets = budget.buckets.map((bucket) => take(advance(bucket, nowMs), held(budget, bucket)));
  let startMs = Math.max(nowMs, budget.blockedUntilMs);
  return waitingS.map((audioS) => {
    startMs = Math.max(startMs, ...buckets.map((bucket) => fullEnoughMs(bucket, costOf(bucket, audioS))));
    buckets = buckets.map((bucket) => take(advance(bucket, startMs), costOf(bucket, audioS)));
    return Math.ceil(startMs);
  });
}

/** The request is sent now. */
export function send(budget: RateBudget, audioS: number, nowMs: number): { budget: RateBudget; id: number } {
  const id = budget.nextId;
  const underWay = [...budget.underWay, { id, audioS, sentMs: nowMs, overtakenByS: [] }];
  return { budget: { ...budget, underWay, nextId: id + 1 }, id };
}

/** The request never reached the server: what it held is free again. */
export function withdraw(budget: RateBudget, id: number): RateBudget {
  return { ...budget, underWay: budget.underWay.filter((request) => request.id !== id) };
}

/**
 * The request is over and its share is spent, as far as is known. A request that failed counts as well: whether the server took its
 * share nobody knows, and the next answer's headers tell.
 *
 * @param units what it took; a refused request surely took no audio
 */
export function settle(
  budget: RateBudget,
  id: number,
  nowMs: number,
  units: readonly RateUnit[] = ['requests', 'audioS'],
): RateBudget {
  const ended = budget.underWay.find((request) => request.id === id);
  if (!ended) return budget;
  return {
    ...budget,
    buckets: budget.buckets.map((bucket) =>
      units.includes(bucket.unit) ? take(advance(bucket, nowMs), costOf(bucket, ended.audioS)) : bucket,
    ),
    underWay: withdraw(budget, id).underWay.map((other) => ({
      ...other,
      overtakenByS: [...other.overtakenByS, ended.audioS],
    })),
  };
}

/** What the requests under way take from a bucket together. */
export function held({ underWay }: RateBudget, bucket: RateBucket): number {
  return underWay.reduce((sum, { audioS }) => sum + costOf(bucket, audioS), 0);
}
