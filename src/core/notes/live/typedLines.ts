import type { MarkedEntry } from '../../transcript/logEntries';
import type { Place } from '../planNoteUpdate';
import type { TextChange } from '../trackRanges';
import { movePlaces, type Places } from './trackedPlaces';

/** A line that the user typed while a meeting was recorded. */
export interface TypedLine {
  readonly id: string;
  /** When its first letter was typed, seconds from the recording's start. */
  readonly atS: number;
  readonly text: string;
}

/** The lines that the user types beside a meeting, each with the time of its first letter. Our own blocks are no such lines. */
export class TypedLines {
  private places: Places = new Map<string, Place>();
  private readonly times = new Map<string, number>();
  private readonly told = new Map<string, string>();
  private count: number;

  /** @param known the lines of an earlier run, from its log */
  constructor(known: readonly TypedLine[] = []) {
    this.count = known.length;
  }

  /** We changed the document. */
  move(changes: readonly TextChange[]): void {
    this.places = movePlaces(this.places, changes);
  }

  /**
   * The user changed the document.
   *
   * @param documentText after the change
   * @param blocks where our blocks stand after the change
   * @param atS now, in seconds from the recording's start
   */
  userChanged(documentText: string, changes: readonly TextChange[], blocks: Iterable<Place>, atS: number): void {
    this.move(changes);
    const ours = [...blocks].filter(({ start, end }) => end > start);
    let shift = 0;
    for (const { offset, lengthBefore, lengthAfter } of changes.toSorted((a, b) => a.offset - b.offset)) {
      const from = offset + shift;
      shift += lengthAfter - lengthBefore;
      for (const line of linesIn(documentText, from, from + lengthAfter)) {
        if (line.end === line.start || ours.some(({ start, end }) => start < line.end && line.start < end)) continue;
        this.touch(line, atS);
      }
    }
  }

  /** The lines as they read now, which were not told yet or read otherwise. */
  news(documentText: string): MarkedEntry[] {
    const entries: MarkedEntry[] = [];
    for (const [id, place] of this.places) {
      const [line] = linesIn(documentText, place.start, place.start);
      const text = place.end > place.start && line ? documentText.slice(line.start, line.end).trim() : '';
      if (text === (this.told.get(id) ?? '')) continue;
      this.told.set(id, text);
      entries.push({ kind: 'marked', atS: this.times.get(id) ?? 0, text, line: id });
    }
    return entries;
  }

  private touch(line: Place, atS: number): void {
    for (const [id, place] of this.places) {
      if (place.start < line.start || place.start > line.end) continue;
      this.places = new Map([...this.places, [id, line]]);
      return;
    }
    const id = `line-${this.count++}`;
    this.times.set(id, atS);
    this.places = new Map([...this.places, [id, line]]);
  }
}

/** The typed lines that a log knows, as they read last. A line that was deleted is not among them. */
export function typedLines(marks: readonly MarkedEntry[]): TypedLine[] {
  const lines = new Map<string, TypedLine>();
  for (const { line, atS, text } of marks) {
    if (line === undefined) continue;
    if (text === '') lines.delete(line);
    else lines.set(line, { id: line, atS, text });
  }
  return [...lines.values()];
}

/** The lines of a document that a range touches, without their line ends. */
function linesIn(text: string, start: number, end: number): Place[] {
  const lines: Place[] = [];
  let from = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  for (;;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    lines.push({ start: from, end: text[to - 1] === '\r' && to > from ? to - 1 : to });
    if (newline < 0 || newline >= end) return lines;
    from = newline + 1;
  }
}
