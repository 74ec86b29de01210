/** What a limit counts: requests, or the seconds of audio in them. */
export type RateUnit = 'requests' | 'audioS';

/** The windows that limits are told for: a minute, an hour, a day. */
export const WINDOWS_S = [60, 3600, 86_400] as const;
/** The length of a window, in seconds. */
export type WindowS = (typeof WINDOWS_S)[number];

/**
 * One limit as a token bucket: it holds at most `capacity` units and is refilled evenly within `windowS`. The waits in Groq's refusals
 * match this model: with 7,200 audio seconds an hour they are (used + requested - limit) / 2 seconds.
 */
export interface RateBucket {
  readonly unit: RateUnit;
  readonly windowS: WindowS;
  readonly capacity: number;
  /** How much is certainly left at `atMs`, in [0, capacity]. Requests under way are not taken out of it. */
  readonly level: number;
  readonly atMs: number;
  /**
   * `assumed`: `capacity` is a guess that is wrong for other tiers, and the bucket counts as full, which is wrong where somebody else uses
   * the same key. `told`: the figures come from the server.
   */
  readonly knowledge: 'assumed' | 'told';
}

/**
 * Every request counts for at least 10 s, at every endpoint. Groq bills at least 10 s per request, and does not say whether its limits
 * count so as well. Counting too much costs little: requests of meetings are 14 to 28 s long, and the headers correct the hourly level.
 * Counting too little costs a refusal that could be foreseen.
 */
const MINIMUM_AUDIO_S = 10;

/**
 * What one request takes from a bucket, at most its capacity. A larger request would otherwise wait for ever; so it waits for a full
 * bucket and is sent then, and the server decides.
 */
export function costOf(bucket: Pick<RateBucket, 'unit' | 'capacity'>, audioS: number): number {
  return Math.min(bucket.capacity, bucket.unit === 'requests' ? 1 : Math.max(MINIMUM_AUDIO_S, audioS));
}

/** How much comes back in a second, in the unit of the limit. */
export function refillPerS({ capacity, windowS }: Pick<RateBucket, 'capacity' | 'windowS'>): number {
  return capacity / windowS;
}

/** The bucket at another time. Where the clock was put back, the bucket takes the new time and refills nothing. */
export function advance(bucket: RateBucket, nowMs: number): RateBucket {
  const refilled = (Math.max(0, nowMs - bucket.atMs) / 1000) * refillPerS(bucket);
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + refilled), atMs: nowMs };
}

/** The bucket without this amount. The level never falls below 0: a server with such a bucket never lends. */
export function take(bucket: RateBucket, amount: number): RateBucket {
  return { ...bucket, level: Math.max(0, bucket.level - amount) };
}

/** When the bucket will hold this amount, if nobody takes anything. `amount` is at most its capacity. */
export function fullEnoughMs(bucket: RateBucket, amount: number): number {
  return bucket.atMs + (Math.max(0, amount - bucket.level) / refillPerS(bucket)) * 1000;
}

/** Whether both are the same limit of one endpoint. Their levels do not matter. */
export function isSameLimit(a: Pick<RateBucket, 'unit' | 'windowS'>, b: Pick<RateBucket, 'unit' | 'windowS'>): boolean {
  return a.unit === b.unit && a.windowS === b.windowS;
}
