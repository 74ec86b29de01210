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
 * Where a place is after a change: text typed before it moves it, text typed behind it does not, text typed exactly at it stays
 * before it, so that what is inserted there later comes after. A place inside removed text goes to the end of what replaced it. Exported for its property test. */
export function moveOffset(offset: number, change: TextChange): number {
  if (offset < change.offset) return offset;
  const removedEnd = change.offset + change.lengthBefore;
  if (offset >= removedEnd) return offset + change.lengthAfter - change.lengthBefore;
  return change.offset + change.lengthAfter;
}

/**
 * The range after one event's changes, which all count from the document before it. A caret moves like any place. What is typed at
 * either edge of a selection, or over it, is outside of it afterwards, so that replacing the selection does not take it away.
 */
export function moveRange(range: OffsetRange, changes: readonly TextChange[]): OffsetRange {
  // From the end backwards no change moves the offsets of the next. What is inserted where a replacement begins lies before it.
  const backwards = changes.toSorted((a, b) => b.offset - a.offset || b.lengthBefore - a.lengthBefore);
  const start = backwards.reduce(moveOffset, range.start);
  if (range.start === range.end) return { start, end: start };
  // A selection whose text is gone is a caret.
  return { start, end: Math.max(start, backwards.reduce(moveEnd, range.end)) };
}

/** Where a selection's end is after a change: what is typed exactly at it stays behind it. */
function moveEnd(end: number, change: TextChange): number {
  if (change.offset >= end) return end;
  return change.offset + change.lengthBefore > end ? change.offset : moveOffset(end, change);
}
