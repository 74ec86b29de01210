import { defined } from '../async/defined';
import { WINDOWS_S, type RateUnit, type WindowS } from './rateBucket';
import { parseDurationMs, type AnswerHeaders } from './retryAfter';

/** What an answer's headers tell of one limit. */
export interface ToldLimit {
  readonly unit: RateUnit;
  readonly limit: number;
  /** Within [0, limit]; absent where it cannot be read. */
  readonly remaining?: number;
  /** Time until the bucket is full again. */
  readonly resetMs?: number;
  /** The limit's window, worked out from its reset; absent where the reset does not show it. */
  readonly windowS?: WindowS;
}

const NAMES: readonly (readonly [name: string, unit: RateUnit])[] = [
  ['requests', 'requests'],
  ['audio-seconds', 'audioS'],
];
/** A higher figure means no limit, or is a mistake of the server. */
const HIGHEST_LIMIT = 1e9;

/** Reads `x-ratelimit-{limit,remaining,reset}-{requests,audio-seconds}`. What cannot be read is left out. */
export function parseRateHeaders(headers: AnswerHeaders): ToldLimit[] {
  return NAMES.flatMap(([name, unit]) => {
    const limit = asFigure(headers[`x-ratelimit-limit-${name}`]);
    if (limit === undefined || limit < 1 || limit > HIGHEST_LIMIT) return [];
    const figure = asFigure(headers[`x-ratelimit-remaining-${name}`]);
    if (figure === undefined) return [{ unit, limit }];
    const remaining = Math.min(limit, figure);
    const resetMs = parseDurationMs(headers[`x-ratelimit-reset-${name}`] ?? '');
    if (resetMs === undefined) return [{ unit, limit, remaining }];
    const windowS = windowOf(limit, remaining, resetMs);
    return [defined({ unit, limit, remaining, resetMs, windowS })];
  });
}

/**
 * The window that a reset shows. A reset is the time until the bucket is full again, so the amount that is missing and this time give the
 * window. 1 of 2,000 missing and 43.2 s mean a day (Groq's requests); 1 of 60 and 1 s mean a minute (OpenAI's, under the same name).
 */
function windowOf(limit: number, remaining: number, resetMs: number): WindowS | undefined {
  if (remaining >= limit) return undefined;
  const shownS = (limit / (limit - remaining)) * (resetMs / 1000);
  return WINDOWS_S.find((windowS) => shownS > windowS / ROUNDING && shownS < windowS * ROUNDING);
}

/** How far rounded figures may be off. A larger difference means another kind of window, such as one that is reset at a fixed time. */
const ROUNDING = 1.5;

function asFigure(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(\.\d{1,30})?\s*$/.test(text) ? Number(text) : undefined;
}
