import { MinutesError } from '../errors';
import type { ParsedResponse, Segment, UnheardStretch, Word, Host } from '../model';
import type { AnswerFormat } from './dialects';
import { languageCode } from './languages';
import { asArray, asNumber, asRecord, asString, readJson } from './readJson';

/**
 * Parses an endpoint's answer: `json`, `verbose_json`, plain text where that was asked for, or something close to these. No other file
 * knows the names on the wire. The parser is tolerant: servers leave out words, give `null` for figures, put words inside segments,
 * name a word's text `text`, send a duration as a string, or answer with the events of a stream that nobody asked for.
 *
 * @throws MinutesError `responseUnreadable` where there is no text to be found, `proxyAnswered` for a page in HTML
 */
export function parseResponse(body: string, host: Host, format: AnswerFormat = 'words'): ParsedResponse {
  const json = readJson(body) ?? lastStreamEvent(body);
  // A spoken text may happen to be JSON, such as "42"; it is still a text.
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

/** The names of the models that `GET {base}/models` lists, first those whose names point to speech to text. */
export function parseModels(body: string): string[] {
  const answer = readJson(body);
  const listed = asArray(asRecord(answer)?.['data'] ?? asRecord(answer)?.['models'] ?? answer);
  const names = listed.flatMap((model) => {
    const name = asString(model) ?? asString(asRecord(model)?.['id']) ?? asString(asRecord(model)?.['name']);
    return name === undefined || name.trim() === '' ? [] : [name];
  });
  const isSpeech = (name: string): boolean => /whisper|transcri|voxtral|parakeet|canary|speech|asr|stt/i.test(name);
  return [...names.filter(isSpeech), ...names.filter((name) => !isSpeech(name))];
}

/** The message in a failed request's body, shortened and without a proxy's markup. */
export function parseErrorBody(whole: string): {
  readonly message: string;
  /** Not shortened: the time to wait stands at the end of a long sentence. */
  readonly whole: string;
  readonly code?: string;
  readonly isMarkup: boolean;
} {
  const body = whole.slice(0, ERROR_CHARACTERS);
  const outer = asRecord(readJson(body));
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

/** The last whole event of a `text/event-stream` that has a text: OpenAI's newer models end theirs with `transcript.text.done`. */
function lastStreamEvent(body: string): unknown {
  if (!/^(event|data):/.test(body)) return undefined;
  return body
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [readJson(line.slice('data:'.length))] : []))
    .findLast((event) => asString(asRecord(event)?.['text']) !== undefined);
}

/** Whether the body is HTML, or XML as storage services send it. Then a server between us and the endpoint answered, not the endpoint. */
function isMarkup(body: string): boolean {
  return /^\s*<(!doctype|html|head|body|center|h1|\?xml)\b/i.test(body);
}

function withoutMarkup(body: string): string {
  return body.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}

/** `language`, or the first of gpt-transcribe's `languages`; that list is empty where the model could not tell. */
function parseLanguage(answer: Readonly<Record<string, unknown>>): string | undefined {
  const name = asString(answer['language']) ?? asString(asArray(answer['languages'])[0]);
  return name === undefined || name.trim() === '' ? undefined : languageCode(name);
}

function meanLogProbability(tokens: readonly unknown[]): number | undefined {
  const values = tokens.flatMap((token) => asNumber(asRecord(token)?.['logprob']) ?? []);
  // Each value is divided by itself: the sum of large figures may be infinite.
  return values.length === 0 ? undefined : values.reduce((mean, value) => mean + value / values.length, 0);
}

function parseSegments(values: readonly unknown[]): Segment[] {
  const segments: Segment[] = [];
  for (const value of values) segments.push(...parseSegment(value, segments.at(-1)?.endS ?? 0));
  return segments;
}

/** @param afterS the end of the segment before; it is the start where the segment names none: a rough time is better than lost words */
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
  // A word without a time is of no use: the text has the word anyway.
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

/** An error's message is shorter than this; a proxy's page may have megabytes. */
const ERROR_CHARACTERS = 20_000;
/** How much of a server's own message is shown. */
const EXCERPT_CHARACTERS = 200;

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS - 1)}…` : line;
}

/** An object with this property, or without it where the value is undefined. */
function defined<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Readonly<Partial<Record<Name, Value>>> {
  return value === undefined ? ({} as Partial<Record<Name, Value>>) : ({ [name]: value } as Record<Name, Value>);
}

function nonNegative(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}
