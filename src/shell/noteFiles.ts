import { FileSystemError, Uri, ViewColumn, window, workspace, type TextDocument } from 'vscode';
import type { RenderedNote } from '../core/model';
import { fileName } from './localFiles';

/** A note that the user can see. */
export interface OpenNote {
  readonly document: TextDocument;
  /** Why it could not be written beside the recording and is open unsaved instead. */
  readonly unsavedBecause?: string;
}

/**
 * Writes a note beside its recording and opens it. An existing file is never overwritten, but for `earlier`, our own unfinished note
 * of the same recording, as long as nobody changed it. Where the folder cannot be written the note opens unsaved: the text is safe
 * with the user either way.
 */
export async function openNote(recording: Uri, note: RenderedNote, earlier?: TextDocument): Promise<OpenNote> {
  let uri: Uri | undefined;
  try {
    uri = earlier ? earlier.uri : await freeName(recording);
    await workspace.fs.writeFile(uri, new TextEncoder().encode(note.markdown));
    const document = await workspace.openTextDocument(uri);
    await show(document, recording);
    return { document };
  } catch (error) {
    // What a full disk leaves is an empty file.
    if (uri && !earlier) await workspace.fs.delete(uri).then(undefined, () => undefined);
    const document = await workspace.openTextDocument({ language: 'markdown', content: note.markdown });
    await show(document, recording);
    return { document, unsavedBecause: error instanceof FileSystemError ? error.message : String(error) };
  }
}

/** `meeting.md` for `meeting.wav`; `meeting-2.md` where that is taken. */
async function freeName(recording: Uri): Promise<Uri> {
  const folder = Uri.joinPath(recording, '..');
  const stem = fileName(recording).replace(/(?<=.)\.[^.]+$/, '');
  for (let number = 1; ; number++) {
    const uri = Uri.joinPath(folder, number === 1 ? `${stem}.md` : `${stem}-${number}.md`);
    const isTaken = await workspace.fs.stat(uri).then(
      () => true,
      (error: unknown) => !(error instanceof FileSystemError && error.code === 'FileNotFound'),
    );
    if (!isTaken) return uri;
  }
}

/** In the active group; beside it where that shows the recording itself. */
async function show(document: TextDocument, recording: Uri): Promise<void> {
  const input: unknown = window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = typeof input === 'object' && input !== null && 'uri' in input ? input.uri : undefined;
  const isRecording = shown instanceof Uri && shown.toString() === recording.toString();
  await window.showTextDocument(document, {
    preview: false,
    viewColumn: isRecording ? ViewColumn.Beside : ViewColumn.Active,
  });
}
