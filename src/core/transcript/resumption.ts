import { samplesToSeconds } from '../audio/pcm';
import { WINDOW_CLOSED, type Happening, type LostEntry } from './logEntries';

/** A microphone is opened by itself only this long after it was closed. */
export const GOES_ON_WITHIN_MS = 5 * 60_000;

/** What a start does with a meeting that an earlier window left. */
export type Resumption =
  /** It was recorded until a moment ago: recording goes on by itself. The hole is to be logged; absent where the log has it. */
  | { readonly kind: 'goesOn'; readonly hole?: LostEntry }
  /** It was paused a moment ago: the user may go on. */
  | { readonly kind: 'mayGoOn' }
  /** It was stopped, or all this is too long ago: it can only become text. */
  | { readonly kind: 'isOver' };

/** A recording on disk as an earlier window left it. */
export interface LeftRecording {
  readonly sampleCount: number;
  /** When it was cut off, milliseconds since 1970; absent where it was stopped. */
  readonly cutOffMs?: number;
}

/**
 * Decides what becomes of a meeting that an earlier window left.
 *
 * @param happenings as its log has them
 * @param nowMs milliseconds since 1970
 */
export function resumptionOf(
  { sampleCount, cutOffMs }: LeftRecording,
  happenings: readonly Happening[],
  nowMs: number,
): Resumption {
  if (cutOffMs === undefined || !isRecent(cutOffMs, nowMs)) return { kind: 'isOver' };
  const last = happenings.findLast((happening) => 'track' in happening && happening.track === 0 && isTurn(happening));
  if (last?.kind === 'paused') return { kind: 'mayGoOn' };
  // The microphone was away already, and was tried again.
  if (last?.kind === 'lost') return { kind: 'goesOn' };
  const endedMs = last?.kind === 'captured' ? endOf(last, sampleCount) : cutOffMs;
  // A file's time may have been changed by others; what the log says must agree.
  if (!isRecent(endedMs, nowMs)) return { kind: 'isOver' };
  const hole = { kind: 'lost', track: 0, fromSample: sampleCount, wallTimeMs: endedMs, reason: WINDOW_CLOSED } as const;
  return { kind: 'goesOn', hole };
}

/** Whether sound begins or ends with it. */
function isTurn({ kind }: Happening): boolean {
  return kind === 'captured' || kind === 'paused' || kind === 'lost';
}

/** When the last sample was captured. After a power cut the file may be shorter than the log knows. */
function endOf(last: Extract<Happening, { readonly kind: 'captured' }>, sampleCount: number): number {
  return last.wallTimeMs + Math.max(0, samplesToSeconds(sampleCount - last.fromSample) * 1000);
}

/** A moment in the future is not recent either: the clock was set. */
function isRecent(atMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) <= GOES_ON_WITHIN_MS;
}
