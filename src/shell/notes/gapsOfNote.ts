import { findBlocks } from '../../core/notes/planNoteUpdate';
import type { Gap } from '../../core/model';
import type { PlacedBlock } from '../../core/transcript/logEntries';

/** A gap, and the line of the document that tells of it, counted from 0. */
export interface GapLine {
  readonly gap: Gap;
  readonly line: number;
}

/** The gaps that still stand in a note, with their lines. One whose line the user changed is not found. */
export function gapLines(documentText: string, placed: readonly PlacedBlock[], gaps: readonly Gap[]): GapLine[] {
  const places = findBlocks(documentText, placed);
  return gaps.flatMap((gap) => {
    const start = places.get(gap.id)?.start;
    return start === undefined ? [] : [{ gap, line: documentText.slice(0, start).split('\n').length - 1 }];
  });
}

/** The gap that the line tells of. */
export function gapAt(
  documentText: string,
  line: number,
  placed: readonly PlacedBlock[],
  gaps: readonly Gap[],
): Gap | undefined {
  return gapLines(documentText, placed, gaps).find((one) => one.line === line)?.gap;
}
