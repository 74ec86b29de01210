import { FileSystemError, Uri, ViewColumn, window, workspace, type TextDocument } from 'vscode';
import type { RenderedNote } from '../../core/model';
import { freeName } from '../editor/freeName';
import { fileName } from '../editor/localFiles';

/** A note that the user can see. */
export interface OpenNote {
  readonly uri: Uri;
  /** What we wrote into it. */
  readonly markdown: string;
  /** Why it could not be written beside the recording and is open unsaved instead. */
  readonly unsavedBecause?: string;
}

/**
 * Writes a note beside its recording and opens it. An existing file is never overwritten, but for `earlier`, our own unfinished note
 * of the same recording, as long as nobody changed it. Where the folder cannot be written the note opens unsaved: the text is safe
 * with the user either way.
 *
 * @param suffix comes between the recording's name and `.md`
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
    // What a full disk leaves is an empty file.
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

/** Whether a note is as we wrote it, on disk and in every editor. */
async function isUnchanged({ uri, markdown }: OpenNote): Promise<boolean> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty === true) return false;
  return workspace.fs.readFile(uri).then(
    (bytes) => new TextDecoder().decode(bytes) === markdown,
    () => false,
  );
}

/** `meeting.md` for `meeting.wav`; `meeting-2.md` where that is taken; with the suffix `.en`, `meeting.en.md`. */
async function freeNote(recording: Uri, suffix: string): Promise<Uri> {
  const folder = Uri.joinPath(recording, '..');
  const stem = fileName(recording).replace(/(?<=.)\.[^.]+$/, '') + suffix;
  return Uri.joinPath(folder, `${await freeName(folder, stem, ['md'], '-')}.md`);
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
