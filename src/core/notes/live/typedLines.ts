import type { MarkedEntry } from '../../transcript/logEntries';
import type { Place } from '../planNoteUpdate';
import { moveRange, type TextChange } from '../trackRanges';
import { movePlaces } from './trackedPlaces';

/** A line that the user typed while a meeting was recorded. */
export interface TypedLine {
  readonly id: string;
  /** When its first letter was typed, seconds from the recording's start. */
  readonly atS: number;
  /** Without the blanks around it. */
  readonly text: string;
}

/** Where a typed line ends in a document, as an offset in UTF-16 units. */
export interface TypedPlace {
  readonly endOffset: number;
  readonly atS: number;
}

/** A line that stands in the document. */
interface StandingLine extends TypedLine {
  readonly place: Place;
}

/** A line of the document that a change touched. */
interface Touched {
  readonly line: Place;
  readonly text: string;
  /** What of the line the change brought. */
  readonly fresh: string;
  /** The change is one letter, as a user types them. */
  readonly isTyping: boolean;
}

/** So many lines that are gone may come back with their times. */
const MOST_GONE = 500;

/**
 * The lines that the user types beside a meeting, each with the time of its first letter. Our own blocks are no such lines, nor are lines
 * without a word. A line keeps its time while it is edited; its second half has it too where it is split. A line that goes and comes back
 * word by word, because it was moved, cut and pasted or undone, has its time again.
 */
export class TypedLines {
  private lines: StandingLine[] = [];
  private gone: TypedLine[] = [];
  /** What the log knows of each line; an empty text where it is gone. */
  private readonly told = new Map<string, string>();
  private count: number;

  /**
   * @param documentText as it is now
   * @param marks the marks of an earlier run, from its log; their lines are looked for in the text
   * @param blocks where our blocks stand
   */
  constructor(documentText = '', marks: readonly MarkedEntry[] = [], blocks: Iterable<Place> = []) {
    // A line that was deleted must not give its id to another.
    this.count = marks.reduce((next, { line }) => Math.max(next, numberOf(line) + 1), 0);
    const known = typedLines(marks);
    this.lines = standing(documentText, known, blocks);
    const found = new Set(this.lines.map(({ id }) => id));
    const written = typedLines(marks.filter(({ text }) => text !== ''));
    this.gone = written.filter(({ id }) => !found.has(id)).slice(-MOST_GONE);
    for (const { id, text } of this.lines) this.told.set(id, text);
  }

  /** Where the lines stand, with their times. */
  get places(): readonly TypedPlace[] {
    return this.lines.map(({ place, atS }) => ({ endOffset: place.end, atS }));
  }

  /** We changed the document: never inside of a line, though perhaps right behind one. */
  move(changes: readonly TextChange[]): void {
    this.lines = this.lines.map((line) => ({ ...line, place: moveRange(line.place, changes) }));
  }

  /**
   * The user changed the document, or took a step of theirs back.
   *
   * @param documentText after the change
   * @param blocks where our blocks stand after the change
   * @param atS now, in seconds from the recording's start; undefined where new lines have no time
   */
  userChanged(
    documentText: string,
    changes: readonly TextChange[],
    blocks: Iterable<Place>,
    atS: number | undefined,
  ): void {
    const moved = movePlaces(new Map(this.lines.map(({ id, place }) => [id, place])), changes);
    this.lines = this.lines.map((line) => ({ ...line, place: moved.get(line.id) ?? line.place }));
    const touched = touchedLines(documentText, changes, blocks);
    // Whose text went as a whole has a place of no length.
    const replaced = this.lines.filter(({ place }) => place.end === place.start);
    const before = this.lines.filter(({ place }) => place.end > place.start);
    const spans = before.map(({ atS: typedAtS, place }) => ({ atS: typedAtS, place }));
    this.drop(replaced);
    this.lines = this.follow(documentText, before, blocks);
    const owned = new Set(this.lines.map(({ place }) => place.start));
    const open = touched.filter(({ line }) => !owned.has(line.start));
    const left = open.filter((one) => one.isTyping || !this.revive(one));
    const still = replaced.filter(({ id }) => this.gone.some((one) => one.id === id));
    const written = left.filter(({ fresh }) => hasWord(fresh));
    for (const one of left) {
      // As many lines as before in their place: the user replaced the words of each.
      const old = still.length === written.length ? still[written.indexOf(one)] : undefined;
      const split = spans.find(({ place }) => place.start < one.line.start && one.line.start <= place.end);
      if (old) this.stand(old, one);
      else if (!hasWord(one.fresh) && split) this.stand({ id: this.newId(), atS: split.atS }, one);
      else if (hasWord(one.fresh) && atS !== undefined) this.stand({ id: this.newId(), atS }, one);
    }
  }

