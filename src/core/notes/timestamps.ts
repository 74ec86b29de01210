/** Seconds as `hh:mm:ss`, rounded down: a click should never land behind the word. Hours have more than two digits from 100 h on. */
export function formatTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(twoDigits).join(':');
}

/** Seconds as `0:38`, or `1:02:03` from an hour on, rounded down as in {@link formatTime}. Notes of meetings have these. */
export function formatShortTime(seconds: number): string {
  return formatElapsed(seconds * 1000);
}

/** A moment as `2026-11-23 14:02`, in the machine's own time zone. */
export function formatDate(moment: Date): string {
  const day = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(twoDigits).join('-');
  return `${day} ${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
}

/** A moment as `14:02` where it is on the day of `now`, else as `2026-11-24 14:02`. */
export function formatMoment(moment: Date, now: Date): string {
  const date = formatDate(moment);
  return moment.toDateString() === now.toDateString() ? date.slice(-'14:02'.length) : date;
}

/** Milliseconds as `m:ss`, or `h:mm:ss` from an hour on; negative ones count as zero. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${twoDigits(m)}:${twoDigits(s)}` : `${m}:${twoDigits(s)}`;
}

/** A moment as part of a file's name, `2026-11-23 14.02.05`. Such names sort by time, and every system allows them. */
export function formatFileDate(moment: Date): string {
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(twoDigits).join('.');
  return `${formatDate(moment).slice(0, 10)} ${time}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
