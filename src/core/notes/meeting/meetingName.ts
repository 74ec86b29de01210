import { formatDate } from '../timestamps';
import { fillPlaceholders, isStartFact, startValue, type MeetingStart } from './placeholders';

/** The name of a meeting's files where the setting has none: `2026-11-28-1645-meeting`. */
export const DEFAULT_NAME = '{date}-{time}-meeting';

/**
 * The longest name in bytes of UTF-8. File systems take 143 (eCryptfs) to 255; a number and the longest ending, `.minutes.jsonl`, follow.
 */
const MOST_BYTES = 120;
/** Names that Windows keeps for devices, whatever follows behind a dot. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;
/** What some file system does not take, or what a reader does not see or sees in another order. */
const FORBIDDEN = /[<>:"|?*\p{Cc}\p{Cs}\p{Co}\p{Cn}\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]/gu;
/** The beginning of a name that tells when the meeting was. */
const DATE_PREFIX = /^\d{4}-\d\d-\d\d(?:-\d{4})?(?=-|$)/;

/**
 * The name of a meeting's files without an ending: no blanks, nothing that a file system refuses, no part of a path, never empty.
 *
 * @param pattern may have placeholders; those that are unknown stay
 */
export function meetingName(pattern: string, start: Omit<MeetingStart, 'recording'>): string {
  const [, time = ''] = formatDate(start.startedAt).split(' ');
  const facts = { ...start, recording: '' };
  const fill = (text: string): string =>
    fillPlaceholders(text, (name) => {
      if (name === 'time') return time.replace(':', '');
      return isStartFact(name) ? startValue(name, facts) : undefined;
    });
  return safeName(fill(pattern)) || safeName(fill(DEFAULT_NAME));
}

/** Stands in for what a placeholder becomes while a pattern of git's is made: a letter that nobody uses in a name. */
const STANDS_IN = '\ua66e';

/**
 * What all names of a pattern have in common, as git's patterns say it: `????-??-??-????-meeting`. Empty where a name may be anything.
 */
export function commonName(pattern: string): string {
  const lengths: Readonly<Record<string, string>> = { date: 'd', time: 't' };
  const filled = fillPlaceholders(pattern, (name) => STANDS_IN + (isStartFact(name) ? (lengths[name] ?? 'x') : 'x'));
  const name = (safeName(filled) || commonDefault()).replace(/[[\]!#\\]/g, '?');
  const common = name
    .replaceAll(`${STANDS_IN}d`, '????-??-??')
    .replaceAll(`${STANDS_IN}t`, '????')
    .replace(new RegExp(`-?${STANDS_IN}x-?`, 'g'), '*');
  return /^[*?.-]*$/.test(common) ? '' : common;
}

function commonDefault(): string {
  return DEFAULT_NAME.replace('{date}', `${STANDS_IN}d`).replace('{time}', `${STANDS_IN}t`);
}

/**
 * The name of a meeting's files after its heading: the date of the old name stays, the heading follows. Undefined where that is no other
 * name.
 *
 * @param name the files' name without an ending
 * @param heading as plain text
 */
export function titledName(name: string, heading: string): string | undefined {
  const title = safeName(heading);
  const date = DATE_PREFIX.exec(name)?.[0];
  const titled = safeName(date === undefined || title.startsWith(date) ? title : `${date}-${title}`);
  return title === '' || titled === name ? undefined : titled;
}

/** Empty where nothing of the text can be in a name. */
function safeName(text: string): string {
  const plain = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s/\\]+/gu, '-')
    .replace(FORBIDDEN, '')
    .replace(/-{2,}/g, '-');
  const cut = trimmed(cutToBytes(trimmed(plain), MOST_BYTES));
  return RESERVED.test(cut) ? `meeting-${cut}` : cut;
}

/** A dot in front hides a file, one at the end is lost on Windows. */
function trimmed(text: string): string {
  return text.replace(/^[-.]+|[-.]+$/g, '');
}

function cutToBytes(text: string, most: number): string {
  let bytes = 0;
  let end = 0;
  for (const sign of text) {
    bytes += utf8Bytes(sign.codePointAt(0) ?? 0);
    if (bytes > most) break;
    end += sign.length;
  }
  return text.slice(0, end);
}

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}
