import { FileSystemError, Uri, ViewColumn, window, workspace, type TextDocument } from 'vscode';
import type { RenderedNote } from '../../core/model';
import { freeName } from '../editor/freeName';
import { fileName } from '../editor/localFiles';

/** A note that the user can see. */
export interface OpenNote {
  readonly uri: Uri;
  /** The text that Minutes wrote into it. */
  readonly markdown: string;
  /** Why the note could not be written beside the recording and is open unsaved instead. */
  readonly unsavedBecause?: string;
}

/**
 * Writes a note beside its recording and opens it. It overwrites no existing file except `earlier`, our own unfinished note of the same
 * recording, and that only where nobody changed it. Where the folder cannot be written to, the note opens unsaved, so that the user has
 * the text either way.
 *
 * @param suffix stands between the recording's name and `.md`
 */
export async function openNote(
  recording: Uri,
  note: RenderedNote,
  suffix: string,
  earlier?: OpenNote,
): Promise<OpenNote> {
  const { markdown } = note;
  let created: Uri | undefined;
  try {
    const isReplacing = earlier !== undefined && (await isUnchanged(earlier));
    const uri = isReplacing ? earlier.uri : (created = await freeNote(recording, suffix));
    await workspace.fs.writeFile(uri, new TextEncoder().encode(markdown));
    await show(await workspace.openTextDocument(uri), recording);
    return { uri, markdown };
  } catch (error) {
    // A full disk leaves an empty file, which is deleted.
    if (created) {
      await workspace.fs.delete(created).then(undefined, () => undefined);
    }
    const document = await workspace.openTextDocument({ language: 'markdown', content: markdown });
    await show(document, recording);
    return {
      uri: document.uri,
      markdown,
      unsavedBecause: error instanceof FileSystemError ? error.message : String(error),
    };
  }
}

/** Whether a note still has the text that Minutes wrote, on disk and in every editor. */
async function isUnchanged({ uri, markdown }: OpenNote): Promise<boolean> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty === true) return false;
  return workspace.fs.readFile(uri).then(
    (bytes) => new TextDecoder().decode(bytes) === markdown,
    () => false,
  );
}

/** `meeting.md` for `meeting.wav`; `meeting-2.md` where that name is taken; `meeting.en.md` with the suffix `.en`. */
async function freeNote(recording: Uri, suffix: string): Promise<Uri> {
  const folder = Uri.joinPath(recording, '..');
  const stem = fileName(recording).replace(/(?<=.)\.[^.]+$/, '') + suffix;
  return Uri.joinPath(folder, `${await freeName(folder, stem, ['md'], '-')}.md`);
}

/** Shows the note in the active group, or beside it where the active group shows the recording itself. */
async function show(document: TextDocument, recording: Uri): Promise<void> {
  const input: unknown = window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = typeof input === 'object' && input !== null && 'uri' in input ? input.uri : undefined;
  const isRecording = shown instanceof Uri && shown.toString() === recording.toString();
  await window.showTextDocument(document, {
    preview: false,
    viewColumn: isRecording ? ViewColumn.Beside : ViewColumn.Active,
  });
}
