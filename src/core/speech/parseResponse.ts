import { MinutesError } from '../errors';
import type { ParsedResponse, Segment, Word } from '../model';

/**
 * The border: what an endpoint answered, as `json`, `verbose_json` or anything near it. The only place that knows wire names.
 * Read tolerantly: servers leave out words, give `null` for figures, put words inside segments or name a word's text `text`.
 *
 * @throws MinutesError `responseUnreadable` where there is no text to be found
 */
export function parseResponse(body: string, host: string): ParsedResponse {
  const answer = asRecord(parseJson(body, host));
  const segments = parseSegments(asArray(answer?.['segments']));
  const written = asString(answer?.['text']);
  if (!answer || (written === undefined && segments.length === 0)) {
    throw new MinutesError({ code: 'responseUnreadable', host, reason: excerpt(body) });
  }
  const wireWords = Array.isArray(answer['words'])
    ? asArray(answer['words'])
    : asArray(answer['segments']).flatMap((segment) => asArray(asRecord(segment)?.['words']));
  const language = languageCode(asString(answer['language']));
  return {
    text: (written ?? segments.map(({ text }) => text).join(' ')).trim(),
    ...(language === undefined ? {} : { language }),
    segments,
    words: wireWords.flatMap(parseWord),
  };
}

/** What a failed request's body says; shortened, and without the markup that a proxy sends. */
export function parseErrorBody(whole: string): { readonly message: string; readonly code?: string } {
  const body = whole.slice(0, ERROR_CHARACTERS);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { message: excerpt(body.replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ')) };
  }
  const outer = asRecord(parsed);
  const error = asRecord(outer?.['error']);
  const message =
    asString(error?.['message']) ??
    asString(outer?.['error']) ??
    asString(outer?.['message']) ??
    asString(outer?.['detail']) ??
    body;
  const code = asString(error?.['code']);
  return code === undefined ? { message: excerpt(message) } : { message: excerpt(message), code };
}

function parseJson(body: string, host: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MinutesError({ code: 'responseUnreadable', host, reason: excerpt(body) }, { cause });
  }
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
  const averageLogProbability = asNumber(wire['avg_logprob']);
  const compressionRatio = asNumber(wire['compression_ratio']);
  const noSpeechProbability = asNumber(wire['no_speech_prob']);
  return [
    {
      ...timeRange(wire, afterS),
      text,
      ...(averageLogProbability === undefined ? {} : { averageLogProbability }),
      ...(compressionRatio === undefined ? {} : { compressionRatio }),
      ...(noSpeechProbability === undefined ? {} : { noSpeechProbability }),
    },
  ];
}

function parseWord(value: unknown): Word[] {
  const wire = asRecord(value);
  const text = (asString(wire?.['word']) ?? asString(wire?.['text']))?.trim();
  const startS = asNumber(wire?.['start']);
  // A word is there for its time; the text has it anyway.
  if (!wire || text === undefined || text === '' || startS === undefined) return [];
  return [{ ...timeRange(wire, startS), text }];
}

function timeRange(wire: Readonly<Record<string, unknown>>, afterS: number): { startS: number; endS: number } {
  const startS = Math.max(0, asNumber(wire['start']) ?? afterS);
  return { startS, endS: Math.max(startS, asNumber(wire['end']) ?? startS) };
}

function languageCode(name: string | undefined): string | undefined {
  const lower = name?.trim().toLowerCase();
  if (lower === undefined || lower === '') return undefined;
  return (Object.hasOwn(LANGUAGE_NAMES, lower) ? LANGUAGE_NAMES[lower] : undefined) ?? lower;
}

/** Whisper's own names of the languages it is asked for most; endpoints answer with a name where the request takes a code. */
const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  arabic: 'ar',
  chinese: 'zh',
  czech: 'cs',
  danish: 'da',
  dutch: 'nl',
  english: 'en',
  finnish: 'fi',
  french: 'fr',
  german: 'de',
  greek: 'el',
  hebrew: 'he',
  hindi: 'hi',
  hungarian: 'hu',
  indonesian: 'id',
  italian: 'it',
  japanese: 'ja',
  korean: 'ko',
  norwegian: 'no',
  polish: 'pl',
  portuguese: 'pt',
  romanian: 'ro',
  russian: 'ru',
  spanish: 'es',
  swedish: 'sv',
  thai: 'th',
  turkish: 'tr',
  ukrainian: 'uk',
  vietnamese: 'vi',
};

/** An error says what it has to say within this; a proxy's page may go on for megabytes. */
const ERROR_CHARACTERS = 20_000;
/** Longest piece of a server's own words that is shown. */
const EXCERPT_CHARACTERS = 200;

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT_CHARACTERS ? `${line.slice(0, EXCERPT_CHARACTERS - 1)}…` : line;
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
