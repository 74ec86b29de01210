/** A JSON object whose fields are not known yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * Figures that JSON does not have, as Python and C++ print them: the mean over no tokens, or the logarithm of 0. A server whose JSON
 * library does not refuse them sends them bare.
 */
const BARE_FIGURES = /-?\b(?:nan|inf(?:inity)?)\b/gi;

/** The value of a JSON text, undefined where it is none. What is not a figure, such as a bare `NaN`, is null. */
export function readJson(text: string): unknown {
  const json = text.replace(/^\ufeff/, '');
  try {
    return JSON.parse(json);
  } catch {
    return parsed(withoutBareFigures(json));
  }
}

/** The values of a text with one JSON value a line; undefined where a line is none, or where there is only one line. */
export function readJsonLines(text: string): readonly unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  const values: unknown[] = [];
  for (const line of lines) {
    const value = readJson(line);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** The value where it is an object and no list. */
export function asRecord(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

/** The value where it is a list, else an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value where it is a string. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number; some servers send their figures as strings. */
export function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function withoutBareFigures(json: string): string {
  const parts: string[] = [];
  for (let at = 0; at < json.length;) {
    const quote = json.indexOf('"', at);
    const end = quote < 0 ? json.length : quote;
    parts.push(json.slice(at, end).replace(BARE_FIGURES, 'null'));
    at = endOfString(json, end);
    parts.push(json.slice(end, at));
  }
  return parts.join('');
}

/** Where the string that begins at a quotation mark is over. A text may well hold the word "Infinity". */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') return at + 1;
    if (sign === '\\') at++;
  }
  return json.length;
}
