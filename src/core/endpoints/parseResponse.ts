import { defined } from '../async/defined';
import { MinutesError } from '../errors';
import type { ParsedResponse, Segment, UnheardStretch, Word, Host } from '../model';
import { joinTexts } from '../text/blanks';
import { cutAtSentences } from '../text/sentences';
import { completeSegments } from './completeSegments';
import type { AnswerFormat } from './dialects';
import { inSeconds } from './inSeconds';
import { beginsInWord, joinTokens } from './joinTokens';
import { isNoLanguage, languageCode } from './languages';
import { cleanText, isMarker, taggedLanguage } from './markers';
import { excerpt, isMarkup, withoutMarkup } from './parseErrorBody';
import { asArray, asNumber, asRecord, asString, readJson, readJsonLines, type JsonRecord } from './readJson';

/** What is known of an answer besides its body. */
export interface AnswerFacts {
  /** The answer's own `content-type`. */
  readonly contentType?: string;
  /** The length of the audio that was sent. */
  readonly lengthS?: number;
}

/**
 * Parses an endpoint's answer: `json`, `verbose_json`, plain text where that was asked for, or something close to these. No other file
 * knows the names of an answer on the wire. The parser is tolerant: servers leave out words, give `null` for figures, put words inside segments,
 * name a word's text `text`, send a duration as a string, wrap the answer, or answer with the events of a stream that nobody asked for.
 * An answer that says nothing, such as `{}` or no byte at all, is one of audio in which nothing was said.
 *
 * @throws MinutesError `responseUnreadable` where there is no text to be found, `proxyAnswered` for a page in HTML
 */
export function parseResponse(
  body: string,
  host: Host,
  format: AnswerFormat = 'words',
  { contentType, lengthS }: AnswerFacts = {},
): ParsedResponse {
  const answer = isMarkup(body) ? undefined : answerIn(body, format, contentType);
  const wireSegments = answer ? segmentsIn(answer) : [];
  const heard = inSeconds(parseSegments(wireSegments), lengthS);
  const wireText = asString(answer?.['text']);
  const isSilent = heard.length === 0 && (wireText ?? '').trim() === '';
  if (!answer || (isSilent && !saysNothing(answer))) throw unreadable(body, host);

  const isSpeech = (segment: Segment): boolean => !isMarker(segment.text);
  const text =
    wireText === undefined ? joinTexts(heard.filter(isSpeech).map((segment) => segment.text)) : cleanText(wireText);
  const durationS = parseDuration(answer, lengthS);
  const endS = durationS ?? lengthS ?? heard.at(-1)?.endS ?? 0;
  const told = Array.isArray(answer['words']) ? parseWords(answer['words']) : wireSegments.flatMap(wordsInSegment);
  const words = inSeconds(told.flatMap(cleanWord), lengthS);
  const unheard = asArray(answer['unheard']).flatMap(parseUnheard);
  return defined({
    text: isMarker(text) ? '' : text,
    language: parseLanguage(answer) ?? taggedLanguage(wireText ?? textOf(wireSegments[0]) ?? ''),
    durationS,
    averageLogProbability: meanLogProbability(asArray(answer['logprobs'])),
    // Marks go last: they are in the text as well. Where speakers are told, their names may be (OpenAI's `diarized_json`).
    segments: cutAtSentences(
      wireSegments.some(tellsSpeaker) ? heard : completeSegments(text, heard, endS),
      words,
    ).filter(isSpeech),
    words,
    unheard: unheard.length > 0 ? unheard : undefined,
  });
}

/** What an answer tells of the server that wrote it. */
export interface ServerSigns {
  /** The language that it found out beside the one that it writes in: only whisper.cpp's server does that. */
  readonly found?: string;
  /** The language that it writes in. */
  readonly written?: string;
  /** Whether a segment begins inside a word, where the server puts a blank before each word. */
  readonly cutsWords: boolean;
}

