/** A change of a document: `lengthBefore` UTF-16 units at `offset` became `lengthAfter` ones. */
export interface TextChange {
  readonly offset: number;
  readonly lengthBefore: number;
  readonly lengthAfter: number;
}

/** A range of a document in UTF-16 units, `[start, end)`. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where an offset is after a change. Text typed before it moves it; text typed behind it does not. Text typed exactly at the offset stays
 * before it, so that a later insertion there comes after that text. An offset inside removed text goes to the end of the replacement.
 * Exported for its property test.
 */
export function moveOffset(offset: number, change: TextChange): number {
  if (offset < change.offset) return offset;
  const removedEnd = change.offset + change.lengthBefore;
  if (offset >= removedEnd) return offset + change.lengthAfter - change.lengthBefore;
  return change.offset + change.lengthAfter;
}

/**
 * The range after one event's changes, whose offsets all count in the document before the event. A caret moves as in {@link moveOffset}.
 * Text typed at either edge of a selection, or over it, lies outside of it afterwards, so that replacing the selection keeps that text.
 */
export function moveRange(range: OffsetRange, changes: readonly TextChange[]): OffsetRange {
  // Changes are applied from the end backwards: none moves the offsets of the next. An insertion lies before a replacement at the same offset.
  const backwards = changes.toSorted((a, b) => b.offset - a.offset || b.lengthBefore - a.lengthBefore);
  const start = backwards.reduce(moveOffset, range.start);
  if (range.start === range.end) return { start, end: start };
  // A selection whose text is gone becomes a caret.
  return { start, end: Math.max(start, backwards.reduce(moveEnd, range.end)) };
}

/** Where a selection's end is after a change. Text typed exactly at the end stays behind it. */
function moveEnd(end: number, change: TextChange): number {
  if (change.offset >= end) return end;
  return change.offset + change.lengthBefore > end ? change.offset : moveOffset(end, change);
}
