import { FileSystemError, Uri, ViewColumn, window, workspace, type TextDocument } from 'vscode';
import { placedEntry } from '../../core/notes/placedEntry';
import { planNoteUpdate } from '../../core/notes/planNoteUpdate';
import { joinBlocks } from '../../core/notes/renderNote';
import type { PlacedBlock } from '../../core/transcript/logEntries';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import { isMediaName } from '../contributed/mediaEndings';
import { applyEdits } from '../editor/applyEdits';
import { freeName } from '../editor/freeName';
import { fileName } from '../editor/localFiles';

/** A note that the user can see. */
export interface OpenNote {
  readonly uri: Uri;
  /** Why the note could not be written beside the recording and is open unsaved instead. */
  readonly unsavedBecause?: string;
}

/**
 * Makes a note beside its recording and opens it. It overwrites no file. Where the folder cannot be written to, the note opens unsaved, so
 * that the user has the text either way.
 *
 * @param uri a free name, see {@link freeNote}
 */
export async function createNote(recording: Uri, uri: Uri, blocks: readonly PlacedBlock[]): Promise<OpenNote> {
  const markdown = joinBlocks(blocks);
  try {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(markdown));
    await showNote(await workspace.openTextDocument(uri), recording);
    return { uri };
  } catch (error) {
    // A full disk leaves an empty file, which is deleted.
    await workspace.fs.delete(uri).then(undefined, () => undefined);
    const document = await workspace.openTextDocument({ language: 'markdown', content: markdown });
    await showNote(document, recording);
    return {
      uri: document.uri,
      unsavedBecause: error instanceof FileSystemError ? error.message : String(error),
    };
  }
}

/**
 * Brings a note up to date as one undo step, saves it and shows it. What the user wrote into it stays. False where the note cannot be
 * changed or is gone.
 *
 * @param recording where the note is shown beside it; absent: the note is not shown
 */
export async function updateNote(
  uri: Uri,
  log: TranscriptLog,
  blocks: readonly PlacedBlock[],
  recording?: Uri,
): Promise<boolean> {
  if (!(await isThere(uri))) return false;
  const document = await workspace.openTextDocument(uri);
  const { placed } = log;
  if (!(await applyEdits(document, (documentText) => planNoteUpdate(documentText, placed, blocks)))) return false;
  if (recording) await showNote(document, recording);
  return document.save();
}

/** Remembers in the log what stands in the note now. */
export async function rememberPlaced(log: TranscriptLog, note: Uri, blocks: readonly PlacedBlock[]): Promise<void> {
  const entry = placedEntry(log.placed, fileName(note), blocks);
  if (entry) await log.append(entry);
}

/**
 * A free name for a note: `meeting.md` for `meeting.wav`; `meeting-2.md` where that name is taken; `meeting.en.md` with the suffix `.en`;
 * `meeting.mp3.md` where another recording in the folder is called `meeting` too.
 *
 * @param suffix stands between the recording's name and `.md`
 * @throws FileSystemError where the folder is gone or forbids looking
 */
export async function freeNote(recording: Uri, suffix: string): Promise<Uri> {
  const folder = Uri.joinPath(recording, '..');
  const stem = `${await noteStem(recording)}${suffix}`;
  return Uri.joinPath(folder, `${await freeName(folder, stem, ['md'], '-')}.md`);
}

/** The recording's name for its note: without its ending, unless only the ending tells it from another recording. */
export async function noteStem(recording: Uri): Promise<string> {
  const name = fileName(recording);
  const stem = stemOf(name);
  const entries = await workspace.fs.readDirectory(Uri.joinPath(recording, '..')).then(
    (found) => found.map(([entry]) => entry),
    () => [],
  );
  const isAmbiguous = entries.some((entry) => entry !== name && stemOf(entry) === stem && isMediaName(entry));
  return isAmbiguous ? name : stem;
}

function stemOf(name: string): string {
  return name.replace(/(?<=.)\.[^.]+$/, '');
}

/** Whether a file is there. */
export async function isThere(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Shows the note in the active group, or beside it where the active group shows the recording itself. */
export async function showNote(document: TextDocument, recording: Uri): Promise<void> {
  const input: unknown = window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = typeof input === 'object' && input !== null && 'uri' in input ? input.uri : undefined;
  const isRecording = shown instanceof Uri && shown.toString() === recording.toString();
  await window.showTextDocument(document, {
    preview: false,
    viewColumn: isRecording ? ViewColumn.Beside : ViewColumn.Active,
  });
}