/** Reads what an answer tells of its server. */
export function parseServerSigns(body: string): ServerSigns {
  const answer = asRecord(readJson(body)) ?? {};
  const code = (name: string): string | undefined => {
    const language = asString(answer[name]) ?? '';
    return isNoLanguage(language) ? undefined : languageCode(language);
  };
  const texts = segmentsIn(answer).map((segment) => textOf(segment) ?? '');
  const cutsWords = texts.some((text, i) => beginsInWord(texts[i - 1] ?? '', text));
  return defined({ found: code('detected_language'), written: code('language'), cutsWords });
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

/** The answer in a body that is no page: an object, or a text in place of one. */
function answerIn(body: string, format: AnswerFormat, contentType = ''): JsonRecord | undefined {
  if (body.trim() === '') return {};
  const whole = readJson(body);
  const json = whole === undefined ? (readJsonLines(body) ?? lastStreamEvent(body)) : whole;
  const answer = unwrapped(json);
  if (answer) return answer;
  // A spoken text may happen to be JSON, such as "42"; it is still a text.
  if (format === 'text') return { text: body };
  if (typeof json === 'string') return { text: json };
  if (json === null) return {};
  const isText = json === undefined && /^text\/plain\b/i.test(contentType) && !BROKEN.test(body);
  return isText ? { text: body } : undefined;
}

/** How JSON and event streams begin. Where such a body cannot be read it broke off: part of a text is none. */
const BROKEN = /^\s*(\{|\[\s*[{["]|(data|event):)/;

/** The answer in a JSON value: the object, the one in its `data` or `result`, or the objects of a list taken together. */
function unwrapped(json: unknown): JsonRecord | undefined {
  const outer = asRecord(json);
  if (!outer) return joined(asArray(json));
  if (hasText(outer) || tellsError(outer)) return outer;
  const inner = [outer['data'], outer['result']].map((value) => joined(Array.isArray(value) ? value : [value]));
  return inner.find((answer) => answer !== undefined) ?? outer;
}

/** Several answers as one. Answers with a time of their own are the segments of one. */
function joined(values: readonly unknown[]): JsonRecord | undefined {
  const parts = values.map(asRecord).filter((part) => part !== undefined);
  if (parts.length < values.length || !parts.some(hasText)) return undefined;
  const spoken = parts.filter((part) => textOf(part) !== undefined);
  const areSegments = spoken.length > 0 && spoken.every(isSegment);
  if (parts.length === 1 && !areSegments) return parts[0];
  // Where one of them is an error, the others are a part of a text, which is none.
  const failed = parts.find(tellsError);
  if (failed) return { error: failed['error'] };
  return {
    text: spoken.length === 0 ? null : joinTexts(spoken.map((part) => textOf(part) ?? '')),
    segments: areSegments ? spoken : parts.flatMap(segmentsIn),
    words: parts.flatMap((part) => asArray(part['words'])),
    language: parts.map((part) => part['language']).find((language) => typeof language === 'string'),
  };
}

function isSegment(part: JsonRecord): boolean {
  return segmentsIn(part).length === 0 && (Object.hasOwn(part, 'start') || Object.hasOwn(part, 'timestamp'));
}

function tellsError({ error }: JsonRecord): boolean {
  return error !== undefined && error !== null && error !== '' && error !== false;
}

function hasText(answer: JsonRecord): boolean {
  return ['text', 'segments', 'chunks'].some((name) => Object.hasOwn(answer, name));
}

/** The segments as a list, whatever holds them. Hugging Face's pipelines call them `chunks`. */
function segmentsIn(answer: JsonRecord): readonly unknown[] {
  const lists = [answer['segments'], answer['chunks']].map((held) =>
    Array.isArray(held) ? asArray(held) : Object.values(asRecord(held) ?? {}),
  );
  return lists.find(({ length }) => length > 0) ?? [];
}

/** Whether an answer without words is one for audio in which nothing was said, and neither an error nor something else. */
function saysNothing(answer: JsonRecord): boolean {
  const { text, segments } = answer;
  if (tellsError(answer)) return false;
  if (typeof text === 'string' || text === null) return true;
  if (segments === undefined) return Object.keys(answer).length === 0;
  return text === undefined && Array.isArray(segments) && segments.every((segment) => textOf(segment)?.trim() === '');
}

function unreadable(body: string, host: Host): MinutesError {
  const reason = excerpt(isMarkup(body) ? withoutMarkup(body) : body);
  return new MinutesError(
    isMarkup(body)
      ? { code: 'proxyAnswered', host, status: 200, reason }
      : { code: 'responseUnreadable', host, reason },
  );
}

/** The last whole event of a `text/event-stream` that has a text: OpenAI's newer models end theirs with `transcript.text.done`. */
function lastStreamEvent(body: string): unknown {
  if (!/^(event|data):/.test(body)) return undefined;
  return body
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [readJson(line.slice('data:'.length))] : []))
    .findLast((event) => asString(asRecord(event)?.['text']) !== undefined);
}

function parseDuration(answer: JsonRecord, lengthS: number | undefined): number | undefined {
  const endS = asNumber(answer['duration']) ?? -1;
  return endS < 0 ? undefined : inSeconds([{ startS: 0, endS }], lengthS)[0]?.endS;
}

/** `language`, or the first of gpt-transcribe's `languages`; that list is empty where the model could not tell. */
function parseLanguage(answer: JsonRecord): string | undefined {
  const name = asString(answer['language']) ?? asString(asArray(answer['languages'])[0]) ?? '';
  return isNoLanguage(name) ? undefined : languageCode(name);
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
  const text = cleanText(textOf(value) ?? '');
  if (!wire || text === '') return [];
  return [
    defined({
      ...timeRange(wire, afterS),
      text,
      averageLogProbability: asNumber(wire['avg_logprob']),
      compressionRatio: asNumber(wire['compression_ratio']),
      noSpeechProbability: asNumber(wire['no_speech_prob']),
    }),
  ];
}

function wordsInSegment(segment: unknown): readonly Word[] {
  return joinTokens(parseWords(asRecord(segment)?.['words']), textOf(segment) ?? '');
}

/** Words as they are told, with the blanks around them. */
function parseWords(values: unknown): Word[] {
  return asArray(values).flatMap((value) => {
    const wire = asRecord(value);
    const text = asString(wire?.['word']) ?? textOf(value) ?? '';
    const startS = asNumber(wire?.['start']);
    // A word without a time is of no use: the text has the word anyway.
    if (!wire || text === '' || startS === undefined) return [];
    return [defined({ ...timeRange(wire, startS), text, probability: asNumber(wire['probability']) })];
  });
}

function cleanWord(word: Word): Word[] {
  const text = cleanText(word.text);
  return text === '' || isMarker(text) ? [] : [{ ...word, text }];
}

/** The embedded engine's own field. A stretch without both its times, or without length, says nothing. */
function parseUnheard(value: unknown): UnheardStretch[] {
  const wire = asRecord(value);
  const startS = asNumber(wire?.['start']);
  const endS = asNumber(wire?.['end']);
  return startS === undefined || endS === undefined || startS < 0 || endS <= startS ? [] : [{ startS, endS }];
}

/** Hugging Face's pipelines tell both times as one pair. */
function timeRange(wire: JsonRecord, afterS: number): { startS: number; endS: number } {
  const [start, end] = asArray(wire['timestamp']);
  const startS = Math.max(0, asNumber(wire['start'] ?? start) ?? afterS);
  return { startS, endS: Math.max(startS, asNumber(wire['end'] ?? end) ?? startS) };
}

function tellsSpeaker(value: unknown): boolean {
  return asString(asRecord(value)?.['speaker']) !== undefined;
}

function textOf(value: unknown): string | undefined {
  return asString(asRecord(value)?.['text']);
}
