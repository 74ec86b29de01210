import type { MarkedEntry, PlacedBlock } from '../../transcript/logEntries';
import { findBlocks, type Place } from '../planNoteUpdate';
import type { NoteEdit } from '../../model';
import { planLiveNote, type LiveEdits } from './planLiveNote';
import { isUntouched, movePlaces, type Places } from './trackedPlaces';
import { TypedLines, type TypedPlace } from './typedLines';
import { UserHistory, type StepBack } from './userHistory';

/** A change as an editor tells it; offsets count in the text before it, in UTF-16 units. */
export interface EditorChange {
  readonly offset: number;
  readonly removedLength: number;
  readonly text: string;
}

/**
 * What is known of a note while its meeting runs: its text, where our blocks stand in it, what the user did. It is told of every change of
 * the document, in order, and plans ours; it changes nothing itself.
 */
export class LiveNoteModel {
  private places: Places;
  private history = UserHistory.EMPTY;
  private readonly typed: TypedLines;

  /**
   * @param documentText as it is now
   * @param written our blocks, as the log knows them; they are looked for in the text
   * @param marks what the log knows of lines that the user typed; they are looked for as well
   */
  constructor(
    private documentText: string,
    written: readonly PlacedBlock[],
    marks: readonly MarkedEntry[] = [],
  ) {
    this.places = findBlocks(documentText, written);
    this.typed = new TypedLines(documentText, marks, this.places.values());
  }

  get text(): string {
    return this.documentText;
  }

  /** Where a block stands, or stood before it was deleted. */
  placeOf(id: string): Place | undefined {
    return this.places.get(id);
  }

  /** Whether a block stands as it was written. */
  isUntouched({ id, text }: PlacedBlock): boolean {
    return isUntouched(this.documentText, this.places.get(id), text);
  }

  /** The edits that bring the note up to date. */
  plan(written: readonly PlacedBlock[], wanted: readonly PlacedBlock[], eol: '\n' | '\r\n'): LiveEdits {
    return planLiveNote({ text: this.documentText, eol, places: this.places }, written, wanted);
  }

  /** What takes the user's last step back. */
  undo(): StepBack | undefined {
    return this.history.undo();
  }

  /** What does the user's last step again that was taken back. */
  redo(): StepBack | undefined {
    return this.history.redo();
  }

  /** Our edits were applied. */
  planned({ edits, places }: LiveEdits, textAfter: string): void {
    const changes = edits.map((edit) => this.changeOf(edit));
    this.history = this.history.weChanged(changes);
    this.typed.move(lengthsOf(edits));
    this.places = places;
    this.documentText = textAfter;
  }

  /** A step back or forward was applied. */
  stepped({ edits, history }: StepBack, textAfter: string, written: readonly PlacedBlock[]): void {
    this.history = history;
    this.move(edits, textAfter, written);
    this.typed.userChanged(textAfter, lengthsOf(edits), this.blocksOf(written), undefined);
  }

  /** The user changed the document. @param atS seconds from the recording's start; absent while it is not recorded */
  userChanged(
    edits: readonly EditorChange[],
    textAfter: string,
    written: readonly PlacedBlock[],
    atS: number | undefined,
  ): void {
    this.history = this.history.userChanged(edits.map((edit) => this.changeOf(edit)));
    this.move(edits, textAfter, written);
    this.typed.userChanged(textAfter, lengthsOf(edits), this.blocksOf(written), atS);
  }

  /** The lines that the user typed or changed since the last call. */
  newLines(): MarkedEntry[] {
    return this.typed.news();
  }

  /** Where the lines end that the user typed, with their times. */
  get typedPlaces(): readonly TypedPlace[] {
    return this.typed.places;
  }

  /** Where the lines of our blocks stand, without those that the user typed right below them. */
  private blocksOf(written: readonly PlacedBlock[]): readonly Place[] {
    return written.flatMap(({ id, text }) => {
      const place = this.places.get(id);
      if (!place) return [];
      let end = place.start - 1;
      for (let line = text.split('\n').length; line > 0 && end < place.end; line--) {
        const newline = this.documentText.indexOf('\n', end + 1);
        end = newline < 0 ? place.end : newline;
      }
      return [{ start: place.start, end: Math.min(end, place.end) }];
    });
  }

  private move(edits: readonly NoteEdit[], textAfter: string, written: readonly PlacedBlock[]): void {
    this.places = movePlaces(this.places, lengthsOf(edits));
    this.documentText = textAfter;
    // A block that was deleted and is back, such as by an undo, stands where its text stands.
    const gone = written.filter(({ id }) => {
      const place = this.places.get(id);
      return !place || place.end === place.start;
    });
    if (gone.length === 0 || !edits.some(({ text }) => text !== '')) return;
    const found = findBlocks(textAfter, gone);
    if (found.size > 0) this.places = new Map([...this.places, ...found]);
  }

  private changeOf({ offset, removedLength, text }: NoteEdit): { offset: number; removed: string; inserted: string } {
    return { offset, removed: this.documentText.slice(offset, offset + removedLength), inserted: text };
  }
}

function lengthsOf(
  edits: readonly NoteEdit[],
): { readonly offset: number; readonly lengthBefore: number; readonly lengthAfter: number }[] {
  return edits.map(({ offset, removedLength, text }) => ({
    offset,
    lengthBefore: removedLength,
    lengthAfter: text.length,
  }));
}
