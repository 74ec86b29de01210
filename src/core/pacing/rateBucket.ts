/** What a limit counts: requests, or the seconds of audio in them. */
export type RateUnit = 'requests' | 'audioS';

/** The windows that limits are told for: a minute, an hour, a day. */
export const WINDOWS_S = [60, 3600, 86_400] as const;
/** The length of a window, in seconds. */
export type WindowS = (typeof WINDOWS_S)[number];

/**
 * One limit as a token bucket: `capacity` units at most, refilled evenly within `windowS`. That is the form that the waits of
 * Groq's refusals match: with 7,200 audio seconds an hour they are (used + requested - limit) / 2 seconds.
 */
export interface RateBucket {
  readonly unit: RateUnit;
  readonly windowS: WindowS;
  readonly capacity: number;
  /** What is surely left at `atMs`; requests under way are not taken out. Within [0, capacity]. */
  readonly level: number;
  readonly atMs: number;
  /**
   * Where `capacity` comes from: only a guess, which other tiers do not share; or the server. And whether the server has told a level:
   * until then the bucket counts as full, which somebody else with the same key may have made wrong.
   */
  readonly knowledge: 'assumed' | 'told';
}

/**
 * Groq bills 10 s at least per request, and does not say whether its limits count so as well. Counting too much costs little: requests
 * of meetings are 14 to 28 s long, and the headers put the hourly level right again. Counting too little costs a refusal that could be
 * foreseen. So ten seconds it is, for every endpoint.
 */
const MINIMUM_AUDIO_S = 10;

/**
 * What one request takes from a bucket. Never more than a whole one: a piece larger than that waits for a full bucket and is sent
 * then, for the server to judge; it must not wait for ever.
 */
export function costOf(bucket: Pick<RateBucket, 'unit' | 'capacity'>, audioS: number): number {
  return Math.min(bucket.capacity, bucket.unit === 'requests' ? 1 : Math.max(MINIMUM_AUDIO_S, audioS));
}

/** How much comes back in a second, in the unit of the limit. */
export function refillPerS({ capacity, windowS }: Pick<RateBucket, 'capacity' | 'windowS'>): number {
  return capacity / windowS;
}

/** The bucket at another time. A clock that was put back refills nothing, and is not waited for. */
export function advance(bucket: RateBucket, nowMs: number): RateBucket {
  const refilled = (Math.max(0, nowMs - bucket.atMs) / 1000) * refillPerS(bucket);
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + refilled), atMs: nowMs };
}

/** The bucket with so much less in it. Not below nothing: a server of this form never gives what it does not have. */
export function take(bucket: RateBucket, amount: number): RateBucket {
  return { ...bucket, level: Math.max(0, bucket.level - amount) };
}

/** When the bucket holds so much, if nobody takes anything; `amount` is at most its capacity. */
export function fullEnoughMs(bucket: RateBucket, amount: number): number {
  return bucket.atMs + (Math.max(0, amount - bucket.level) / refillPerS(bucket)) * 1000;
}

/** Whether both are the same limit of one endpoint, whatever is left of it. */
export function isSameLimit(a: Pick<RateBucket, 'unit' | 'windowS'>, b: Pick<RateBucket, 'unit' | 'windowS'>): boolean {
  return a.unit === b.unit && a.windowS === b.windowS;
}
