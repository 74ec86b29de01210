import { withPlainLineEnds } from '../editedText';
import type { Place } from '../planNoteUpdate';
import { moveOffset, type TextChange } from '../trackRanges';

/** Where the blocks of a note stand, by their ids, however the user edits around and in them. */
export type Places = ReadonlyMap<string, Place>;

/**
 * The places after the user's changes, whose offsets all count in the document before them. What is typed at a block's end belongs to the
 * block, so that what follows comes behind it; what is typed at its start does not. A block that was deleted keeps a place of no length.
 */
export function movePlaces(places: Places, changes: readonly TextChange[]): Places {
  // Changes are applied from the end backwards: none moves the offsets of the next.
  const backwards = changes.toSorted((a, b) => b.offset - a.offset || b.lengthBefore - a.lengthBefore);
  const moved = new Map<string, Place>();
  for (const [id, place] of places) {
    const start = backwards.reduce(moveOffset, place.start);
    moved.set(id, { start, end: Math.max(start, backwards.reduce(moveOffset, place.end)) });
  }
  return moved;
}

/** Whether a block stands at its place as it was written. Line ends do not count. */
export function isUntouched(documentText: string, place: Place | undefined, written: string): boolean {
  if (!place) return false;
  const { start, end } = place;
  if (start > 0 && documentText[start - 1] !== '\n') return false;
  if (end < documentText.length && documentText[end] !== '\n' && documentText[end] !== '\r') return false;
  return withPlainLineEnds(documentText.slice(start, end)) === written;
}
