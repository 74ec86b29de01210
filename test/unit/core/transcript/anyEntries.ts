import fc from 'fast-check';
import { defined } from '../../../../src/core/async/defined';
import type { AudioRemark } from '../../../../src/core/model';
import type { AnsweredEntry, PlacedBlock, TranscriptEntry } from '../../../../src/core/transcript/logEntries';
import { openedEntry } from '../../../../src/core/transcript/transcriptLog';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('\r\n', ' {"kind":"settled"}\n', '\u2028', '"', '\ud800', '__proto__', '<<<<<<< HEAD'),
);
const count = fc.nat(2 ** 40);
/** JSON has no negative zero. */
const figure = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const perhapsText = fc.option(text, { nil: undefined });
const perhapsFigure = fc.option(figure, { nil: undefined });
const range = fc.tuple(count, fc.nat(10 ** 9)).map(([startSample, length]) => ({
  startSample,
  endSample: startSample + length,
}));
const onTrack = fc.tuple(fc.nat(3), range).map(([track, chunk]) => ({ track, ...chunk }));
const moment = fc.record({ track: fc.nat(3), fromSample: count, wallTimeMs: count });
const segment = fc
  .record({
    startS: figure,
    endS: figure,
    text,
    averageLogProbability: perhapsFigure,
    compressionRatio: perhapsFigure,
    noSpeechProbability: perhapsFigure,
  })
  .map((fields) => defined(fields));
const word = fc.record({ startS: figure, endS: figure, text, probability: perhapsFigure }).map((one) => defined(one));
const remark: fc.Arbitrary<AudioRemark> = fc.oneof(
  fc.record({ kind: fc.constantFrom('truncated', 'damaged', 'clockIgnored', 'channelTaken') }),
  fc.record({ kind: fc.constant('tracksMixed'), trackCount: count }),
);
const block: fc.Arbitrary<PlacedBlock> = fc.record({ id: text, order: figure, text });

const answered: fc.Arbitrary<AnsweredEntry> = fc
  .record({
    host: perhapsText,
    model: text,
    text,
    language: perhapsText,
    durationS: perhapsFigure,
    averageLogProbability: perhapsFigure,
    segments: fc.array(segment, { maxLength: 3 }),
    words: fc.array(word, { maxLength: 3 }),
    unheard: fc.option(fc.array(fc.record({ startS: figure, endS: figure }), { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    }),
    place: onTrack,
  })
  .map(({ place, ...fields }) => defined({ kind: 'answered', ...place, ...fields }));

/** The entries of each kind. */
const BY_KIND: { readonly [K in TranscriptEntry['kind']]: fc.Arbitrary<Extract<TranscriptEntry, { kind: K }>> } = {
  opened: fc
    .record({
      recording: fc.record({ name: text, sizeBytes: count, modifiedMs: figure }),
      task: fc.constantFrom('transcribe' as const, 'translate' as const),
      language: perhapsText,
      chineseScript: fc.constantFrom(undefined, 'auto' as const, 'simplified' as const, 'traditional' as const),
    })
    .map((fields) => openedEntry(defined(fields))),
  located: fc
    .record({
      origin: fc.constantFrom('file' as const, 'meeting' as const, 'dictation' as const),
      recording: text,
      note: perhapsText,
    })
    .map((fields) => defined({ kind: 'located', ...fields })),
  captured: moment.map((fields) => ({ kind: 'captured', ...fields })),
  paused: moment.map((fields) => ({ kind: 'paused', ...fields })),
  muted: onTrack.map((fields) => ({ kind: 'muted', ...fields })),
  lost: fc.tuple(moment, text).map(([fields, reason]) => ({ kind: 'lost', ...fields, reason })),
  prepared: fc
    .record({ sampleCount: count, remarks: fc.array(remark, { maxLength: 3 }), recordedMs: perhapsFigure })
    .map((fields) => defined({ kind: 'prepared', ...fields })),
  planned: onTrack.map((fields) => ({ kind: 'planned', ...fields })),
  answered,
  failed: fc.tuple(onTrack, text).map(([fields, code]) => ({ kind: 'failed', ...fields, code })),
  spoken: text.map((language) => ({ kind: 'spoken', language })),
  corrected: fc.record({ kind: fc.constant('corrected' as const), segment: text, text }),
  reheard: fc
    .tuple(onTrack, fc.record({ model: text, text }))
    .map(([place, fields]) => ({ kind: 'reheard', ...place, ...fields })),
  judged: fc.record({
    kind: fc.constant('judged' as const),
    segment: text,
    as: fc.constantFrom('accepted' as const, 'inaudible' as const),
  }),
  speaker: fc.record({
    kind: fc.constant('speaker' as const),
    segments: fc.array(text, { maxLength: 3 }),
    speaker: text,
  }),
  named: fc.record({ kind: fc.constant('named' as const), who: text, name: text }),
  marked: fc.record({ kind: fc.constant('marked' as const), atS: figure, text }),
  placed: fc.record({
    kind: fc.constant('placed' as const),
    note: text,
    blocks: fc.array(block, { maxLength: 3 }),
    removed: fc.array(text, { maxLength: 3 }),
  }),
  settled: fc.constant({ kind: 'settled' }),
};

/** Every kind, with its entries. */
export const ENTRY_KINDS: readonly (readonly [kind: string, entries: fc.Arbitrary<TranscriptEntry>])[] =
  Object.entries(BY_KIND);
