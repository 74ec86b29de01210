import type { NoteEdit } from '../model';
import type { PlacedBlock } from '../transcript/logEntries';

/** Where a block stands in the document, in UTF-16 units, `[start, end)`. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** The time at a paragraph's start, such as "[00:01:02]", or "[0:38]" in a meeting's note. */
const TIME = /^\[\d+(?::\d\d){1,2}\]/;
/** Blocks of the head have this order at most. Those between it and 0 stand below the head, before all that has a time. */
const LAST_OF_HEAD = -1;

/**
 * The edits that bring a note up to date: from the blocks that Minutes wrote into it to those that it should have. Everything else in the
 * document is the user's and is not touched, and so is every block that the user changed. New text takes the place of the block that it
 * replaces, such as a gap; else it stands behind the block before it, else before the block behind it, else at the document's end. The
 * edits come in order; their offsets count in the text before all edits.
 *
 * @param written in the note's order, as the log knows it
 * @param wanted in the note's order
 */
export function planNoteUpdate(
  documentText: string,
  written: readonly PlacedBlock[],
  wanted: readonly PlacedBlock[],
): NoteEdit[] {
  const lines = new Lines(documentText);
  const places = locate(lines, written);
  const wantedById = new Map(wanted.map((block) => [block.id, block]));
  const gone = written.filter(({ id }) => !wantedById.has(id) && places.has(id));
  const kept = new Map([...places].filter(([id]) => wantedById.has(id)));
  const edits: NoteEdit[] = [];
  for (const block of written) {
    const text = wantedById.get(block.id)?.text ?? block.text;
    const place = kept.get(block.id);
    if (place && text !== block.text) edits.push(replacement(place, text));
  }
  for (const isInHead of [true, false]) {
    const inZone = ({ order }: PlacedBlock): boolean => order <= LAST_OF_HEAD === isInHead;
    const old = written.filter(inZone);
    const goneOrders = gone.filter(inZone).map(({ order }) => order);
    for (const run of newRuns(wanted.filter(inZone), new Set(old.map(({ id }) => id)), goneOrders)) {
      // The first of the removed blocks between the same neighbours gives its place.
      const at = gone.findIndex(
        (block) => inZone(block) && block.order >= run.afterOrder && block.order <= run.beforeOrder,
      );
      const [given] = at < 0 ? [] : gone.splice(at, 1);
      const place = given && places.get(given.id);
      edits.push(place ? replacement(place, run.text) : insertion(lines, run, kept, old));
    }
  }
  for (const block of gone) {
    const place = places.get(block.id);
    if (place) edits.push(removal(documentText, place));
  }
  return inOrder(edits);
}

/** The places of the blocks that stand in the document as they were written, by their ids. */
export function findBlocks(documentText: string, written: readonly PlacedBlock[]): ReadonlyMap<string, Place> {
  return locate(new Lines(documentText), written);
}

/** New blocks with neither an old nor a removed one between them, and the places of those around them. */
interface Run {
  readonly text: string;
  readonly afterOrder: number;
  readonly beforeOrder: number;
}

/** @param goneOrders of the removed blocks. The user may have written something between two of them. */
function newRuns(wanted: readonly PlacedBlock[], old: ReadonlySet<string>, goneOrders: readonly number[]): Run[] {
  const runs: Run[] = [];
  let texts: string[] = [];
  let afterOrder = -Infinity;
  const end = (beforeOrder: number): void => {
    if (texts.length > 0) runs.push({ text: texts.join('\n\n'), afterOrder, beforeOrder });
    texts = [];
    afterOrder = beforeOrder;
  };
  let passed = -Infinity;
  for (const { id, order, text } of wanted) {
    const gone = goneOrders.findLast((one) => one <= order) ?? -Infinity;
    if (old.has(id)) end(order);
    else if (gone > passed) end(gone);
    if (!old.has(id)) texts.push(text);
    passed = gone;
  }
  end(Infinity);
  return runs;
}

/**
 * Inserts a run where no removed block gives its place. The first text of a note goes to the document's end: behind what the user typed
 * below the note's head.
 */
function insertion(lines: Lines, run: Run, kept: ReadonlyMap<string, Place>, old: readonly PlacedBlock[]): NoteEdit {
  const { text } = run;
  const placeOf = (block: PlacedBlock | undefined): Place | undefined =>
    block && (kept.get(block.id) ?? lines.placeOfTime(block));
  const before = old.filter(({ order }) => order <= run.afterOrder).reverse();
  const behind = old.filter(({ order }) => order >= run.beforeOrder);
  const nearest = placeOf(before[0]);
  if (nearest) return { offset: nearest.end, removedLength: 0, text: `\n\n${text}` };
  for (const block of behind) {
    const place = placeOf(block);
    if (place) return { offset: place.start, removedLength: 0, text: `${text}\n\n` };
  }
  for (const block of before) {
    const place = placeOf(block);
    if (place) return { offset: place.end, removedLength: 0, text: `\n\n${text}` };
  }
  return lines.atEnd(text);
}

