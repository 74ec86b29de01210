import fc from 'fast-check';
import type { Chunk } from '../../../../src/core/model';
import type { AnsweredEntry, TranscriptEntry, WrittenEntry } from '../../../../src/core/transcript/logEntries';
import { openedEntry } from '../../../../src/core/transcript/transcriptLog';

/** Samples in a second. */
export const S = 16_000;
/** The first entry of the tests' logs. */
export const OPENED: WrittenEntry = {
  ...openedEntry({ recording: { name: 'talk.wav', sizeBytes: 1000, modifiedMs: 5 }, task: 'transcribe' }),
  writtenMs: 0,
};

/** A range of whole seconds. */
export function chunkOf(startS: number, endS: number): Chunk {
  return { startSample: startS * S, endSample: endS * S };
}

/** An answer with a segment a second. */
export function answeredEntry(chunk: Chunk, about: Partial<AnsweredEntry> = {}): AnsweredEntry {
  const { startSample, endSample } = chunk;
  const segments = Array.from({ length: (endSample - startSample) / S }, (_, i) => ({
    startS: i,
    endS: i + 1,
    text: `Second ${startSample / S + i}.`,
  }));
  return { kind: 'answered', track: 0, ...chunk, model: 'm', text: 'All.', segments, words: [], ...about };
}

/** What happens to a chunk after it was planned. */
export type Fate =
  'nothing' | 'fails' | 'answered' | 'unheard' | 'refilled' | 'cut' | 'failsThenCut' | 'failsThenAnswered';

/** The entries of a chunk of at least 4 s with this fate, in order. */
export function historyOf({ startSample, endSample }: Chunk, fate: Fate): TranscriptEntry[] {
  const chunk = { startSample, endSample };
  const planned = { kind: 'planned', track: 0, ...chunk } as const;
  const failed = { kind: 'failed', track: 0, ...chunk, code: 'endpointFailed' } as const;
  const halves = [
    { startSample, endSample: startSample + 2 * S },
    { startSample: startSample + 2 * S, endSample },
  ] as const;
  const parts = halves.map((half) => ({ kind: 'planned', track: 0, ...half }) as const);
  const unheard = answeredEntry(chunk, { unheard: [{ startS: 0, endS: 2 }], text: 'Half.' });
  const heard = { ...unheard, segments: unheard.segments.slice(2) };
  switch (fate) {
    case 'nothing':
      return [planned];
    case 'fails':
      return [planned, failed, { ...failed, code: 'endpointTimedOut' }];
    case 'answered':
      return [planned, answeredEntry(chunk)];
    case 'unheard':
      return [planned, heard];
    case 'refilled':
      return [planned, heard, answeredEntry(halves[0], { model: 'other' })];
    case 'cut':
      return [planned, ...parts, ...halves.map((half) => answeredEntry(half))];
    case 'failsThenCut':
      return [planned, failed, ...parts, answeredEntry(halves[0])];
    case 'failsThenAnswered':
      return [planned, failed, answeredEntry(chunk, { model: 'other' })];
  }
}

/** Entries with the times at which they were written. */
export function written(entries: readonly TranscriptEntry[]): WrittenEntry[] {
  return [OPENED, ...entries.map((entry, i) => ({ ...entry, writtenMs: 1000 + i }))];
}

const FATES: readonly Fate[] = [
  'nothing',
  'fails',
  'answered',
  'unheard',
  'refilled',
  'cut',
  'failsThenCut',
  'failsThenAnswered',
];

/** Logs of recordings with up to six chunks of 4 to 9 s, with what happened to each. */
export const anyLog: fc.Arbitrary<WrittenEntry[]> = fc
  .array(fc.tuple(fc.integer({ min: 4, max: 9 }), fc.constantFrom(...FATES)), { maxLength: 6 })
  .map((chunks) => {
    let atS = 0;
    return written(chunks.flatMap(([lengthS, fate]) => historyOf(chunkOf(atS, (atS += lengthS)), fate)));
  });
