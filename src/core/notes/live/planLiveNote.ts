import type { NoteEdit } from '../../model';
import type { PlacedBlock } from '../../transcript/logEntries';
import type { Place } from '../planNoteUpdate';
import { changeBetween } from './changeBetween';
import { isUntouched, type Places } from './trackedPlaces';

/** The edits of a live note, and where its blocks stand after them. */
export interface LiveEdits {
  /** In order; their offsets count in the text before all edits. */
  readonly edits: readonly NoteEdit[];
  readonly places: Places;
}

/** A note while its meeting runs. */
export interface LiveDocument {
  readonly text: string;
  /** What the document has at its line ends. */
  readonly eol: '\n' | '\r\n';
  readonly places: Places;
}

/** An edit, and where blocks stand in its text. */
interface Planned {
  readonly offset: number;
  readonly removedLength: number;
  text: string;
  readonly blocks: { readonly id: string; readonly from: number; readonly to: number }[];
  /** Edits at the same offset stay in the order in which they were made. */
  readonly rank: number;
}

/**
 * The edits that bring a live note up to date. New blocks stand behind the block before them, wherever the user moved or edited that one;
 * a block that grows gets what is new at its end, so that no caret in it moves. What the user typed or changed is in no edit; a block that
 * they deleted does not come back.
 *
 * @param written in the note's order, as the log knows it
 * @param wanted in the note's order
 */
export function planLiveNote(
  document: LiveDocument,
  written: readonly PlacedBlock[],
  wanted: readonly PlacedBlock[],
): LiveEdits {
  const plan = new Plan(document);
  const writtenById = new Map(written.map((block) => [block.id, block]));
  const wantedIds = new Set(wanted.map(({ id }) => id));
  for (const block of written) if (!wantedIds.has(block.id)) plan.remove(block);
  let anchor: PlacedBlock | undefined;
  for (const [index, block] of wanted.entries()) {
    const old = writtenById.get(block.id);
    if (old && old.text !== block.text) plan.change(old, block.text);
    if (!old)
      plan.insert(
        block,
        anchor,
        wanted.slice(index + 1).find(({ id }) => document.places.has(id)),
      );
    anchor = block;
  }
  return plan.result;
}

class Plan {
  private readonly planned: Planned[] = [];
  /** The edit that puts a new block into the note, by the block's id. */
  private readonly byBlock = new Map<string, Planned>();

  constructor(private readonly document: LiveDocument) {}

  /** Where the document's Markdown block around an offset ends: lines that follow without a blank one belong to it. */
  private endOfBlock(offset: number): number {
    const { text } = this.document;
    let end = offset;
    for (;;) {
      const newline = text.indexOf('\n', end);
      if (newline < 0) return text.length;
      const next = text.slice(newline + 1, newline + 3);
      if (next === '' || next.startsWith('\n') || next.startsWith('\r'))
        return text[newline - 1] === '\r' ? newline - 1 : newline;
      end = newline + 1;
    }
  }

  remove({ id, text }: PlacedBlock): void {
    const place = this.document.places.get(id);
    if (!place || !isUntouched(this.document.text, place, text)) return;
    const behind = /^(?:\r?\n){1,2}/.exec(this.document.text.slice(place.end, place.end + 4))?.[0].length ?? 0;
    this.add(place.start, place.end - place.start + behind, '');
  }

  /** Changes a block that the user did not. Only the part that differs is replaced. */
  change({ id, text: before }: PlacedBlock, text: string): void {
    const place = this.document.places.get(id);
    if (!place || !isUntouched(this.document.text, place, before)) return;
    const [old, fresh] = [this.withEol(before), this.withEol(text)];
    const change = changeBetween(old, fresh);
    if (!change) return;
    const edit = this.add(place.start + change.offset, change.removedLength, change.text);
    edit.blocks.push({ id, from: -change.offset, to: fresh.length - change.offset });
  }