/** The places of blocks that stand in the document as they were written. Blocks that occur twice are looked for in order. */
function locate(lines: Lines, blocks: readonly PlacedBlock[]): Map<string, Place> {
  const places = new Map<string, Place>();
  let lastEnd = 0;
  for (const block of blocks) {
    const found = lines.find(block.text);
    const place = found.find(({ start }) => start >= lastEnd) ?? (found.length === 1 ? found[0] : undefined);
    if (!place || (place.start < lastEnd && overlapsAny(place, places))) continue;
    places.set(block.id, place);
    lastEnd = Math.max(lastEnd, place.end);
  }
  return places;
}

function overlapsAny(place: Place, places: ReadonlyMap<string, Place>): boolean {
  for (const other of places.values()) if (place.start < other.end && other.start < place.end) return true;
  return false;
}

function replacement({ start, end }: Place, text: string): NoteEdit {
  return { offset: start, removedLength: end - start, text };
}

/** Takes a block out, with the blank line behind it, or before it where it is the last. */
function removal(documentText: string, { start, end }: Place): NoteEdit {
  const behind = /^(?:\r?\n){1,2}/.exec(documentText.slice(end, end + 4))?.[0].length ?? 0;
  const isLast = end + behind >= documentText.length;
  const before = isLast
    ? (/(?:\r?\n){1,2}$/.exec(documentText.slice(Math.max(0, start - 4), start))?.[0].length ?? 0)
    : 0;
  if (!isLast) return { offset: start, removedLength: end - start + behind, text: '' };
  return { offset: start - before, removedLength: end - start + before, text: '' };
}

/** Edits in order of the document. Two removals next to each other both take the blank line between them; it is taken once. */
function inOrder(edits: readonly NoteEdit[]): NoteEdit[] {
  const sorted: NoteEdit[] = [];
  let end = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset || a.removedLength - b.removedLength)) {
    const skipped = Math.max(0, end - edit.offset);
    sorted.push({
      offset: edit.offset + skipped,
      removedLength: Math.max(0, edit.removedLength - skipped),
      text: edit.text,
    });
    end = Math.max(end, edit.offset + edit.removedLength);
  }
  return sorted;
}

/** The document by lines. */
class Lines {
  private readonly starts: number[] = [];
  private readonly texts: string[] = [];
  private readonly byText = new Map<string, number[]>();
  private readonly byTime = new Map<string, number[]>();

  constructor(private readonly documentText: string) {
    for (let start = 0; start <= documentText.length;) {
      const newline = documentText.indexOf('\n', start);
      const end = newline < 0 ? documentText.length : newline;
      const text = documentText.slice(start, end).replace(/\r$/, '');
      const index = this.texts.push(text) - 1;
      this.starts.push(start);
      listOf(this.byText, text).push(index);
      const time = TIME.exec(text)?.[0];
      if (time !== undefined) listOf(this.byTime, time).push(index);
      start = end + 1;
    }
  }

  /** All places of a text as whole lines, in order. */
  find(text: string): Place[] {
    const wanted = text.split('\n');
    return (this.byText.get(wanted[0] ?? '') ?? [])
      .filter((index) => wanted.every((line, i) => this.texts[index + i] === line))
      .map((index) => this.place(index, wanted.length));
  }

  /** The line that begins with a block's time, where there is only one: a paragraph that the user changed. */
  placeOfTime(block: PlacedBlock | undefined): Place | undefined {
    const time = block && TIME.exec(block.text)?.[0];
    const indexes = time === undefined ? [] : (this.byTime.get(time) ?? []);
    const [only] = indexes;
    return indexes.length === 1 && only !== undefined ? this.place(only, 1) : undefined;
  }

  /** Adds a text at the end, a blank line behind what is there. */
  atEnd(text: string): NoteEdit {
    const ending = /(?:\r?\n){0,2}$/.exec(this.documentText)?.[0].replaceAll('\r', '').length ?? 0;
    const gap = this.documentText === '' ? '' : '\n'.repeat(2 - ending);
    return { offset: this.documentText.length, removedLength: 0, text: `${gap}${text}\n` };
  }

  private place(index: number, count: number): Place {
    const last = index + count - 1;
    const start = this.starts[index] ?? 0;
    return { start, end: (this.starts[last] ?? 0) + (this.texts[last] ?? '').length };
  }
}

function listOf(map: Map<string, number[]>, key: string): number[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}
