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
 * before it, so that what is inserted there later comes after. A place inside removed text goes to the end of what replaced it.
 */
export function moveOffset(offset: number, change: TextChange): number {
  if (offset < change.offset) return offset;
  const removedEnd = change.offset + change.lengthBefore;
  if (offset >= removedEnd) return offset + change.lengthAfter - change.lengthBefore;
  return change.offset + change.lengthAfter;
}

/** The range after one event's changes, which all count from the document before it. */
export function moveRange(range: OffsetRange, changes: readonly TextChange[]): OffsetRange {
  // From the end backwards no change moves the offsets of the next.
  const backwards = changes.toSorted((a, b) => b.offset - a.offset);
  const move = (offset: number): number => backwards.reduce(moveOffset, offset);
  const [start, end] = [move(range.start), move(range.end)];
  // A selection whose text is gone is a caret.
  return { start, end: Math.max(start, end) };
}
