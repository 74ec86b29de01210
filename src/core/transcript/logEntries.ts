import type { Answer, AudioRemark, ChineseScriptChoice, Chunk, SpeechTask } from '../model';

/**
 * The entries of a transcript's log: one JSON object a line, only ever appended. The first entry is `opened`; it names the schema and its
 * version. A reader leaves out kinds that it does not know, so that a newer Minutes may add some.
 */

/** The name of the schema, as it stands in the first line. */
export const LOG_SCHEMA = 'minutes.transcript';

/** The version of the schema that this code writes. Logs of a higher version are not read. */
export const LOG_VERSION = 1;

/** A source of audio: 0 for a file or a single microphone; each further source has the next number. */
export type Track = number;

/** A track as entries name it. */
export function trackName(track: Track): string {
  return `track ${track}`;
}

/** The track of such a name; undefined for other names. */
export function trackNamed(who: string): Track | undefined {
  const digits = /^track (\d{1,2})$/.exec(who)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The recording that a log belongs to. Its folder is not told: a log may move with its note. */
export interface LoggedRecording {
  /** The file's name with its ending. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Last change, or the start where Minutes recorded it itself; milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** The first line: what the log is about. */
export interface OpenedEntry {
  readonly kind: 'opened';
  readonly schema: typeof LOG_SCHEMA;
  readonly version: number;
  readonly recording: LoggedRecording;
  readonly task: SpeechTask;
  /** As the user set it; absent: found out by the endpoint. */
  readonly language?: string;
  /** Absent: `auto`. */
  readonly chineseScript?: ChineseScriptChoice;
}

/** Where recording and note lie, as URIs. It is for this machine alone: the copy beside the note does not have it. */
export interface LocatedEntry {
  readonly kind: 'located';
  /** What the recording is: a file of the user's, one that Minutes recorded, or one that it downloaded. */
  readonly origin: 'file' | 'meeting' | 'dictation' | 'download';
  readonly recording: string;
  readonly note?: string;
}

/** The first sample of a stretch of captured audio, and when it was captured. */
export interface CapturedEntry {
  readonly kind: 'captured';
  readonly track: Track;
  readonly fromSample: number;
  /** Milliseconds since 1970. */
  readonly wallTimeMs: number;
}

/** The user paused: no audio exists between this sample and the next `captured`. */
export interface PausedEntry {
  readonly kind: 'paused';
  readonly track: Track;
  readonly fromSample: number;
  readonly wallTimeMs: number;
}

/** The user muted one source: its audio is silence in this range. */
export interface MutedEntry {
  readonly kind: 'muted';
  readonly track: Track;
  readonly startSample: number;
  readonly endSample: number;
}

/** The reason of {@link LostEntry} where the window was closed or reloaded, or its process died. */
export const WINDOW_CLOSED = 'windowClosed';

/** The microphone was lost: no audio exists between this sample and the next `captured`. */
export interface LostEntry {
  readonly kind: 'lost';
  readonly track: Track;
  readonly fromSample: number;
  readonly wallTimeMs: number;
  /** A problem's code, `sleep`, or {@link WINDOW_CLOSED}. */
  readonly reason: string;
}

/** The audio is decoded: its length, what is odd about it, and when it was recorded as the file itself tells (milliseconds since 1970). */
export interface PreparedEntry {
  readonly kind: 'prepared';
  readonly sampleCount: number;
  readonly remarks: readonly AudioRemark[];
  readonly recordedMs?: number;
}

/** A chunk is about to be sent. What was cut once is never cut anew. */
export interface PlannedEntry extends Chunk {
  readonly kind: 'planned';
  readonly track: Track;
}

/** The answer for a chunk. Its times count from the chunk's start. */
export interface AnsweredEntry extends Chunk, Answer {
  readonly kind: 'answered';
  readonly track: Track;
  /** Who answered; absent: the embedded engine. */
  readonly host?: string;
}

/** A chunk for which no answer could be had. It is a gap until an answer follows. */
export interface FailedEntry extends Chunk {
  readonly kind: 'failed';
  readonly track: Track;
  /** The problem's code. */
  readonly code: string;
}

/** The language spoken, where a translation's answers did not tell it. */
export interface SpokenEntry {
  readonly kind: 'spoken';
  readonly language: string;
}

/** A segment's text as somebody corrected it. The last correction counts. */
export interface CorrectedEntry {
  readonly kind: 'corrected';
  readonly segment: string;
  readonly text: string;
}

/** A second opinion about a range: the answer of another model, or of the same with other settings. */
export interface ReheardEntry extends Chunk {
  readonly kind: 'reheard';
  readonly track: Track;
  readonly model: string;
  readonly text: string;
}

/** What a reader decided about a doubtful segment. The last decision counts. */
export interface JudgedEntry {
  readonly kind: 'judged';
  readonly segment: string;
  readonly as: 'accepted' | 'inaudible';
}

/** Who speaks in some segments. */
export interface SpeakerEntry {
  readonly kind: 'speaker';
  readonly segments: readonly string[];
  readonly speaker: string;
}

/** The name of a speaker or a track. The last name counts. */
export interface NamedEntry {
  readonly kind: 'named';
  /** A speaker's id, or that of {@link trackName}. */
  readonly who: string;
  readonly name: string;
}

/** A moment that the user marked, or a line that they typed at that time. */
export interface MarkedEntry {
  readonly kind: 'marked';
  readonly atS: number;
  readonly text: string;
  /** The id of a line that the user typed into the note; absent: they marked the moment. The last entry of a line counts. */
  readonly line?: string;
}

/** A block of the note as Minutes wrote it. */
export interface PlacedBlock {
  /** The id of what it shows: a segment, a gap, or a part of the note's head. */
  readonly id: string;
  /** Its place among the blocks: seconds from the recording's start; negative where it has no time and comes before, -1 and less for the note's head. */
  readonly order: number;
  readonly text: string;
  /** The ids of the segments that a meeting's paragraph holds, in order. Absent for all other blocks. */
  readonly segments?: readonly string[];
}

/** Blocks that were written into the note, or taken out of it. */
export interface PlacedEntry {
  readonly kind: 'placed';
  /** The note's file name. */
  readonly note: string;
  readonly blocks: readonly PlacedBlock[];
  readonly removed: readonly string[];
}

/** The run is over: every chunk has an answer or is a gap. */
export interface SettledEntry {
  readonly kind: 'settled';
}

/** What stands in a line besides the time of writing. */
export type TranscriptEntry =
  | OpenedEntry
  | LocatedEntry
  | CapturedEntry
  | PausedEntry
  | MutedEntry
  | LostEntry
  | PreparedEntry
  | PlannedEntry
  | AnsweredEntry
  | FailedEntry
  | SpokenEntry
  | CorrectedEntry
  | ReheardEntry
  | JudgedEntry
  | SpeakerEntry
  | NamedEntry
  | MarkedEntry
  | PlacedEntry
  | SettledEntry;

/** What happened while a meeting was recorded, besides what was said. */
export type Happening = CapturedEntry | PausedEntry | MutedEntry | LostEntry | MarkedEntry;

/** An entry with the time at which it was written, milliseconds since 1970. */
export type WrittenEntry = TranscriptEntry & { readonly writtenMs: number };
