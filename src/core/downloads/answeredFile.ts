import { defined } from '../async/defined';
import { byteRange } from './byteRange';

/** What an answer's head tells about the file at an address. */
export interface AnsweredFile {
  /** The whole file; absent where the server does not tell. */
  readonly sizeBytes?: number;
  /** An entity tag in its quotes, or a date, that another file at the same address would not have. */
  readonly validator?: string;
  /** When the file was changed last, as its server says: milliseconds since 1970. */
  readonly modifiedMs?: number;
}

/** Header names are lower-case. */
type Headers = Readonly<Record<string, string>>;

/** A date with seconds tells two files apart only where the second one cannot have come in the same minute (RFC 9110, 8.8.2.2). */
const SETTLED_AFTER_MS = 60_000;

/** Reads the head of an answer, whole or partial. */
export function answeredFile(headers: Headers): AnsweredFile {
  const modifiedMs = timeOf(headers['last-modified']);
  const encoding = headers['content-encoding']?.trim() ?? '';
  // Of a file that is packed for the way, length and ranges are those of the packed bytes.
  if (encoding !== '' && encoding !== 'identity') return defined({ modifiedMs });
  const range = byteRange(headers['content-range']);
  const sizeBytes = range ? range.totalBytes : lengthOf(headers['content-length']);
  return defined({ sizeBytes, validator: validatorOf(headers, modifiedMs), modifiedMs });
}

/** Whether both may be the same file: nothing that both tell differs. */
export function mayBeSame(one: AnsweredFile, other: AnsweredFile): boolean {
  const differ = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;
  return !differ(one.sizeBytes, other.sizeBytes) && !differ(one.validator, other.validator);
}

/** The headers that ask for a file only if it is another one than this (RFC 9110, 13.1). */
export function unlessSame({ validator }: AnsweredFile): Headers {
  if (validator === undefined) return {};
  return { [validator.startsWith('"') ? 'if-none-match' : 'if-modified-since']: validator };
}

/** Weak tags are left out: they may stay while bytes change. */
function validatorOf(headers: Headers, modifiedMs: number | undefined): string | undefined {
  const tag = headers['etag']?.trim() ?? '';
  if (/^"[^"]*"$/.test(tag)) return tag;
  const nowMs = timeOf(headers['date']);
  if (modifiedMs === undefined || nowMs === undefined || nowMs - modifiedMs < SETTLED_AFTER_MS) return undefined;
  return headers['last-modified'];
}

function lengthOf(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : undefined;
}

function timeOf(text: string | undefined): number | undefined {
  const timeMs = Date.parse(text ?? '');
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
