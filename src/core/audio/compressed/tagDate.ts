/** A day and a time of day, and perhaps a zone: `2025-03-01T14:05:09Z`, `UTC 2025-03-01 14:05:09`, `2025:03:01 14:05`. */
const MOMENT =
  /^\s*(?<utc>UTC )?(?<year>\d{4})[-/:.](?<month>\d\d)[-/:.](?<day>\d\d)[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,]\d+)?)? ?(?<zone>Z|UTC|[+-]\d\d:?\d\d)?\s*$/i;
/** Earlier dates are clocks that were never set: 1904 and 1970 are zero in MP4 and on Unix. */
const FIRST_YEAR = 1990;
const MS_PER_MINUTE = 60_000;
/** No place on earth is further from UTC. */
const WIDEST_ZONE_MINUTES = 14 * 60;

/**
 * When a recording was made, as a tag of its file tells: milliseconds since 1970. Undefined where the text has no time of day: that is when
 * the recording was published, more likely than when it was made.
 *
 * @param zoneless what a text means that names no zone
 */
export function momentInTag(text: string, zoneless: 'local' | 'utc' = 'local'): number | undefined {
  const { utc, year, month, day, hour, minute, second = '0', zone } = MOMENT.exec(text)?.groups ?? {};
  const numbers = [year, month, day, hour, minute, second].map(Number);
  const [y = NaN, mo = NaN, d = NaN, h = NaN, mi = NaN, s = NaN] = numbers;
  const isDay = mo >= 1 && mo <= 12 && d >= 1 && d <= new Date(Date.UTC(y, mo, 0)).getUTCDate();
  if (!isDay || y < FIRST_YEAR || !(h < 24 && mi < 60 && s < 60)) return undefined;
  if (utc === undefined && zone === undefined && zoneless === 'local')
    return new Date(y, mo - 1, d, h, mi, s).getTime();
  const zoneMinutes = zoneOf(zone);
  if (Math.abs(zoneMinutes) > WIDEST_ZONE_MINUTES) return undefined;
  return Date.UTC(y, mo - 1, d, h, mi, s) - zoneMinutes * MS_PER_MINUTE;
}

/** How many minutes a zone is before UTC. */
function zoneOf(zone = ''): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (60 * Number(hours ?? 0) + Number(minutes ?? 0));
}
