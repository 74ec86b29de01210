import { defined } from '../async/defined';
import { WINDOWS_S, type RateUnit, type WindowS } from './rateBucket';
import { parseDurationMs, type AnswerHeaders } from './retryAfter';

/** What an answer's headers tell of one limit. */
export interface ToldLimit {
  readonly unit: RateUnit;
  readonly limit: number;
  /** Within [0, limit]; absent where it cannot be read. */
  readonly remaining?: number;
  /** Until nothing is missing any more. */
  readonly resetMs?: number;
  /** The limit's window as its reset shows it; absent where that shows none. */
  readonly windowS?: WindowS;
}

const NAMES: readonly (readonly [name: string, unit: RateUnit])[] = [
  ['requests', 'requests'],
  ['audio-seconds', 'audioS'],
];
/** Beyond this a limit is none, or a slip of a server. */
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
 * A reset is the time until the bucket is full again, so what is missing and the time that it takes show the window: 1 of 2,000 missing
 * and 43.2 s are a day, as Groq counts requests; 1 of 60 and 1 s are a minute, as OpenAI counts them under the same name.
 */
function windowOf(limit: number, remaining: number, resetMs: number): WindowS | undefined {
  if (remaining >= limit) return undefined;
  const shownS = (limit / (limit - remaining)) * (resetMs / 1000);
  return WINDOWS_S.find((windowS) => shownS > windowS / ROUNDING && shownS < windowS * ROUNDING);
}

/** What rounded figures may be off by. Windows that differ more are of another form, such as one that is emptied at a fixed time. */
const ROUNDING = 1.5;

function asFigure(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(\.\d{1,30})?\s*$/.test(text) ? Number(text) : undefined;
}
