import { window, workspace, type TextDocument, type Uri } from 'vscode';
import type { Recording } from '../../core/model';
import { planNoteUpdate } from '../../core/notes/planNoteUpdate';
import { joinBlocks } from '../../core/notes/renderNote';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import { applyEdits } from '../editor/applyEdits';
import { rememberPlaced } from '../notes/noteFiles';
import { blocksOf } from '../transcription/runNote';
import type { TranscriptionRun } from '../transcription/transcribeRecording';

/** The notes of recordings that lie nowhere beside: unsaved documents. One that is still open is brought up to date. */
export class UnsavedNotes {
  private readonly open = new Map<string, TextDocument>();

  /** Shows what a run brought. */
  async show(recording: Recording, log: TranscriptLog, run: Omit<TranscriptionRun, 'remarks'>): Promise<Uri> {
    const blocks = blocksOf(log, recording, run, { isBeside: false });
    const before = this.open.get(recording.path);
    const isUpdated =
      before !== undefined &&
      !before.isClosed &&
      (await applyEdits(before, (documentText) => planNoteUpdate(documentText, log.placed, blocks)));
    const document =
      before && isUpdated
        ? before
        : await workspace.openTextDocument({ language: 'markdown', content: joinBlocks(blocks) });
    this.open.set(recording.path, document);
    await rememberPlaced(log, document.uri, blocks);
    await window.showTextDocument(document, { preview: false });
    return document.uri;
  }

  /** The recording is done with. */
  forget({ path }: Recording): void {
    this.open.delete(path);
  }
}
