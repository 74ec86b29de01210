import { l10n, workspace, type Disposable, type TextDocument, type TextEditor } from 'vscode';
import type { Turn, Turns } from '../../core/async/turns';
import type { Transcript } from '../../core/model';
import { planDictation } from '../../core/notes/planDictation';
import { moveRange, type OffsetRange } from '../../core/notes/trackRanges';
import { applyEdits } from '../editor/applyEdits';
import { fileName } from '../editor/localFiles';

/**
 * The place where a dictation began. It moves with the text around it while the user types, moves the caret or works elsewhere. Texts of
 * several dictations come into a document in the order in which they were dictated.
 */
export class DictationTarget implements Disposable {
  private readonly document: TextDocument;
  private place: OffsetRange;
  private readonly subscription: Disposable;
  private readonly turn: Turn;

  constructor(editor: TextEditor, turns: Turns<TextDocument>) {
    this.document = editor.document;
    this.turn = turns.take(this.document);
    this.place = {
      start: this.document.offsetAt(editor.selection.start),
      end: this.document.offsetAt(editor.selection.end),
    };
    this.subscription = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== this.document) return;
      const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        offset: rangeOffset,
        lengthBefore: rangeLength,
        lengthAfter: text.length,
      }));
      this.place = moveRange(this.place, changes);
    });
  }

  /** Resolves when every earlier dictation into this document has its text, or is over. @throws the signal's reason when aborted */
  async comesNext(signal: AbortSignal): Promise<void> {
    await this.turn.come(signal);
  }

  /** Inserts the text as one undo step. False where that is no longer possible: the document is closed or refuses edits. */
  async insert(transcript: Transcript): Promise<boolean> {
    return applyEdits(this.document, (documentText) => [planDictation(transcript, documentText, this.place)]);
  }

  /** Why the text came into another document, which is named first. */
  get whyElsewhere(): string {
    const name = fileName(this.document.uri);
    return this.document.isClosed
      ? l10n.t('Text is in a new document: {0} was closed.', name)
      : l10n.t('Text is in a new document: {0} cannot be changed.', name);
  }

  dispose(): void {
    this.subscription.dispose();
    this.turn.end();
  }
}
