import { MinutesError, type Host } from '../errors';
import type { ParsedResponse, Segment, UnheardStretch, Word } from '../model';
import type { AnswerFormat } from './dialects';
import { languageCode } from './languages';

/**
 * The border: what an endpoint answered, as `json`, `verbose_json`, plain text where that was asked for, or anything near it. The only
 * place that knows wire names. Read tolerantly: servers leave out words, give `null` for figures, put words inside segments, name a
 * word's text `text`, send a duration as a string, or answer with the events of a stream that nobody asked for.
 *
 * @throws MinutesError `responseUnreadable` where there is no text to be found, `proxyAnswered` for a page in HTML
 */
export function parseResponse(body: string, host: Host, format: AnswerFormat = 'words'): ParsedResponse {
  const json = tryJson(body) ?? lastStreamEvent(body);
  // A text that happens to be JSON, such as "42", is a text all the same.
  if (format === 'text' && asRecord(json) === undefined && !isMarkup(body)) {
    return { text: body.trim(), segments: [], words: [] };
  }
  const answer = asRecord(json);
  const segments = parseSegments(asArray(answer?.['segments']));
  const written = asString(answer?.['text']);
  if (!answer || (written === undefined && segments.length === 0)) {
    const reason = excerpt(isMarkup(body) ? withoutMarkup(body) : body);
    throw new MinutesError(
      isMarkup(body)
        ? { code: 'proxyAnswered', host, status: 200, reason }
        : { code: 'responseUnreadable', host, reason },
    );
  }
  const wireWords = Array.isArray(answer['words'])
    ? asArray(answer['words'])
    : asArray(answer['segments']).flatMap((segment) => asArray(asRecord(segment)?.['words']));
  const unheard = asArray(answer['unheard']).flatMap(parseUnheard);
  return {
    text: (written ?? segments.map(({ text }) => text).join(' ')).trim(),
    ...defined('language', parseLanguage(answer)),
    ...defined('durationS', nonNegative(asNumber(answer['duration']))),
    ...defined('averageLogProbability', meanLogProbability(asArray(answer['logprobs']))),
    segments,
    words: wireWords.flatMap(parseWord),
    ...defined('unheard', unheard.length > 0 ? unheard : undefined),
  };
}

/** The names of the models that `GET {base}/models` lists, those that sound like speech to text first. */
export function parseModels(body: string): string[] {
  const answer = tryJson(body);
  const listed = asArray(asRecord(answer)?.['data'] ?? asRecord(answer)?.['models'] ?? answer);
  const names = listed.flatMap((model) => {
    const name = asString(model) ?? asString(asRecord(model)?.['id']) ?? asString(asRecord(model)?.['name']);
    return name === undefined || name.trim() === '' ? [] : [name];
  });
  const isSpeech = (name: string): boolean => /whisper|transcri|voxtral|parakeet|canary|speech|asr|stt/i.test(name);
  return [...names.filter(isSpeech), ...names.filter((name) => !isSpeech(name))];
}

/** What a failed request's body says; shortened, and without the markup that a proxy sends. */
export function parseErrorBody(whole: string): {
  readonly message: string;
  /** Uncut: how long to wait stands at the end of a long sentence. */
  readonly whole: string;
  readonly code?: string;
  readonly isMarkup: boolean;
} {
  const body = whole.slice(0, ERROR_CHARACTERS);
  const outer = asRecord(tryJson(body));
  if (!outer) {
    const text = withoutMarkup(body);
    return { message: excerpt(text), whole: text, isMarkup: isMarkup(body) };
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
  return { message: excerpt(message), whole: message, isMarkup: false, ...defined('code', code) };
}

function detailText(detail: unknown): string | undefined {
  const record = asRecord(detail);
  const text = asString(record?.['msg']);
  return text === undefined ? undefined : `${asArray(record?.['loc']).join('.')}: ${text}`;
}

function tryJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The last whole event of a `text/event-stream` that has a text: OpenAI's newer models end theirs with `transcript.text.done`. */
function lastStreamEvent(body: string): unknown {
  if (!/^(event|data):/.test(body)) return undefined;
  return body
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [tryJson(line.slice('data:'.length))] : []))
    .findLast((event) => asString(asRecord(event)?.['text']) !== undefined);
}

