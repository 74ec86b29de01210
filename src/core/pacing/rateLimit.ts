import { advance, costOf, fullEnoughMs, take, type RateBucket, type RateUnit, type WindowS } from './rateBucket';

/** A request that was sent and not answered yet. */
export interface RequestUnderWay {
  readonly id: number;
  readonly audioS: number;
  readonly sentMs: number;
  /**
   * The audio of the other requests that ended since this one was sent. This one's answer may tell a level from before or after the
   * server took them out.
   */
  readonly overtakenByS: readonly number[];
}

/**
 * What is known of an endpoint's limits for one key. Only requests under way have a share held for them. Waiting requests have none:
 * they are planned anew whenever something is learned, and an aborted one has nothing to give back.
 *
 * A request's share is held beside the level until its answer comes; only then it is taken out. The difference matters while a bucket is
 * full, since a full bucket does not refill. The server takes the share when the request arrives, at any time between sending and answer,
 * and refills from then on. Taking it out earlier here would count refill that the server never had.
 */
export interface RateBudget {
  /** One for each limit that is known. */
  readonly buckets: readonly RateBucket[];
  readonly underWay: readonly RequestUnderWay[];
  readonly nextId: number;
  /** The server asked for no requests before this time; 0 where it did not. */
  readonly blockedUntilMs: number;
  /** The window of the limits in the headers, for headers that do not show it. */
  readonly headerWindows: Readonly<Partial<Record<RateUnit, WindowS>>>;
}

/** Nothing is known: every request may start at once until headers or refusals say otherwise. Exported for tests, which begin with it. */
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
 * What is known of an endpoint before the first request. At Groq it is the free tier, until headers show another one: most keys are of
 * that tier, and no header tells the limits of requests a minute and of audio a day.
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
 * The earliest time at which a request for this much audio may be sent so that no request is refused, in whatever order they arrive.
 *
 * @returns `nowMs` or later; undefined where the request has to wait for the answer to one that is under way
 */
export function earliestStartMs(budget: RateBudget, audioS: number, nowMs: number): number | undefined {
  let startMs = Math.max(nowMs, budget.blockedUntilMs);
  for (const bucket of budget.buckets) {
    const needed = costOf(bucket, audioS) + held(budget, bucket);
    // This happens only beside requests under way: a single request takes at most a whole bucket.
    if (needed > bucket.capacity) return undefined;
    const readyMs = fullEnoughMs(bucket.atMs > nowMs ? advance(bucket, nowMs) : bucket, needed);
    if (bucket.level < needed) startMs = Math.max(startMs, Math.ceil(readyMs) + MARGIN_MS);
  }
  return startMs;
}

/** Timers sometimes fire a millisecond early, and the server rounds its figures. The margin costs no throughput. */
const MARGIN_MS = 5;

/**
 * An estimate of when the waiting requests will start, in their order. It assumes that the requests under way are answered now, and every
 * other one as soon as it is sent. The times never fall: a small request does not pass a large one.
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

/** The request never reached the server: its share is free again. */
export function withdraw(budget: RateBudget, id: number): RateBudget {
  return { ...budget, underWay: budget.underWay.filter((request) => request.id !== id) };
}

/**
 * The request is over and its share counts as spent. So does the share of a failed request: the server may have taken it, and the next
 * answer's headers tell.
 *
 * @param units what the request took; a refused request certainly took no audio
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

/** The sum that the requests under way take from a bucket. */
export function held({ underWay }: RateBudget, bucket: RateBucket): number {
  return underWay.reduce((sum, { audioS }) => sum + costOf(bucket, audioS), 0);
}
