/**
 * A date and a time of day, apart or joined: `2025-03-01 14.00.00`, `2025-03-01T14:00:00Z`, `2025-03-01 at 2.00 PM`, `20250301_140000`,
 * `GMT20250301-140000` (Zoom). The seconds may be missing.
 */
const DATE_AND_TIME =
  /(?<![\d])(?<gmt>GMT|UTC)?(?<year>\d{4})(?<separator>[-_.]?)(?<month>\d\d)\k<separator>(?<day>\d\d)(?:[ _T-]{1,3}(?:at[ _])?)(?<hour>\d{1,2})(?<colon>[-_.:h]?)(?<minute>\d\d)(?:\k<colon>(?<second>\d\d))?(?:\.\d{1,6})?(?:[ \u202f]?(?<half>[AP]M))?(?<zulu>Z)?(?!\d)/iu;
/** A date alone: `2025-03-01`, `AUD-20250301-WA0001` (WhatsApp). */
const DATE_ALONE = /(?<!\d)(?<year>\d{4})(?<separator>[-_.]?)(?<month>\d\d)\k<separator>(?<day>\d\d)(?!\d)/u;
/** Earlier years are other numbers: nobody kept recordings in files that are named so before. */
const FIRST_YEAR = 1990;
const LAST_YEAR = 2099;

/**
 * When a recording was made, as its file's name tells. Undefined where the name has no date, and where it has a day only and the file was
 * changed last on that day: the file's time then tells more.
 *
 * @param modifiedMs the file's last change, milliseconds since 1970
 */
export function dateInName(name: string, modifiedMs: number): Date | undefined {
  const { gmt, year, month, day, hour, minute, second, half, zulu } = DATE_AND_TIME.exec(name)?.groups ?? {};
  if (year !== undefined && hour !== undefined) {
    const isUtc = gmt !== undefined || zulu !== undefined;
    const date = dateOf([year, month, day, hoursOf(hour, half), minute, second], isUtc);
    if (date) return date;
  }
  const alone = DATE_ALONE.exec(name)?.groups;
  const date = alone && dateOf([alone['year'], alone['month'], alone['day']], false);
  return date && date.toDateString() !== new Date(modifiedMs).toDateString() ? date : undefined;
}

function hoursOf(hour: string, half: string | undefined): string {
  if (half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0));
}

/** Undefined where there is no such moment. */
function dateOf(parts: readonly (string | undefined)[], isUtc: boolean): Date | undefined {
  const [year = NaN, month = NaN, day = NaN, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const isPossible =
    year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && hour < 24 && minute < 60 && second < 60;
  // Days that the month does not have would count into the next.
  const isDay = day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (!isPossible || !isDay) return undefined;
  return isUtc
    ? new Date(Date.UTC(year, month - 1, day, hour, minute, second))
    : new Date(year, month - 1, day, hour, minute, second);
}
