/** An answer's headers. All transports give their names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A figure and its unit: `2m`, `59.56s`, `350ms`; in messages also `20 seconds`. A longer unit stands before the shorter one that it begins with. */
const PART = String.raw`(\d+(?:\.\d+)?)\s*(ns|[uµμ]s|ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])`;
/** Parts may follow each other without a space, so a unit may be followed by a digit but not by a letter. */
const PARTS = new RegExp(String.raw`^(?:${PART}\s*)+$`, 'i');
const EACH_PART = new RegExp(PART, 'gi');
const PLAIN_NUMBER = /^\d+(?:\.\d+)?$/;

/** The longest text that is parsed as a duration. The longest real one, `23h59m59.999999999s`, has 19 characters. */
const LONGEST_DURATION = 60;

/**
 * Reads a duration in Go's format, which Groq and OpenAI use: `43.2s`, `2m59.56s`, `23h59m59s`, `1h2m`, `350ms`. A plain number means
 * seconds, as in the header `retry-after`.
 *
 * @returns a finite number, not negative; undefined for anything else
 */
export function parseDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_DURATION) return undefined;
  if (PLAIN_NUMBER.test(trimmed)) return Number(trimmed) * 1000;
  if (!PARTS.test(trimmed)) return undefined;
  let sumMs = 0;
  for (const [, figure, unit] of trimmed.matchAll(EACH_PART)) sumMs += Number(figure) * msPer(unit ?? '');
  return sumMs;
}

function msPer(unit: string): number {
  const lower = unit.toLowerCase();
  const exact = Object.hasOwn(MS_PER_UNIT, lower) ? MS_PER_UNIT[lower] : undefined;
  // The first letter tells a written-out unit, except for milliseconds.
  return exact ?? (lower.startsWith('milli') ? 1 : (MS_PER_UNIT[lower.charAt(0)] ?? 0));
}

/** The duration behind "try again in" (Groq's and OpenAI's wording) or "retry after" (Azure's). */
const WAIT_IN_MESSAGE = new RegExp(
  String.raw`\b(?:try again|retry|wait)\s+(?:in|after|for)\s+((?:${PART}\s*){1,6})`,
  'i',
);

/** The wait that a refusal's message asks for: "… Please try again in 9m6s." */
export function waitInMessage(message: string): number | undefined {
  const wait = WAIT_IN_MESSAGE.exec(message)?.[1];
  return wait === undefined ? undefined : parseDurationMs(wait);
}

/**
 * The wait that an answer's headers ask for: `retry-after-ms` (of OpenAI and Azure, more exact) or `retry-after`, which holds seconds or a
 * date (RFC 9110, 10.2.3). A date is compared with the answer's own `date` where there is one, since the server's clock and this
 * machine's may differ by more than the wait.
 *
 * @param nowMs milliseconds since 1970
 * @returns a finite number, not negative; undefined where the headers name no wait that can be read
 */
export function parseRetryAfter(headers: AnswerHeaders, nowMs: number): number | undefined {
  const exact = headers['retry-after-ms']?.trim();
  if (exact !== undefined && exact.length <= LONGEST_DURATION && PLAIN_NUMBER.test(exact)) return Number(exact);
  const wanted = headers['retry-after'];
  if (wanted === undefined) return undefined;
  const durationMs = parseDurationMs(wanted);
  if (durationMs !== undefined) return durationMs;
  const untilMs = parseHttpDate(wanted);
  if (untilMs === undefined) return undefined;
  return Math.max(0, untilMs - (parseHttpDate(headers['date'] ?? '') ?? nowMs));
}

/** The three forms of RFC 9110, 5.6.7; `Date.parse` alone would take `-5` for a year. */
const HTTP_DATE = /^[a-z]{3,9},? .{0,20}\d{2}:\d{2}:\d{2}/i;

function parseHttpDate(text: string): number | undefined {
  const trimmed = text.trim();
  if (!HTTP_DATE.test(trimmed)) return undefined;
  // The format of C's asctime names no time zone; it means GMT like the others.
  const parsed = Date.parse(/GMT|UTC|[+-]\d{4}$/i.test(trimmed) ? trimmed : `${trimmed} GMT`);
  return Number.isFinite(parsed) ? parsed : undefined;
}
