import { defined } from '../async/defined';
import type { AudioRemark, Chunk, Segment, UnheardStretch, Word } from '../model';
import {
  LOG_SCHEMA,
  LOG_VERSION,
  type LocatedEntry,
  type LoggedRecording,
  type OpenedEntry,
  type PlacedBlock,
  type TranscriptEntry,
  type WrittenEntry,
} from './logEntries';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a log's text. Left out are lines that are not whole (a crash cut them off), that git wrote (conflict markers), that occurred
 * before (both sides of a merge have them), and entries of kinds that are not known.
 */
export function parseLog(text: string): WrittenEntry[] {
  const seen = new Set<string>();
  const entries: WrittenEntry[] = [];
  for (const line of text.split('\n')) {
    // A merge on Windows may have changed the line ends.
    const trimmed = line.trim();
    if (!trimmed.startsWith('{') || seen.has(trimmed)) continue;
    seen.add(trimmed);
    const entry = parseLine(trimmed);
    if (entry) entries.push(entry);
  }
  return entries;
}

/** An entry as a line, with its line break. */
export function logLine(entry: WrittenEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The first line's entry; undefined where the log was written by a newer Minutes, or is none. */
export function openedOf(entries: readonly WrittenEntry[]): OpenedEntry | undefined {
  for (const entry of entries) if (entry.kind === 'opened') return entry;
  return undefined;
}

function parseLine(line: string): WrittenEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const fields = asFields(value);
  const writtenMs = fields && asNumber(fields['writtenMs']);
  const entry = fields && parseEntry(fields);
  return entry && writtenMs !== undefined ? { ...entry, writtenMs } : undefined;
}

function parseEntry(fields: Fields): TranscriptEntry | undefined {
  const kind = fields['kind'];
  const parse = typeof kind === 'string' && Object.hasOwn(PARSERS, kind) ? PARSERS[kind as Kind] : undefined;
  return parse?.(fields);
}

type Kind = TranscriptEntry['kind'];

/** The parser of each kind. It gives undefined for an entry that lacks something. */
const PARSERS: { readonly [K in Kind]: (fields: Fields) => Extract<TranscriptEntry, { kind: K }> | undefined } = {
  opened: parseOpened,
  located: ({ origin, recording, note }) =>
    isText(recording) && isOrigin(origin)
      ? defined({ kind: 'located', origin, recording, note: asText(note) })
      : undefined,
  captured: ({ track, fromSample, wallTimeMs }) =>
    isCount(track) && isCount(fromSample) && isNumber(wallTimeMs)
      ? { kind: 'captured', track, fromSample, wallTimeMs }
      : undefined,
  paused: ({ track, fromSample, wallTimeMs }) =>
    isCount(track) && isCount(fromSample) && isNumber(wallTimeMs)
      ? { kind: 'paused', track, fromSample, wallTimeMs }
      : undefined,
  muted: (fields) => {
    const { track } = fields;
    const range = parseRange(fields);
    return isCount(track) && range ? { kind: 'muted', track, ...range } : undefined;
  },
  lost: ({ track, fromSample, wallTimeMs, reason }) =>
    isCount(track) && isCount(fromSample) && isNumber(wallTimeMs) && isText(reason)
      ? { kind: 'lost', track, fromSample, wallTimeMs, reason }
      : undefined,
  prepared: ({ sampleCount, remarks, recordedMs }) =>
    isCount(sampleCount)
      ? defined({
          kind: 'prepared',
          sampleCount,
          remarks: asList(remarks).flatMap(parseRemark),
          recordedMs: asNumber(recordedMs),
        })
      : undefined,
  planned: (fields) => {
    const { track } = fields;
    const range = parseRange(fields);
    return isCount(track) && range ? { kind: 'planned', track, ...range } : undefined;
  },
  answered: parseAnswered,
  failed: (fields) => {
    const { track, code } = fields;
    const range = parseRange(fields);
    return isCount(track) && isText(code) && range ? { kind: 'failed', track, ...range, code } : undefined;
  },
  spoken: ({ language }) => (isText(language) ? { kind: 'spoken', language } : undefined),
  corrected: ({ segment, text }) =>
    isText(segment) && isText(text) ? { kind: 'corrected', segment, text } : undefined,
  reheard: (fields) => {
    const { track, model, text } = fields;
    const range = parseRange(fields);
    return isCount(track) && isText(model) && isText(text) && range
      ? { kind: 'reheard', track, ...range, model, text }
      : undefined;
  },
  judged: ({ segment, as }) =>
    isText(segment) && (as === 'accepted' || as === 'inaudible') ? { kind: 'judged', segment, as } : undefined,
  speaker: ({ segments, speaker }) =>
    isText(speaker) ? { kind: 'speaker', segments: asList(segments).filter(isText), speaker } : undefined,
  named: ({ who, name }) => (isText(who) && isText(name) ? { kind: 'named', who, name } : undefined),
  marked: ({ atS, text, line }) =>
    isNumber(atS) && isText(text) ? defined({ kind: 'marked', atS, text, line: asText(line) }) : undefined,
  placed: ({ note, blocks, removed }) =>
    isText(note)
      ? { kind: 'placed', note, blocks: asList(blocks).flatMap(parseBlock), removed: asList(removed).filter(isText) }
      : undefined,
  settled: () => ({ kind: 'settled' }),
};

