import { l10n, Uri, workspace, WorkspaceEdit } from 'vscode';
import { NEVER } from '../../core/async/never';
import { defined } from '../../core/async/defined';
import type { Transcript } from '../../core/model';
import { changedHeading, finishHead } from '../../core/notes/meeting/finishHead';
import { meetingFrame } from '../../core/notes/meeting/meetingBlocks';
import { titledName } from '../../core/notes/meeting/meetingName';
import type { NoteFacts } from '../../core/notes/renderNote';
import type { PlacedBlock } from '../../core/transcript/logEntries';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import { saidNames } from '../../core/vocabulary/saidNames';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { readSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import { freeNameIn } from '../editor/freeName';
import { fileName } from '../editor/localFiles';
import { withinTime } from '../editor/withinTime';
import { isThere, rememberPlaced, updateNote } from '../notes/noteFiles';
import { logUriOf, type RunLog } from '../transcripts/runLog';
import { showInformation } from '../words/messages';
import { plain } from '../words/remedies';

/** The names of those who work on the workspace are read within this. */
const PEOPLE_MS = 2000;

/**
 * What a meeting's note says at its end besides what was said.
 *
 * @param documentText the note as it stands
 * @param log knows what Minutes wrote into it, and what the recording was called at first
 */
export async function finishedFrame(
  documentText: string,
  { placed, opened }: Pick<TranscriptLog, 'placed' | 'opened'>,
  transcript: Transcript,
  facts: NoteFacts,
  vocabulary: VocabularySource,
): Promise<readonly PlacedBlock[]> {
  const end = defined({
    lengthS: facts.lengthS,
    language: transcript.language,
    model: facts.engine,
    attendees: saidNames(transcript.segments.map(({ text }) => text).join('\n'), await people(vocabulary)),
    title: changedHeading(documentText, placed),
    renamed: opened.recording.name === facts.name ? undefined : { from: opened.recording.name, to: facts.name },
  });
  return meetingFrame(transcript, facts, finishHead(placed, end));
}

/** The people that the workspace's words know. */
async function people(vocabulary: VocabularySource): Promise<readonly string[]> {
  const terms = await withinTime(PEOPLE_MS, (signal) => vocabulary.collect(signal), NEVER);
  return (terms ?? []).filter(({ kind }) => kind === 'person').map(({ text }) => text);
}

/** A meeting's files. */
export interface MeetingFiles {
  readonly note: Uri;
  readonly recording: Uri;
}

/**
 * Renames note, recording and log after the heading that the user typed, where the setting says so. Editors follow; no file is overwritten.
 *
 * @param kept the meeting's log, in our storage; it learns the new places
 * @returns where the files are now
 */
export async function renameByTitle(files: MeetingFiles, kept: RunLog): Promise<MeetingFiles> {
  if (!readSetting(SETTINGS.renameByTitle, files.note)) return files;
  const document = await workspace.openTextDocument(files.note);
  const heading = changedHeading(document.getText(), kept.log.placed);
  const stem = fileName(files.note).replace(/\.md$/i, '');
  const titled = heading === undefined ? undefined : titledName(stem, heading);
  if (titled === undefined) return files;
  const name = await freeNameIn(
    [
      { folder: Uri.joinPath(files.note, '..'), ending: 'md' },
      { folder: Uri.joinPath(files.note, '..'), ending: 'minutes.jsonl' },
      { folder: Uri.joinPath(files.recording, '..'), ending: 'wav' },
    ],
    titled,
    '-',
  );
  const renamed = {
    note: Uri.joinPath(files.note, '..', `${name}.md`),
    recording: Uri.joinPath(files.recording, '..', `${name}.wav`),
  };
  if (!(await moveAll(files, renamed))) {
    const text = l10n.t('The meeting keeps its name: its files cannot be renamed to {0}.', name);
    void showInformation(plain(text));
    return files;
  }
  await tellName(files, renamed, kept);
  return renamed;
}

/** All of them or none. */
async function moveAll(from: MeetingFiles, to: MeetingFiles): Promise<boolean> {
  const edit = new WorkspaceEdit();
  edit.renameFile(from.note, to.note, { overwrite: false });
  edit.renameFile(from.recording, to.recording, { overwrite: false });
  const log = logUriOf(from.note);
  if (await isThere(log)) edit.renameFile(log, logUriOf(to.note), { overwrite: false });
  return workspace.applyEdit(edit);
}

/** Writes the recording's new name into the note, and the new places into the log. */
async function tellName(from: MeetingFiles, to: MeetingFiles, { log }: RunLog): Promise<void> {
  const renamed = { from: fileName(from.recording), to: fileName(to.recording) };
  const head = finishHead(log.placed, { renamed });
  if (await updateNote(to.note, log, head)) await rememberPlaced(log, to.note, head);
  await log.append({
    kind: 'located',
    origin: 'meeting',
    recording: to.recording.toString(),
    note: to.note.toString(),
  });
}
