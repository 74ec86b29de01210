import type { NoteEdit } from '../../model';

/** The smallest single change that makes one text of another; undefined where both are the same. */
export function changeBetween(before: string, after: string): NoteEdit | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { offset: start, removedLength: before.length - start - end, text: after.slice(start, after.length - end) };
}