function parseOpened(fields: Fields): OpenedEntry | undefined {
  const { version, task, language, chineseScript } = fields;
  const recording = parseRecording(asFields(fields['recording']));
  // A higher version may mean anything by its entries.
  const isKnown = fields['schema'] === LOG_SCHEMA && isCount(version) && version >= 1 && version <= LOG_VERSION;
  if (!isKnown || !recording || (task !== 'transcribe' && task !== 'translate')) return undefined;
  return defined({
    kind: 'opened',
    schema: LOG_SCHEMA,
    version,
    recording,
    task,
    language: asText(language),
    chineseScript:
      chineseScript === 'auto' || chineseScript === 'simplified' || chineseScript === 'traditional'
        ? chineseScript
        : undefined,
  });
}

function parseRecording(fields: Fields | undefined): LoggedRecording | undefined {
  if (!fields) return undefined;
  const { name, sizeBytes, modifiedMs } = fields;
  return isText(name) && isNumber(sizeBytes) && isNumber(modifiedMs) ? { name, sizeBytes, modifiedMs } : undefined;
}

function parseAnswered(fields: Fields): Extract<TranscriptEntry, { kind: 'answered' }> | undefined {
  const { track, model, text } = fields;
  const range = parseRange(fields);
  if (!isCount(track) || !isText(model) || !isText(text) || !range) return undefined;
  const unheard = asList(fields['unheard']).flatMap(parseUnheard);
  return defined({
    kind: 'answered',
    track,
    ...range,
    host: asText(fields['host']),
    model,
    text,
    language: asText(fields['language']),
    durationS: asNumber(fields['durationS']),
    averageLogProbability: asNumber(fields['averageLogProbability']),
    segments: asList(fields['segments']).flatMap(parseSegment),
    words: asList(fields['words']).flatMap(parseWord),
    unheard: unheard.length === 0 ? undefined : unheard,
  });
}

function parseSegment(value: unknown): Segment[] {
  const fields = asFields(value);
  if (!fields) return [];
  const { startS, endS, text } = fields;
  if (!isNumber(startS) || !isNumber(endS) || !isText(text)) return [];
  return [
    defined({
      startS,
      endS,
      text,
      averageLogProbability: asNumber(fields['averageLogProbability']),
      compressionRatio: asNumber(fields['compressionRatio']),
      noSpeechProbability: asNumber(fields['noSpeechProbability']),
    }),
  ];
}

function parseWord(value: unknown): Word[] {
  const fields = asFields(value);
  if (!fields) return [];
  const { startS, endS, text, probability } = fields;
  if (!isNumber(startS) || !isNumber(endS) || !isText(text)) return [];
  // Eight hours have 70,000 words: no general helper here.
  return [isNumber(probability) ? { startS, endS, text, probability } : { startS, endS, text }];
}

function parseUnheard(value: unknown): UnheardStretch[] {
  const fields = asFields(value);
  if (!fields) return [];
  const { startS, endS } = fields;
  return isNumber(startS) && isNumber(endS) ? [{ startS, endS }] : [];
}

function parseRemark(value: unknown): AudioRemark[] {
  const { kind, trackCount } = asFields(value) ?? {};
  switch (kind) {
    case 'truncated':
    case 'damaged':
    case 'clockIgnored':
    case 'channelTaken':
      return [{ kind }];
    case 'tracksMixed':
      return isCount(trackCount) ? [{ kind, trackCount }] : [];
    default:
      return [];
  }
}

function parseBlock(value: unknown): PlacedBlock[] {
  const fields = asFields(value);
  if (!fields) return [];
  const { id, order, text } = fields;
  if (!isText(id) || !isNumber(order) || !isText(text)) return [];
  const segments = Array.isArray(fields['segments']) ? fields['segments'].filter(isText) : undefined;
  return [defined({ id, order, text, segments })];
}

function parseRange({ startSample, endSample }: Fields): Chunk | undefined {
  return isCount(startSample) && isCount(endSample) && startSample <= endSample
    ? { startSample, endSample }
    : undefined;
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function asText(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function asNumber(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isOrigin(value: unknown): value is LocatedEntry['origin'] {
  return value === 'file' || value === 'meeting' || value === 'dictation' || value === 'download';
}
