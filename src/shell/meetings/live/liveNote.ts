import { Selection, window, workspace, type Disposable, type TextDocument, type Uri } from 'vscode';
import { defined } from '../../../core/async/defined';
import { secondsToSamples } from '../../../core/audio/pcm';
import type { NoteEdit, Transcript } from '../../../core/model';
import { editedText } from '../../../core/notes/editedText';
import { LiveNoteModel } from '../../../core/notes/live/liveNoteModel';
import { liveBlocks, type MeetingLabels } from '../../../core/notes/live/liveBlocks';
import type { TypedPlace } from '../../../core/notes/live/typedLines';
import type { StepBack } from '../../../core/notes/live/userHistory';
import { changeBetween } from '../../../core/notes/live/changeBetween';
import { placedEntry } from '../../../core/notes/placedEntry';
import { findBlocks } from '../../../core/notes/planNoteUpdate';
import type { PlacedBlock } from '../../../core/transcript/logEntries';
import { applyEdits } from '../../editor/applyEdits';
import { fileName } from '../../editor/localFiles';
import type { RunLog } from '../../transcripts/runLog';
import { lineEndOf, LiveDocument } from './liveDocument';

/** What a live note tells of itself. */
export interface LiveNoteEvents {
  /** The note was deleted while the meeting ran, and was made again. */
  readonly onMadeAgain: () => void;
  /** The note cannot be changed now. What was said is in the log; the next paragraph tries again. */
  readonly onRefused: () => void;
  /** Something was written into the note, or the last paragraph moved. */
  readonly onChanged: () => void;
}

/** A change of ours that the document is about to have. */
interface Pending {
  readonly textAfter: string;
  readonly take: () => void;
}

/** How far back the transcript of a meeting is looked at for each new paragraph. */
const PART_S = 600;
/** After this much quiet the lines that the user typed are written into the log. */
const LINES_AFTER_MS = 1000;

/**
 * The note of a meeting while it runs: what is said is written below the transcript's heading, and all else is the user's. Everything that
 * stands in it is in the log as well.
 */
export class LiveNote implements Disposable {
  private readonly model: LiveNoteModel;
  private readonly file: LiveDocument;
  private readonly subscription: Disposable;
  private pending: Pending | undefined;
  /** Resolves when the changes that were begun so far are over. */
  private last: Promise<unknown> = Promise.resolve();
  private isUpdateWaiting = false;
  private saidUntilS = 0;
  private linesTimer: NodeJS.Timeout | undefined;