  /** The lines as they read now, which were not told yet or read otherwise. */
  news(): MarkedEntry[] {
    const entries: MarkedEntry[] = [];
    const tell = ({ id, atS }: TypedLine, text: string): void => {
      if (text === (this.told.get(id) ?? '')) return;
      this.told.set(id, text);
      entries.push({ kind: 'marked', atS, text, line: id });
    };
    for (const line of this.gone) tell(line, '');
    for (const line of this.lines) tell(line, line.text);
    return entries;
  }

  /** The lines as they read after a change. Of two that were joined the first one stays. */
  private follow(documentText: string, lines: readonly StandingLine[], blocks: Iterable<Place>): StandingLine[] {
    const ours = lengthy(blocks);
    const followed = new Map<number, StandingLine>();
    const ended: StandingLine[] = [];
    for (const line of lines.toSorted((a, b) => a.place.start - b.place.start)) {
      const [place = line.place] = linesIn(documentText, line.place.start, line.place.start);
      const text = documentText.slice(place.start, place.end).trim();
      if (followed.has(place.start) || !hasWord(text) || overlaps(place, ours)) ended.push(line);
      else followed.set(place.start, { id: line.id, atS: line.atS, text, place });
    }
    this.drop(ended);
    return [...followed.values()];
  }

  private drop(lines: readonly StandingLine[]): void {
    const dropped = lines.map(({ id, atS, text }) => ({ id, atS, text }));
    this.gone = [...this.gone, ...dropped].slice(-MOST_GONE);
  }

  /** Gives a line the time of the last one that went with the same words. Where such a line stands as well, it is a copy. */
  private revive(touched: Touched): boolean {
    if (this.lines.some(({ text }) => text === touched.text)) return false;
    const line = this.gone.findLast(({ text }) => text === touched.text);
    if (line) this.stand(line, touched);
    return line !== undefined;
  }

  private stand({ id, atS }: Pick<TypedLine, 'id' | 'atS'>, { line: place, text }: Touched): void {
    this.gone = this.gone.filter((one) => one.id !== id);
    this.lines.push({ id, atS, text, place });
  }

  private newId(): string {
    return `line-${this.count++}`;
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

/**
 * Where typed lines stand in a document, by their text. Of lines with the same text each has one of theirs, in order.
 *
 * @param blocks where Minutes' own blocks stand: no typed line is there
 */
export function findTypedLines(
  documentText: string,
  lines: readonly TypedLine[],
  blocks: Iterable<Place>,
): TypedPlace[] {
  return standing(documentText, lines, blocks).map(({ place, atS }) => ({ endOffset: place.end, atS }));
}

function standing(documentText: string, lines: readonly TypedLine[], blocks: Iterable<Place>): StandingLine[] {
  if (lines.length === 0) return [];
  const ours = lengthy(blocks);
  const places = new Map<string, Place[]>();
  for (const place of linesIn(documentText, 0, documentText.length)) {
    const text = documentText.slice(place.start, place.end).trim();
    if (!overlaps(place, ours)) places.set(text, [...(places.get(text) ?? []), place]);
  }
  return lines.flatMap((line) => {
    const place = places.get(line.text)?.shift();
    return place ? [{ ...line, place }] : [];
  });
}

/** The lines with words that changes touched, which are not ours, in the order of the document. */
function touchedLines(documentText: string, changes: readonly TextChange[], blocks: Iterable<Place>): Touched[] {
  const ours = lengthy(blocks);
  const touched = new Map<number, Touched>();
  let shift = 0;
  for (const { offset, lengthBefore, lengthAfter } of changes.toSorted((a, b) => a.offset - b.offset)) {
    const from = offset + shift;
    const to = from + lengthAfter;
    shift += lengthAfter - lengthBefore;
    const isTyping = /^[^\r\n]$/u.test(documentText.slice(from, to));
    for (const line of linesIn(documentText, from, to)) {
      const text = documentText.slice(line.start, line.end).trim();
      if (!hasWord(text) || overlaps(line, ours)) continue;
      const before = touched.get(line.start)?.fresh ?? '';
      const fresh = before + documentText.slice(Math.max(from, line.start), Math.min(to, line.end));
      touched.set(line.start, { line, text, fresh, isTyping });
    }
  }
  return [...touched.values()];
}

const LIST_MARK = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])(?:\s+|$))*(?:\[[ xX]\](?:\s+|$))?/;

/** Whether a line has a letter, a digit or a picture besides the mark of a list. */
function hasWord(line: string): boolean {
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(line.replace(LIST_MARK, ''));
}

function numberOf(line: string | undefined): number {
  return Number(/^line-(\d+)$/.exec(line ?? '')?.[1] ?? -1);
}

function lengthy(blocks: Iterable<Place>): readonly Place[] {
  return [...blocks].filter(({ start, end }) => end > start);
}

function overlaps(line: Place, blocks: readonly Place[]): boolean {
  return blocks.some(({ start, end }) => start < line.end && line.start < end);
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
