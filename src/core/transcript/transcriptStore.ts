import { defined } from '../async/defined';
import { samplesToSeconds } from '../audio/pcm';
import type { Happening, LocatedEntry, OpenedEntry } from './logEntries';
import type { TranscriptLog } from './transcriptLog';

/** What is known of a log without working on it. */
export interface KeptTranscript {
  readonly id: string;
  readonly opened: OpenedEntry;
  /** Absent for a log that came from elsewhere. */
  readonly located?: LocatedEntry;
  /** Every chunk has an answer or is a gap. */
  readonly isSettled: boolean;
  /** How many gaps there are. */
  readonly gapCount: number;
  /** Everything up to here is text or a gap. */
  readonly doneS: number;
  /** When the log began, milliseconds since 1970. */
  readonly begunMs: number;
  /** The recording's length; 0 before it is known. */
  readonly totalS: number;
  /** What happened while the recording was made, in the order of writing. */
  readonly happenings: readonly Happening[];
  /** A living process works on it. */
  readonly isBusy: boolean;
}

/** Keeps logs on this machine's disk, all windows in one place. A log has one writer at a time. */
export interface TranscriptStore {
  /**
   * Makes a log. One with this id is replaced.
   *
   * @param lines what it holds at first, as text of a log
   * @throws MinutesError `transcriptBusy`, `diskFull`
   */
  begin(id: string, lines: string): Promise<TranscriptLog>;
  /**
   * Opens a log to go on with it. Undefined where there is none that can be read.
   *
   * @throws MinutesError `transcriptBusy`
   */
  open(id: string): Promise<TranscriptLog | undefined>;
  /** All logs that can be read. */
  list(): Promise<readonly KeptTranscript[]>;
  /** The log's text for a copy that may leave this machine: without its paths. Empty where there is none. */
  read(id: string): Promise<string>;
  /** Deletes a log. Call it when its text is safe elsewhere, or the user gave it up. */
  remove(id: string): Promise<void>;
}

/** What a log says about itself. */
export function keptTranscript(id: string, log: TranscriptLog): Omit<KeptTranscript, 'isBusy'> {
  const { opened, located, isSettled, folded, prepared, happenings } = log;
  const ends = [...folded.answers, ...folded.gaps.map(({ chunk }) => chunk)].map(({ endSample }) => endSample);
  // With several requests at once, a later chunk may be done before an earlier one.
  const doneSample = Math.min(Math.max(0, ...ends), folded.pending[0]?.startSample ?? Infinity);
  return defined({
    id,
    opened,
    located,
    isSettled,
    gapCount: folded.gaps.length,
    begunMs: log.begunMs,
    doneS: samplesToSeconds(doneSample),
    totalS: samplesToSeconds(prepared?.sampleCount ?? 0),
    happenings,
  });
}
