/** The ending of the logs that lie beside notes. */
export const LOG_ENDING = '.minutes.jsonl';

/** The file name of the log that belongs to a note: `talk.minutes.jsonl` for `talk.md`. */
export function logNameOf(note: string): string {
  return note.replace(/\.md$/i, '') + LOG_ENDING;
}
