import type { NoteEdit } from '../../../../../src/core/model';
import { editedText } from '../../../../../src/core/notes/editedText';
import { LiveNoteModel } from '../../../../../src/core/notes/live/liveNoteModel';
import { findTypedLines, typedLines } from '../../../../../src/core/notes/live/typedLines';
import { TRANSCRIPT_ID } from '../../../../../src/core/notes/meeting/meetingBlocks';
import { findBlocks } from '../../../../../src/core/notes/planNoteUpdate';
import type { MarkedEntry, PlacedBlock } from '../../../../../src/core/transcript/logEntries';

const HEADING: PlacedBlock = { id: TRANSCRIPT_ID, order: -0.9, text: '## TRANSCRIPT' };
const OPENING = '# TITLE\n\n## NOTES\n\n\n## TRANSCRIPT\n';
/** Where the first line of the notes begins. */
export const NOTES = OPENING.indexOf('\n\n## TRANSCRIPT');

/** A note in which a user types while a meeting is recorded; the clock is the test's. */
export class Typing {
  document = OPENING;
  atS = 0;
  written: readonly PlacedBlock[] = [HEADING];
  /** The log. */
  marks: MarkedEntry[] = [];
  private model = new LiveNoteModel(this.document, this.written);

  change(...edits: readonly NoteEdit[]): void {
    this.document = editedText(this.document, edits);
    this.model.userChanged(edits, this.document, this.written, this.atS);
  }

  insert(offset: number, text: string): void {
    this.change({ offset, removedLength: 0, text });
  }

  /** Letter by letter. */
  type(offset: number, text: string): void {
    for (const [index, letter] of Array.from(text).entries()) this.insert(offset + index, letter);
  }

  remove(offset: number, removedLength: number): void {
    this.change({ offset, removedLength, text: '' });
  }

  replace(before: string, text: string): void {
    this.change({ offset: this.document.indexOf(before), removedLength: before.length, text });
  }

  /** A paragraph of ours comes. */
  hear(id: string, text: string): void {
    const wanted = [...this.written, { id, order: this.written.length, text }];
    const plan = this.model.plan(this.written, wanted, '\n');
    this.document = editedText(this.document, plan.edits);
    this.model.planned(plan, this.document);
    this.written = wanted;
  }

  step(which: 'undo' | 'redo'): void {
    const step = this.model[which]();
    if (!step) return;
    this.document = editedText(this.document, step.edits);
    this.model.stepped(step, this.document, this.written);
  }

  tell(): void {
    this.marks.push(...this.model.newLines());
  }

  /** The window is reloaded. */
  reload(): void {
    this.tell();
    this.model = new LiveNoteModel(this.document, this.written, this.marks);
  }

  /** The lines with their times, as they stand in the document. */
  get shown(): string[] {
    return this.model.typedPlaces
      .toSorted((a, b) => a.endOffset - b.endOffset)
      .map(({ endOffset, atS }) => `${atS} ${lineBefore(this.document, endOffset)}`);
  }

  /** What the log tells of the document. */
  get logged(): string[] {
    this.tell();
    const blocks = findBlocks(this.document, this.written).values();
    return findTypedLines(this.document, typedLines(this.marks), blocks)
      .toSorted((a, b) => a.endOffset - b.endOffset)
      .map(({ endOffset, atS }) => `${atS} ${lineBefore(this.document, endOffset)}`);
  }
}

function lineBefore(text: string, end: number): string {
  return text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
}
