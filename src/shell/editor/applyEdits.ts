import { Range, window, workspace, WorkspaceEdit, type TextDocument, type TextEditor } from 'vscode';
import type { NoteEdit } from '../../core/model';
import { editedText, withPlainLineEnds } from '../../core/notes/editedText';

/** A keystroke between planning and applying makes VS Code refuse the edits. They are then planned again for the new text, this often. */
const EDIT_ATTEMPTS = 5;

/**
 * Changes a document, visible or hidden, as one undo step. False where that is not possible: the document is closed or refuses edits.
 *
 * @param plan makes the edits for the document's current text, in order, with offsets in the text before all edits
 */
export async function applyEdits(
  document: TextDocument,
  plan: (documentText: string) => readonly NoteEdit[],
): Promise<boolean> {
  // A hidden document would take the edits and could never be saved.
  if (workspace.fs.isWritableFileSystem(document.uri.scheme) === false) return false;
  for (let attempt = 1; attempt <= EDIT_ATTEMPTS && !document.isClosed; attempt++) {
    if (await applyOnce(document, plan(document.getText()))) return true;
  }
  return false;
}

/** Compares the text afterwards: for a read-only file VS Code claims that the edits were done. */
async function applyOnce(document: TextDocument, edits: readonly NoteEdit[]): Promise<boolean> {
  const before = document.getText();
  const expected = withPlainLineEnds(editedText(before, edits));
  if (expected === withPlainLineEnds(before)) return true;
  let isThere = false;
  // The text is compared in the change event itself, because the user may type right after it.
  const watching = workspace.onDidChangeTextDocument((change) => {
    isThere ||= change.document === document && withPlainLineEnds(document.getText()) === expected;
  });
  try {
    const editor = window.visibleTextEditors.find((visible) => visible.document === document);
    return (await (editor ? editVisible(editor, edits) : editHidden(document, edits))) && isThere;
  } finally {
    watching.dispose();
  }
}

/** Undo stops on both sides keep the edits apart from what the user types just before and after. */
async function editVisible(editor: TextEditor, edits: readonly NoteEdit[]): Promise<boolean> {
  return editor.edit(
    (builder) => {
      for (const edit of edits) builder.replace(rangeOf(editor.document, edit), edit.text);
    },
    { undoStopBefore: true, undoStopAfter: true },
  );
}

async function editHidden(document: TextDocument, edits: readonly NoteEdit[]): Promise<boolean> {
  const change = new WorkspaceEdit();
  for (const edit of edits) change.replace(document.uri, rangeOf(document, edit), edit.text);
  return workspace.applyEdit(change);
}

function rangeOf(document: TextDocument, { offset, removedLength }: NoteEdit): Range {
  return new Range(document.positionAt(offset), document.positionAt(offset + removedLength));
}
