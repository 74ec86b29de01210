import { defined } from '../async/defined';
import { asArray, asRecord, asString, readJson } from './readJson';

/** What the body of a failed request says. */
export interface ErrorBody {
  /** On one line, shortened, and without a proxy's markup. */
  readonly message: string;
  /** Not shortened: the time to wait stands at the end of a long sentence. */
  readonly whole: string;
  readonly code?: string;
  readonly isMarkup: boolean;
}

/** The message in a failed request's body. No other file knows the names of errors on the wire. */
export function parseErrorBody(text: string): ErrorBody {
  const body = text.slice(0, ERROR_CHARACTERS);
  const json = readJson(body);
  if (json === undefined || json === null || isMarkup(body)) {
    const plain = withoutMarkup(body);
    return { message: excerpt(plain), whole: plain, isMarkup: isMarkup(body) };
  }
  const whole = messageIn(json) ?? body;
  return defined({ message: excerpt(whole), whole, isMarkup: false, code: codeIn(json) });
}

/** What servers call their messages, and what holds them, in the order of trust. `title` and `detail` are those of RFC 9457. */
const MESSAGE_NAMES = ['error', 'message', 'detail', 'msg', 'reason', 'errors', 'title'] as const;
/** What may hold a code. */
const HOLDERS = ['error', 'detail', 'errors'] as const;
/** How deep a message may lie. The deepest known is `{"detail":{"error":{"message":…}}}`. */
const MOST_LEVELS = 5;

/** The first text that is not empty. */
function messageIn(value: unknown, level = 0): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (level > MOST_LEVELS) return undefined;
  if (Array.isArray(value)) return firstOf(value, (one) => messageIn(one, level + 1));
  const record = asRecord(value);
  if (!record) return undefined;
  const text = firstOf(MESSAGE_NAMES, (name) => messageIn(record[name], level + 1));
  // FastAPI tells which field is wrong, as speaches and vLLM send it.
  const field = asArray(record['loc']).join('.');
  return text === undefined || field === '' ? text : `${field}: ${text}`;
}

/** The innermost code that is a word. */
function codeIn(value: unknown, level = 0): string | undefined {
  if (level > MOST_LEVELS) return undefined;
  if (Array.isArray(value)) return firstOf(value, (one) => codeIn(one, level + 1));
  const record = asRecord(value);
  return record && (firstOf(HOLDERS, (name) => codeIn(record[name], level + 1)) ?? asString(record['code']));
}

function firstOf<From>(values: readonly From[], read: (value: From) => string | undefined): string | undefined {
  for (const value of values) {
    const text = read(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Whether the body is HTML, or XML as storage services send it. Then a server between us and the endpoint answered, not the endpoint. */
export function isMarkup(body: string): boolean {
  return /^\s*<(!doctype|html|head|body|center|h1|\?xml)\b/i.test(body);
}

/** The text of a page. Most pages of proxies have their title in the body as well, some but for the status before it. */
export function withoutMarkup(page: string): string {
  const plain = (text: string): string => text.replace(/<[^>]*>/g, ' ');
  const body = page.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ');
  const rest = onOneLine(plain(body.replace(TITLE, ' ')));
  const title = onOneLine(plain(TITLE.exec(body)?.[0] ?? ''));
  const words = title.replace(/^\d{3}\b\W*/, '');
  return rest.includes(words === '' ? title : words) ? rest : `${title} ${rest}`;
}

const TITLE = /<title\b[\s\S]*?<\/title>/i;

/** An error's message is shorter than this; a proxy's page may have megabytes. */
const ERROR_CHARACTERS = 20_000;
/** How much of a server's own message is shown. */
const EXCERPT_CHARACTERS = 200;

/** As much of a text as is shown, on one line. */
export function excerpt(text: string): string {
  const line = onOneLine(text);
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS - 1)}…` : line;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
