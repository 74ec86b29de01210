import { l10n, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { isAbort, MinutesError } from '../../core/errors';
import type { Gap, Recording, SpeechTask, Transcript } from '../../core/model';
import { formatTime } from '../../core/notes/timestamps';
import type { Consent } from './consent';
import { describeWithRetry } from '../recording/continueLater';
import { endpointInForce } from '../contributed/settings';
import { MEDIA_ENDINGS } from '../contributed/mediaEndings';
import { fileName, toLocalFile } from '../editor/localFiles';
import { rememberPlaced, updateNote } from '../notes/noteFiles';
import { gapAt } from '../notes/gapsOfNote';
import { describeFailure, showError, showInformation, showWarning } from '../words/messages';
import { plain } from '../words/remedies';
import type { RunLog } from '../transcripts/runLog';
import type { FoundLog, RunLogs } from '../transcripts/runLogs';
import { blocksOf } from './runNote';
import { transcribeGaps, type FileJob, type TranscribeRecordingDependencies } from './transcribeRecording';
import { withTranscriptionProgress } from './transcriptionProgress';

/** What asking again for a gap needs. */
export interface RetryGapDependencies extends TranscribeRecordingDependencies {
  readonly consent: Consent;
  readonly logs: RunLogs;
  /** The folder for copies of files that are not on this machine's disk. */
  readonly copiesFolder: Uri;
  /** Where meetings are recorded that lie in no workspace. */
  readonly recordingsFolder: Uri;
}

/** **Minutes: Retry Gap**: asks again for a part that could not be transcribed; its text takes the gap's place in the note. */
export class RetryGap {
  private readonly underWay = new Set<string>();

  constructor(private readonly dependencies: RetryGapDependencies) {}

  /**
   * @param note absent: the note of the active editor
   * @param which a gap's id, or `all`; absent: the gap at the caret, else the only one, else the user chooses
   */
  async retry(note?: Uri, which?: string): Promise<void> {
    const uri = note ?? window.activeTextEditor?.document.uri;
    const found = uri && (await this.dependencies.logs.ofNote(uri));
    if (!uri || !found) {
      void showInformation(plain(l10n.t('This document has no gaps. Open a note that Minutes wrote, and try again.')));
      return;
    }
    const key = uri.toString();
    if (this.underWay.has(key) || found.isBusy) {
      void showInformation(plain(l10n.t('"{0}" is being transcribed already.', fileName(uri))));
      return;
    }
    this.underWay.add(key);
    try {
      await this.inNote(uri, found, which);
    } catch (error) {
      if (!isAbort(error)) void showError(describeWithRetry(error, fileName(uri), () => this.retry(uri, which)));
    } finally {
      this.underWay.delete(key);
    }
  }

  private async inNote(note: Uri, found: FoundLog, which: string | undefined): Promise<void> {
    const { consent, logs, recordingsFolder } = this.dependencies;
    const recording = await findRecording(note, found, recordingsFolder);
    if (!recording) return;
    const endpoint = endpointInForce();
    if (!(await consent.isGiven(endpoint))) return;
    const origin = found.located?.origin ?? 'file';
    const kept = await logs.resume(found, { origin, recording: recording.toString(), note: note.toString() });
    try {
      const gaps = await chooseGaps(await kept.log.transcript(), note, kept, which);
      if (gaps.length > 0) await this.ask(note, recording, kept, gaps);
      else await giveBack(kept, found);
    } finally {
      await kept.leave();
    }
  }

  private async ask(note: Uri, file: Uri, kept: RunLog, gaps: readonly Gap[]): Promise<void> {
    const { log } = kept;
    const job = jobOf(log.opened.task);
    const local = await toLocalFile(file, this.dependencies.copiesFolder);
    try {
      const transcriber = await this.dependencies.loadTranscriber();
      const recording = await transcriber.open(local.path, fileName(file));
      const title =
        gaps.length === 1
          ? l10n.t('Asking again for a gap in {0}', fileName(note))
          : l10n.t('Asking again for gaps in {0}', fileName(note));
      const run = await withTranscriptionProgress(title, (signal, onEvent) =>
        transcribeGaps(recording, gaps, { endpoint: endpointInForce(), job, log, signal, onEvent }, this.dependencies),
      );
      await this.write(note, { ...recording, ...log.opened.recording }, kept, run.transcript);
      if (run.failure !== undefined) throw asError(run.failure);
      tell(run.transcript, gaps);
    } finally {
      await local.release();
    }
  }

  private async write(note: Uri, recording: Recording, kept: RunLog, transcript: Transcript): Promise<void> {
    const { log } = kept;
    const { sampleCount = 0 } = log.prepared ?? {};
    const fresh = blocksOf(log, recording, { transcript, totalS: sampleCount / 16_000 });
    // The heading is the user's, and the mark of a run that stopped early stays until that run goes on.
    const old = log.placed.filter(({ id }) => id === 'title' || id === 'stopped');
    const blocks = [...fresh.filter(({ id }) => id !== 'title'), ...old].sort((a, b) => a.order - b.order);
    if (!(await updateNote(note, log, blocks))) {
      void showError(
        plain(l10n.t('The note cannot be changed. The text is kept; make {0} writable and try again.', fileName(note))),
      );
      await kept.leave();
      return;
    }
    await rememberPlaced(log, note, blocks);
    await kept.finish(note, log.isSettled);
  }
}

/** A log that was only looked at goes away again where it lies beside the note as well. */
async function giveBack(kept: RunLog, found: FoundLog): Promise<void> {
  if (found.text === undefined) await kept.leave();
  else await kept.discard();
}

function jobOf(task: SpeechTask): FileJob {
  return task === 'translate' ? 'translation' : 'meeting';
}

async function chooseGaps(
  { gaps }: Transcript,
  note: Uri,
  { log }: RunLog,
  which: string | undefined,
): Promise<readonly Gap[]> {
  if (which !== undefined) {
    const wanted = gaps.filter(({ id, kind }) => (which === 'all' ? kind === 'failed' : id === which));
    if (wanted.length === 0) void showInformation(plain(l10n.t('{0} has no such gap any more.', fileName(note))));
    return wanted;
  }
  const editor = window.visibleTextEditors.find(({ document }) => document.uri.toString() === note.toString());
  const atCaret = editor && gapAt(editor.document.getText(), editor.selection.active.line, log.placed, gaps);
  if (atCaret) return [atCaret];
  if (gaps.length <= 1) {
    if (gaps.length === 0) void showInformation(plain(l10n.t('{0} has no gaps.', fileName(note))));
    return gaps;
  }
  const items: (QuickPickItem & { readonly chosen: readonly Gap[] })[] = gaps.map((gap) => ({
    label: `${formatTime(gap.startS)}–${formatTime(Math.ceil(gap.endS))}`,
    description: gap.kind === 'failed' ? l10n.t('not transcribed') : l10n.t('not understood'),
    chosen: [gap],
  }));
  const all = { label: l10n.t('All Gaps'), chosen: gaps };
  const picked = await window.showQuickPick([all, ...items], { title: l10n.t('Which gap should be asked for again?') });
  return picked?.chosen ?? [];
}

/** The recording of a note: where it was, beside the note, or among our own. The user may show where it is now. */
async function findRecording(
  note: Uri,
  { located, opened }: FoundLog,
  recordingsFolder: Uri,
): Promise<Uri | undefined> {
  const { name, sizeBytes } = opened.recording;
  const beside = [name, renamedWith(note, name)].map((one) => Uri.joinPath(note, '..', one));
  const inStorage = Uri.joinPath(recordingsFolder, name);
  const known = located?.recording === undefined || located.recording === '' ? [] : [Uri.parse(located.recording)];
  const places = [...known, ...beside, inStorage, Uri.joinPath(recordingsFolder, renamedWith(note, name))];
  for (const place of places) if (await isSame(place, sizeBytes)) return place;
  const choose = l10n.t('Choose Recording…');
  const { text } = describeFailure(new MinutesError({ code: 'recordingGone', file: name }));
  if ((await window.showErrorMessage(text, choose)) !== choose) return undefined;
  const chosen = await window.showOpenDialog({ filters: { [l10n.t('Audio and video')]: [...MEDIA_ENDINGS] } });
  const [file] = chosen ?? [];
  if (file && (await isSame(file, sizeBytes))) return file;
  if (file) throw new MinutesError({ code: 'recordingGone', file: name });
  return undefined;
}

/** The name of a recording that was renamed with its note. */
function renamedWith(note: Uri, name: string): string {
  return fileName(note).replace(/\.md$/i, '') + (/\.[^.]*$/.exec(name)?.[0] ?? '');
}

/** Whether the file is the recording. The size of one that Minutes recorded is not in its log. */
async function isSame(file: Uri, sizeBytes: number): Promise<boolean> {
  return workspace.fs.stat(file).then(
    ({ size }) => sizeBytes === 0 || size === sizeBytes,
    () => false,
  );
}

function tell(transcript: Transcript, asked: readonly Gap[]): void {
  const left = asked.filter(({ id }) => transcript.gaps.some((gap) => gap.id === id)).length;
  if (left === 0) return;
  const text =
    left === 1
      ? l10n.t('The gap could not be filled this time either. Try again later, or with another model.')
      : l10n.t('{0} gaps could not be filled this time either. Try again later, or with another model.', left);
  void showWarning(plain(text));
}

function asError(failure: unknown): Error {
  return failure instanceof Error ? failure : new Error('failed', { cause: failure });
}
