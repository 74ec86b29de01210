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
  const outer = asRecord(readJson(body));
  if (!outer) {
    const plain = withoutMarkup(body);
    return { message: excerpt(plain), whole: plain, isMarkup: isMarkup(body) };
  }
  const error = asRecord(outer['error']);
  const message =
    asString(error?.['message']) ??
    asString(outer['error']) ??
    asString(outer['message']) ??
    asString(outer['detail']) ??
    // FastAPI's list of what is wrong with which field, as speaches and vLLM send it.
    asArray(outer['detail'])
      .map(detailText)
      .find((text) => text !== undefined) ??
    body;
  const code = asString(error?.['code']) ?? asString(outer['code']);
  return defined({ message: excerpt(message), whole: message, isMarkup: false, code });
}

function detailText(detail: unknown): string | undefined {
  const record = asRecord(detail);
  const text = asString(record?.['msg']);
  return text === undefined ? undefined : `${asArray(record?.['loc']).join('.')}: ${text}`;
}

/** Whether the body is HTML, or XML as storage services send it. Then a server between us and the endpoint answered, not the endpoint. */
export function isMarkup(body: string): boolean {
  return /^\s*<(!doctype|html|head|body|center|h1|\?xml)\b/i.test(body);
}

/** The text of a page. */
export function withoutMarkup(body: string): string {
  return body.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

/** An error's message is shorter than this; a proxy's page may have megabytes. */
const ERROR_CHARACTERS = 20_000;
/** How much of a server's own message is shown. */
const EXCERPT_CHARACTERS = 200;

/** As much of a text as is shown, on one line. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS - 1)}…` : line;
}
