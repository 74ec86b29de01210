import { Range, window, workspace, WorkspaceEdit, type Disposable, type TextDocument, type TextEditor } from 'vscode';
import type { NoteEdit } from '../../core/model';
import { moveRange, type OffsetRange } from '../../core/notes/trackRanges';
import type { Transcript } from '../../core/model';
import { planDictation } from '../../core/notes/planDictation';

const EDIT_ATTEMPTS = 5;

/**
 * The place where a dictation began. It follows the text around it while the user types, moves the caret or works elsewhere.
 */
export class DictationTarget implements Disposable {
  private readonly document: TextDocument;
  private place: OffsetRange;
  private readonly subscription: Disposable;

  constructor(editor: TextEditor) {
    this.document = editor.document;
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

  /** Puts the text there, as one undo step. False where that is no longer possible: the document is closed or refuses edits. */
  async insert(transcript: Transcript): Promise<boolean> {
    const { document } = this;
    // A hidden one would take the edit and could never be saved.
    if (workspace.fs.isWritableFileSystem(document.uri.scheme) === false) return false;
    // A keystroke between planning and applying makes VS Code refuse the edit: it is planned again from what stands there then.
    for (let attempt = 1; attempt <= EDIT_ATTEMPTS && !document.isClosed; attempt++) {
      if (await this.apply(planDictation(transcript, document.getText(), this.place))) return true;
    }
    return false;
  }

  /** Seen, not believed: for a file that is read-only VS Code says that the edit was done. */
  private async apply(edit: NoteEdit): Promise<boolean> {
    const { document } = this;
    let isThere = false;
    const watching = workspace.onDidChangeTextDocument((change) => {
      isThere ||= change.document === document && change.contentChanges.some(({ text }) => text === edit.text);
    });
    try {
      const editor = window.visibleTextEditors.find((visible) => visible.document === document);
      return (await (editor ? editVisible(editor, edit) : editHidden(document, edit))) && isThere;
    } finally {
      watching.dispose();
    }
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** In its editor: with undo stops of our own on both sides, whatever is typed just before and after. */
async function editVisible(editor: TextEditor, edit: NoteEdit): Promise<boolean> {
  const range = rangeOf(editor.document, edit);
  return editor.edit(
    (builder) => {
      builder.replace(range, edit.text);
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
}

async function editHidden(document: TextDocument, edit: NoteEdit): Promise<boolean> {
  const change = new WorkspaceEdit();
  change.replace(document.uri, rangeOf(document, edit), edit.text);
  return workspace.applyEdit(change);
}

/** The range of a document that an edit replaces. */
export function rangeOf(document: TextDocument, { offset, removedLength }: NoteEdit): Range {
  return new Range(document.positionAt(offset), document.positionAt(offset + removedLength));
}
