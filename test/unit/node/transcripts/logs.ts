import type { Chunk } from '../../../../src/core/model';
import type {
  AnsweredEntry,
  OpenedEntry,
  TranscriptEntry,
  WrittenEntry,
} from '../../../../src/core/transcript/logEntries';
import { logLine } from '../../../../src/core/transcript/parseLog';
import { openedEntry, TranscriptLog, type LogSink } from '../../../../src/core/transcript/transcriptLog';

/** What a test may want to be otherwise in a log's first line. */
export type AboutLog = Partial<Omit<OpenedEntry, 'kind' | 'schema' | 'version'>>;

/** When the tests' entries were written. */
export const WRITTEN_MS = 1_795_000_000_000;

/** An entry with its time of writing. */
export function written(entry: TranscriptEntry, writtenMs = WRITTEN_MS): WrittenEntry {
  return { ...entry, writtenMs };
}

/** The first entry of a log. */
export function openedAs(about: AboutLog = {}): WrittenEntry {
  const recording = { name: 'talk.wav', sizeBytes: 32_044, modifiedMs: WRITTEN_MS };
  return written(openedEntry({ recording, task: 'transcribe', ...about }));
}

/** The text of some entries. */
export function linesOf(...entries: readonly WrittenEntry[]): string {
  return entries.map(logLine).join('');
}

/** The log of a run that has asked for nothing yet. It is on no disk where no sink is given. */
export function newLog(about: AboutLog = {}, sink?: LogSink): TranscriptLog {
  return new TranscriptLog([openedAs(about)], sink);
}

/** An answer with a segment and words for a second of audio from this sample on. */
export function answeredAt(startSample: number, text = 'Hello,\n"Zoë" 日本.'): AnsweredEntry {
  const chunk: Chunk = { startSample, endSample: startSample + 16_000 };
  return {
    kind: 'answered',
    track: 0,
    ...chunk,
    host: 'example.org',
    model: 'whisper',
    text,
    language: 'en',
    segments: [{ startS: 0, endS: 1, text, averageLogProbability: -0.25 }],
    words: [{ startS: 0, endS: 0.5, text: 'Hello', probability: 0.5 }],
  };
}