  /**
   * @param document the note's, as it is now
   * @param recordedS how much was recorded so far, in seconds; undefined while nothing is
   */
  constructor(
    document: TextDocument,
    private readonly kept: Pick<RunLog, 'log' | 'append'>,
    private readonly labels: MeetingLabels,
    private readonly recordedS: () => number | undefined,
    private readonly events: LiveNoteEvents,
  ) {
    const { log } = kept;
    this.adopt(document);
    this.model = new LiveNoteModel(document.getText(), log.placed, log.marks);
    this.file = new LiveDocument(document.uri, {
      onMoved: (uri) => void this.moved(uri),
      onMadeAgain: events.onMadeAgain,
    });
    this.subscription = workspace.onDidChangeTextDocument((change) => {
      if (!this.file.isOf(change.document) || change.contentChanges.length === 0) return;
      this.changed(
        change.document.getText(),
        change.contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
          offset: rangeOffset,
          removedLength: rangeLength,
          text,
        })),
      );
    });
  }

  get uri(): Uri {
    return this.file.uri;
  }

  dispose(): void {
    clearTimeout(this.linesTimer);
    this.subscription.dispose();
    this.file.dispose();
  }

  isOf(document: TextDocument): boolean {
    return this.file.isOf(document);
  }

  /** Where the text of the transcript ends, as an offset in the note; undefined where nothing of it is left. */
  get endOffset(): number | undefined {
    const last = this.kept.log.placed.findLast(({ id, order }) => order > -1 && this.model.placeOf(id) !== undefined);
    return last && this.model.placeOf(last.id)?.end;
  }

  /** Where the lines end that the user typed, with their times. */
  get typedPlaces(): readonly TypedPlace[] {
    return this.model.typedPlaces;
  }

  /** The note's text as it is now. */
  get text(): string {
    return this.model.text;
  }

  /** Until when the note has what was said, in seconds from the start. */
  get shownS(): number {
    return this.saidUntilS;
  }

  /** Writes what the log has and the note has not. Calls while one waits are one. Never throws. */
  update(): Promise<void> {
    if (this.isUpdateWaiting) return this.last.then(() => undefined);
    this.isUpdateWaiting = true;
    return this.inTurn(async () => {
      this.isUpdateWaiting = false;
      // What is older stands in the note already. Where there are two sources, one may be behind the other.
      const fromS = Math.max(0, this.saidUntilS - PART_S);
      const isDone = await this.write(new Map(), fromS).catch(() => false);
      if (!isDone) this.events.onRefused();
    });
  }

  /**
   * Writes what is missing and what is known at the end, and saves the note. False where the note cannot be changed or saved.
   *
   * @param finished the blocks besides what was said, as they should read now
   */
  async finish(finished: readonly PlacedBlock[]): Promise<boolean> {
    return this.inTurn(async () => {
      const isDone = await this.write(new Map(finished.map((block) => [block.id, block])));
      await this.tellLines();
      if (!isDone) return false;
      return (await this.file.open(this.model.text)).save();
    });
  }

  /** What the note would say at the end, where it cannot be changed. */
  async finishedText(finished: readonly PlacedBlock[]): Promise<string> {
    const wanted = this.wanted(await this.kept.log.transcript(), new Map(finished.map((block) => [block.id, block])));
    return editedText(this.model.text, this.model.plan(this.kept.log.placed, wanted, '\n').edits);
  }

  /** Takes the user's last step back, or does it again. Our paragraphs stay. */
  step(which: 'undo' | 'redo'): Promise<boolean> {
    return this.inTurn(async () => {
      const document = await this.file.open(this.model.text);
      let done: StepBack | undefined;
      const isApplied = await applyEdits(document, (text) => {
        this.catchUp(text);
        const step = this.model[which]();
        done = step;
        if (!step) return [];
        return this.expect(text, step.edits, (after) => {
          this.model.stepped(step, after, this.kept.log.placed);
        });
      });
      if (done && isApplied) showChange(document, done.edits);
      return done !== undefined && isApplied;
    });
  }

  /** The note's words, with the names of the tracks as the log has them. */
  private get words(): MeetingLabels {
    const { trackNames } = this.kept.log;
    return trackNames.length > 0 ? { ...this.labels, trackNames } : this.labels;
  }

  /** The blocks that the note should have. */
  private wanted(transcript: Transcript, finished: ReadonlyMap<string, PlacedBlock>, fromS = 0): PlacedBlock[] {
    const { log } = this.kept;
    const written = log.placed;
    const byId = new Map(written.map((block) => [block.id, block]));
    const isUntouched = (id: string): boolean => {
      const block = byId.get(id);
      return block !== undefined && this.model.isUntouched(block);
    };
    const blocks = liveBlocks(
      defined({ written, isUntouched, fromS: fromS > 0 ? fromS : undefined }),
      transcript,
      log.happenings,
      this.words,
    );
    const known = new Set(blocks.map(({ id }) => id));
    const more = [...finished.values()].filter(({ id }) => !known.has(id));
    return [...blocks.map((block) => finished.get(block.id) ?? block), ...more].sort((a, b) => a.order - b.order);
  }

  /** @throws FileSystemError where the note is gone and cannot be made again */
  private async write(finished: ReadonlyMap<string, PlacedBlock>, fromS = 0): Promise<boolean> {
    const { log } = this.kept;
    const { placed } = log;
    const transcript = await log.transcript(fromS > 0 ? secondsToSamples(fromS) : undefined);
    const document = await this.file.open(this.model.text);
    let wanted: readonly PlacedBlock[] = [];
    const isApplied = await applyEdits(document, (text) => {
      // The user may have typed since.
      this.catchUp(text);
      wanted = this.wanted(transcript, finished, fromS);
      const plan = this.model.plan(placed, wanted, lineEndOf(document));
      return this.expect(text, plan.edits, (after) => {
        this.model.planned(plan, after);
      });
    });
    if (!isApplied) return false;
    const entry = placedEntry(placed, fileName(this.uri), wanted);
    if (!entry) return true;
    await log.append(entry);
    this.saidUntilS = transcript.segments.at(-1)?.endS ?? this.saidUntilS;
    const isShown = window.visibleTextEditors.some((editor) => editor.document === document);
    if (!isShown) await document.save();
    this.events.onChanged();
    return true;
  }

  private expect(text: string, edits: readonly NoteEdit[], take: (textAfter: string) => void): readonly NoteEdit[] {
    const textAfter = editedText(text, edits);
    this.pending = {
      textAfter,
      take: () => {
        take(textAfter);
      },
    };
    return edits;
  }

  private changed(textAfter: string, edits: readonly NoteEdit[]): void {
    const { pending } = this;
    this.pending = undefined;
    if (pending?.textAfter === textAfter) pending.take();
    else {
      this.model.userChanged(edits, textAfter, this.kept.log.placed, this.recordedS());
      clearTimeout(this.linesTimer);
      this.linesTimer = setTimeout(() => void this.tellLines(), LINES_AFTER_MS);
    }
    this.events.onChanged();
  }

  /** The document may have changed while nobody listened: when it was closed, or was renamed. */
  private catchUp(text: string): void {
    const change = changeBetween(this.model.text, text);
    if (change) this.model.userChanged([change], text, this.kept.log.placed, undefined);
  }

  private async tellLines(): Promise<void> {
    const lines = this.model.newLines();
    if (lines.length > 0) await this.kept.append(...lines);
  }

  private async moved(uri: Uri): Promise<void> {
    const { located } = this.kept.log;
    if (located) await this.kept.append({ ...located, note: uri.toString() });
  }

  /**
   * After a crash the note may have paragraphs that the log does not know of: they were written a moment before. What stands in the note
   * word by word counts as written.
   */
  private adopt(document: TextDocument): void {
    const { log } = this.kept;
    const { placed } = log;
    const all = liveBlocks({ written: placed, isUntouched: () => true }, log.fold(), log.happenings, this.words);
    const known = new Map(placed.map((block) => [block.id, block.text]));
    const fresh = all.filter((block) => known.get(block.id) !== block.text);
    const found = findBlocks(document.getText(), fresh);
    const blocks = fresh.filter(({ id }) => found.has(id));
    if (blocks.length > 0) void this.kept.append({ kind: 'placed', note: fileName(document.uri), blocks, removed: [] });
  }

  private inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.last.then(task);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** Puts the caret where the change is, as an editor's own undo does. */
function showChange(document: TextDocument, edits: readonly NoteEdit[]): void {
  const editor = window.visibleTextEditors.find((visible) => visible.document === document);
  const last = edits.at(-1);
  if (!editor || !last) return;
  const shift = edits.slice(0, -1).reduce((sum, { removedLength, text }) => sum + text.length - removedLength, 0);
  const caret = document.positionAt(last.offset + shift + last.text.length);
  editor.selection = new Selection(caret, caret);
  editor.revealRange(editor.selection);
}
