import { l10n, window, type Uri } from 'vscode';
import { defined } from '../../core/async/defined';
import { isAbort } from '../../core/errors';
import { renderNote } from '../../core/notes/renderNote';
import { formatTime } from '../../core/notes/timestamps';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { Consent } from './consent';
import { describeWithRetry } from '../recording/continueLater';
import { MEDIA_ENDINGS } from '../contributed/mediaEndings';
import { fileName, toLocalFile } from '../editor/localFiles';
import { showError, showInformation } from '../words/messages';
import { noteFacts, reasonOf } from '../notes/noteFacts';
import { openNote, type OpenNote } from '../notes/noteFiles';
import { plain, type Message } from '../words/remedies';
import { endpointInForce } from '../contributed/settings';
import {
  transcribeRecording,
  type FileJob,
  type TranscribeRecordingDependencies,
  type TranscriptionRun,
} from './transcribeRecording';
import { progressTitle, withTranscriptionProgress } from './transcriptionProgress';

interface Task {
  readonly file: Uri;
  readonly job: FileJob;
  /** Our unfinished note of the same file. */
  readonly earlier?: OpenNote;
}

/** What the transcription of files needs. */
export interface TranscribeFileDependencies extends TranscribeRecordingDependencies {
  readonly consent: Consent;
  /** The folder for copies of files that are not on this machine's disk. */
  readonly copiesFolder: Uri;
}

/**
 * **Minutes: Transcribe File…** and the explorer's **Transcribe Audio**: a recording becomes a note beside it. **Translate File to
 * English…** does the same with a note that is named after the language.
 */
export class TranscribeFile {
  private readonly underWay = new Set<string>();

  constructor(private readonly dependencies: TranscribeFileDependencies) {}

  /** Asks for the files. */
  async pick(job: FileJob): Promise<void> {
    const isTranslation = job === 'translation';
    const files = await window.showOpenDialog({
      title: isTranslation ? l10n.t('Translate File to English') : l10n.t('Transcribe File'),
      openLabel: isTranslation ? l10n.t('Translate') : l10n.t('Transcribe'),
      canSelectMany: true,
      filters: { [l10n.t('Audio and video')]: [...MEDIA_ENDINGS], [l10n.t('All files')]: ['*'] },
    });
    await this.all(files ?? [], job);
  }

  /** Works on these files one after the other. */
  async all(files: readonly Uri[], job: FileJob): Promise<void> {
    for (const file of files) await this.one({ file, job });
  }

  private async one(task: Task): Promise<void> {
    const { file, job } = task;
    const id = `${job} ${file.toString()}`;
    if (this.underWay.has(id)) {
      void showInformation(plain(l10n.t('"{0}" is being transcribed already.', fileName(file))));
      return;
    }
    this.underWay.add(id);
    try {
      const endpoint = endpointInForce();
      if (!(await this.dependencies.consent.isGiven(endpoint))) return;
      await this.transcribe(task, endpoint);
    } catch (error) {
      this.report(task, error);
    } finally {
      this.underWay.delete(id);
    }
  }

  private async transcribe(task: Task, endpoint: Endpoint): Promise<void> {
    const { file, job, earlier } = task;
    const transcriber = await this.dependencies.loadTranscriber();
    const local = await toLocalFile(file, this.dependencies.copiesFolder);
    try {
      const opened = await transcriber.open(local.path, fileName(file));
      const recording = local.modifiedMs === undefined ? opened : { ...opened, modifiedMs: local.modifiedMs };
      const run = await withTranscriptionProgress(progressTitle(recording.name, job), (signal, onEvent) =>
        transcribeRecording(recording, endpoint, job, this.dependencies, signal, onEvent),
      );
      const isEmpty = run.transcript.segments.length === 0;
      if (isEmpty && run.failure !== undefined) throw asError(run.failure);

      const facts = noteFacts(
        defined({
          recording,
          endpoint,
          job,
          ...run,
          stoppedBy: run.failure === undefined ? undefined : reasonOf(run.failure),
        }),
      );
      const suffix = job === 'translation' ? '.en' : '';
      const note = await openNote(file, renderNote(run.transcript, facts), suffix, earlier);
      if (note.unsavedBecause !== undefined) void showError(unsaved(note.unsavedBecause));
      if (run.failure !== undefined) this.report({ ...task, earlier: note }, run.failure, run);
      // The text is on disk, so the journal is not needed any more.
      else if (note.unsavedBecause === undefined) await transcriber.forget(recording);
    } finally {
      await local.release();
    }
  }

  /** Tells what went wrong, once, with buttons to go on. */
  private report(task: Task, error: unknown, run?: TranscriptionRun): void {
    const again = (): Promise<void> => this.one(task);
    if (isAbort(error)) {
      if (!run) return;
      const [at, of] = [formatTime(run.doneS), formatTime(run.totalS)];
      const text = l10n.t('Stopped at {0} of {1}. The note holds what was transcribed.', at, of);
      void showInformation({ text, actions: [{ title: l10n.t('Continue'), run: again }] });
      return;
    }
    void showError(describeWithRetry(error, fileName(task.file), again));
  }
}

function unsaved(reason: string): Message {
  return plain(
    l10n.t(
      'The note could not be written beside the recording ({0}). It is open unsaved: save it where there is room.',
      reason,
    ),
  );
}

function asError(failure: unknown): Error {
  return failure instanceof Error ? failure : new Error('failed', { cause: failure });
}