  insert(block: PlacedBlock, before: PlacedBlock | undefined, behind: PlacedBlock | undefined): void {
    const text = this.withEol(block.text);
    const known = before && this.byBlock.get(before.id);
    const edit = known ?? this.newEdit(before, behind);
    if (edit.blocks.length > 0) edit.text += this.withEol('\n\n');
    edit.blocks.push({ id: block.id, from: edit.text.length, to: edit.text.length + text.length });
    edit.text += text;
    this.byBlock.set(block.id, edit);
  }

  private newEdit(before: PlacedBlock | undefined, behind: PlacedBlock | undefined): Planned {
    const { places, text } = this.document;
    const anchor = before && places.get(before.id);
    const next = behind && places.get(behind.id);
    if (anchor) return this.add(this.endOfBlock(anchor.end), 0, '');
    if (next) return this.add(next.start, 0, '');
    // Nothing of the note's own is left: the text goes to the document's end.
    return this.add(text.length, 0, '');
  }

  /** Puts blank lines around new blocks, as far as none are there. */
  private apart({ offset, removedLength, text, blocks, rank }: Planned): Planned {
    const [first] = blocks;
    if (!first || this.document.places.has(first.id)) return { offset, removedLength, text, blocks, rank };
    const before = /(?:\r?\n){0,2}$/.exec(this.document.text.slice(0, offset))?.[0].replaceAll('\r', '').length ?? 0;
    const rest = this.document.text.slice(offset);
    const behind = /^(?:\r?\n){0,2}/.exec(rest)?.[0].replaceAll('\r', '').length ?? 0;
    const lead = this.withEol(offset === 0 ? '' : '\n'.repeat(2 - before));
    const isLast = rest.trim() === '';
    const trail = this.withEol('\n'.repeat(Math.max(0, (isLast ? 1 : 2) - behind)));
    const shifted = blocks.map(({ id, from, to }) => ({ id, from: from + lead.length, to: to + lead.length }));
    return { offset, removedLength, text: lead + text + trail, blocks: shifted, rank };
  }

  get result(): LiveEdits {
    const edits = this.planned
      .map((planned) => this.apart(planned))
      .toSorted((a, b) => a.offset - b.offset || a.removedLength - b.removedLength || a.rank - b.rank);
    const places = new Map(this.document.places);
    for (const [id, place] of places) places.set(id, moved(place, edits));
    let shift = 0;
    for (const edit of edits) {
      const start = edit.offset + shift;
      for (const { id, from, to } of edit.blocks) places.set(id, { start: start + from, end: start + to });
      shift += edit.text.length - edit.removedLength;
    }
    return { edits: joined(edits), places };
  }

  private add(offset: number, removedLength: number, text: string): Planned {
    const planned = { offset, removedLength, text, blocks: [], rank: this.planned.length };
    this.planned.push(planned);
    return planned;
  }

  private withEol(text: string): string {
    return this.document.eol === '\n' ? text : text.replaceAll('\n', this.document.eol);
  }
}

/** Edits that touch become one, because an editor need not keep the order of two insertions at one offset. */
function joined(edits: readonly Planned[]): NoteEdit[] {
  const result: NoteEdit[] = [];
  for (const { offset, removedLength, text } of edits) {
    const last = result.at(-1);
    if (last && offset <= last.offset + last.removedLength) {
      result[result.length - 1] = {
        offset: last.offset,
        removedLength: Math.max(last.removedLength, offset + removedLength - last.offset),
        text: last.text + text,
      };
    } else result.push({ offset, removedLength, text });
  }
  return result;
}

/** Where a block stands after our own edits, which never lie inside of it. */
function moved({ start, end }: Place, edits: readonly Planned[]): Place {
  const after = (offset: number, isEnd: boolean): number => {
    let shift = 0;
    for (const edit of edits) {
      const isBefore = isEnd
        ? edit.offset < offset
        : edit.offset <= offset && edit.offset + edit.removedLength <= offset;
      if (isBefore) shift += edit.text.length - Math.min(edit.removedLength, offset - edit.offset);
    }
    return offset + shift;
  };
  if (start === end) return { start: after(end, true), end: after(end, true) };
  const from = after(start, false);
  return { start: from, end: Math.max(from, after(end, true)) };
}