/** A page in HTML, or XML such as a storage service's: what stands between us and the endpoint, not the endpoint. */
function isMarkup(body: string): boolean {
  return /^\s*<(!doctype|html|head|body|center|h1|\?xml)\b/i.test(body);
}

function withoutMarkup(body: string): string {
  return body.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

/** `language`, or the first of gpt-transcribe's `languages`, which is empty where it could not tell. */
function parseLanguage(answer: Readonly<Record<string, unknown>>): string | undefined {
  const name = asString(answer['language']) ?? asString(asArray(answer['languages'])[0]);
  return name === undefined || name.trim() === '' ? undefined : languageCode(name);
}

function meanLogProbability(tokens: readonly unknown[]): number | undefined {
  const values = tokens.flatMap((token) => asNumber(asRecord(token)?.['logprob']) ?? []);
  // Divided one by one: the sum of figures may be none.
  return values.length === 0 ? undefined : values.reduce((mean, value) => mean + value / values.length, 0);
}

function parseSegments(values: readonly unknown[]): Segment[] {
  const segments: Segment[] = [];
  for (const value of values) segments.push(...parseSegment(value, segments.at(-1)?.endS ?? 0));
  return segments;
}

/** @param afterS where the segment before it ended: its start if it tells none, for a rough time is better than words lost */
function parseSegment(value: unknown, afterS: number): Segment[] {
  const wire = asRecord(value);
  const text = asString(wire?.['text'])?.trim();
  if (!wire || text === undefined || text === '') return [];
  return [
    {
      ...timeRange(wire, afterS),
      text,
      ...defined('averageLogProbability', asNumber(wire['avg_logprob'])),
      ...defined('compressionRatio', asNumber(wire['compression_ratio'])),
      ...defined('noSpeechProbability', asNumber(wire['no_speech_prob'])),
    },
  ];
}

function parseWord(value: unknown): Word[] {
  const wire = asRecord(value);
  const text = (asString(wire?.['word']) ?? asString(wire?.['text']))?.trim();
  const startS = asNumber(wire?.['start']);
  // A word is there for its time; the text has it anyway.
  if (!wire || text === undefined || text === '' || startS === undefined) return [];
  return [{ ...timeRange(wire, startS), text, ...defined('probability', asNumber(wire['probability'])) }];
}

/** The embedded engine's own field. A stretch without both its times, or without length, says nothing. */
function parseUnheard(value: unknown): UnheardStretch[] {
  const wire = asRecord(value);
  const startS = asNumber(wire?.['start']);
  const endS = asNumber(wire?.['end']);
  return startS === undefined || endS === undefined || startS < 0 || endS <= startS ? [] : [{ startS, endS }];
}

function timeRange(wire: Readonly<Record<string, unknown>>, afterS: number): { startS: number; endS: number } {
  const startS = Math.max(0, asNumber(wire['start']) ?? afterS);
  return { startS, endS: Math.max(startS, asNumber(wire['end']) ?? startS) };
}

/** An error says what it has to say within this; a proxy's page may go on for megabytes. */
const ERROR_CHARACTERS = 20_000;
/** Longest piece of a server's own words that is shown. */
const EXCERPT_CHARACTERS = 200;

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS - 1)}…` : line;
}

/** A property that is there only where it has a value. */
function defined<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Readonly<Partial<Record<Name, Value>>> {
  return value === undefined ? ({} as Partial<Record<Name, Value>>) : ({ [name]: value } as Record<Name, Value>);
}

function nonNegative(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number; some servers send their figures as strings. */
function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
