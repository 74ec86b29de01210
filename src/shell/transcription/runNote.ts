import { l10n, Uri, window, workspace } from 'vscode';
import { defined } from '../../core/async/defined';
import type { Recording, Transcript } from '../../core/model';
import { meetingBlocks } from '../../core/notes/live/liveBlocks';
import { isMeetingNote } from '../../core/notes/meeting/meetingBlocks';
import { noteBlocks } from '../../core/notes/renderNote';
import type { PlacedBlock } from '../../core/transcript/logEntries';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import { fileName } from '../editor/localFiles';
import { noteFacts, reasonOf, type NoteCircumstances } from '../notes/noteFacts';
import { meetingWords } from '../notes/meetingWords';
import {
  createNote,
  freeNote,
  isThere,
  noteStem,
  rememberPlaced,
  showNote,
  updateNote,
  type OpenNote,
} from '../notes/noteFiles';
import { showError } from '../words/messages';
import { plain } from '../words/remedies';
import type { RunLog } from '../transcripts/runLog';
import type { FoundLog, RunLogs } from '../transcripts/runLogs';
import type { TranscriptionRun } from './transcribeRecording';

/**
 * Writes what a run brought into its note, a new one where it has none yet, and ends the work on the log.
 *
 * @returns the note; undefined where it could only be opened unsaved
 */
export async function writeRunNote(
  file: Uri,
  recording: Recording,
  kept: RunLog,
  run: Omit<TranscriptionRun, 'remarks'>,
): Promise<Uri | undefined> {
  const { log } = kept;
  const blocks = blocksOf(log, recording, run, defined({ title: await titleOf(file) }));
  const written = await writeBlocks(file, kept, blocks);
  if (written.unsavedBecause !== undefined) {
    void showError(unsaved(written.unsavedBecause));
    await kept.leave();
    return undefined;
  }
  await rememberPlaced(log, written.uri, blocks);
  await log.append({ kind: 'located', origin: 'file', recording: file.toString(), note: written.uri.toString() });
  await kept.finish(written.uri, run.failure === undefined);
  return written.uri;
}

/** Opens the note of a log. One that is gone is made again. */
export async function openKnownNote(file: Uri, found: FoundLog, logs: RunLogs): Promise<void> {
  const note = found.located?.note === undefined ? undefined : Uri.parse(found.located.note);
  if (note && (await isThere(note))) {
    await showNote(await workspace.openTextDocument(note), file);
    return;
  }
  const kept = await logs.resume(found, { origin: 'file', recording: file.toString() });
  try {
    const { recording } = found.opened;
    const transcript = await kept.log.transcript();
    const progress = { transcript, doneS: found.doneS, totalS: found.totalS };
    await writeRunNote(file, { ...recording, path: file.fsPath }, kept, progress);
  } finally {
    await kept.leave();
  }
}

/** The blocks of a recording's note. */
export function blocksOf(
  log: TranscriptLog,
  recording: Pick<Recording, 'name' | 'modifiedMs'>,
  run: { readonly transcript: Transcript } & Partial<Omit<TranscriptionRun, 'transcript'>>,
  as: Pick<NoteCircumstances, 'title' | 'isBeside'> = {},
): PlacedBlock[] {
  const { transcript, doneS = 0, totalS = 0, failure } = run;
  const { remarks = [], recordedMs } = log.prepared ?? {};
  const facts = noteFacts(
    defined({
      recording,
      title: as.title,
      isBeside: as.isBeside,
      task: log.opened.task,
      transcript,
      doneS,
      totalS,
      remarks,
      recordedMs,
      stoppedBy: failure === undefined ? undefined : reasonOf(failure),
    }),
  );
  if (!isMeetingNote(log.placed)) return noteBlocks(transcript, facts);
  // What comes late stands in paragraphs of its own: those that are there may have been edited.
  const shown = { written: log.placed, isUntouched: () => false };
  return meetingBlocks(shown, transcript, log.happenings, meetingWords(log.trackNames), facts);
}

/** The heading, where only the ending tells the recording from another one. */
async function titleOf(file: Uri): Promise<string | undefined> {
  const stem = await noteStem(file);
  return stem === fileName(file) ? stem : undefined;
}

async function writeBlocks(file: Uri, kept: RunLog, blocks: readonly PlacedBlock[]): Promise<OpenNote> {
  const { note } = kept;
  if (note && kept.log.placed.length > 0 && (await updateNote(note, kept.log, blocks, file))) return { uri: note };
  const suffix = kept.log.opened.task === 'translate' ? '.en' : '';
  return freeNote(file, suffix).then(
    (uri) => createNote(file, uri, blocks),
    (error: unknown) => openUnsaved(blocks, error),
  );
}

async function openUnsaved(blocks: readonly PlacedBlock[], error: unknown): Promise<OpenNote> {
  const content = blocks.map(({ text }) => text).join('\n\n') + '\n';
  const document = await workspace.openTextDocument({ language: 'markdown', content });
  await window.showTextDocument(document, { preview: false });
  return { uri: document.uri, unsavedBecause: error instanceof Error ? error.message : String(error) };
}

function unsaved(reason: string): ReturnType<typeof plain> {
  return plain(
    l10n.t(
      'The note is open unsaved. It could not be written beside the recording ({0}): save it where there is room.',
      reason,
    ),
  );
}
