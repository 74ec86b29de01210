import type { CapturedEntry, LostEntry, MutedEntry, PausedEntry } from '../transcript/logEntries';

/** What becomes of a recording's audio while it grows, as the log keeps it: where it begins, pauses, is muted, is lost, and when. */
export type CaptureEntry = CapturedEntry | PausedEntry | MutedEntry | LostEntry;
