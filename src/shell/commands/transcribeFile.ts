import { l10n, ProgressLocation, window, type Progress, type Uri } from 'vscode';
import { isAbort } from '../../core/errors';
import type { Recording } from '../../core/model';
import { renderNote } from '../../core/notes/renderNote';
import { formatTime } from '../../core/notes/timestamps';
import type { TranscriptionEvent } from '../../core/ports';
import type { Endpoint } from '../../core/speech/endpoint';
import { toAbortSignal } from '../abortSignal';
import type { Consent } from '../consent';
import { MEDIA_ENDINGS } from '../contributions';
import { fileName, toLocalFile } from '../localFiles';
import { describeFailure, showError, showInformation } from '../messages';
import { noteFacts, reasonOf } from '../noteFacts';
import { openNote, type OpenNote } from '../noteFiles';
import { plain, type Message } from '../remedies';
import { endpointInForce } from '../settings';
import {
  transcribeRecording,
  type TranscribeRecordingDependencies,
  type TranscriptionRun,
} from '../transcribeRecording';

export interface TranscribeFileDependencies extends TranscribeRecordingDependencies {
  readonly consent: Consent;
  /** Where copies of files go that are not on this machine's disk. */
  readonly copiesFolder: Uri;
}

/** **Minutes: Transcribe File…** and the explorer's **Transcribe Audio**: a recording becomes a note beside it. */
export class TranscribeFile {
  private readonly underWay = new Set<string>();

  constructor(private readonly dependencies: TranscribeFileDependencies) {}

  /** Asks for the files. */
  async pick(): Promise<void> {
    const files = await window.showOpenDialog({
      title: l10n.t('Transcribe File'),
      openLabel: l10n.t('Transcribe'),
      canSelectMany: true,
      filters: { [l10n.t('Audio and video')]: [...MEDIA_ENDINGS], [l10n.t('All files')]: ['*'] },
    });
    await this.all(files ?? []);
  }

  /** Transcribes these files one after the other. */
  async all(files: readonly Uri[]): Promise<void> {
    for (const file of files) await this.one(file);
  }

  /** @param earlier our unfinished note of the same file */
  private async one(file: Uri, earlier?: OpenNote): Promise<void> {
    const id = file.toString();
    if (this.underWay.has(id)) {
      void showInformation(plain(l10n.t('"{0}" is being transcribed already.', fileName(file))));
      return;
    }
    this.underWay.add(id);
    try {
      const endpoint = endpointInForce();
      if (!(await this.dependencies.consent.isGiven(endpoint))) return;
      await this.transcribe(file, endpoint, earlier);
    } catch (error) {
      this.report(file, error, earlier);
    } finally {
      this.underWay.delete(id);
    }
  }

  private async transcribe(file: Uri, endpoint: Endpoint, earlier: OpenNote | undefined): Promise<void> {
    const transcriber = await this.dependencies.loadTranscriber();
    const local = await toLocalFile(file, this.dependencies.copiesFolder);
    try {
      const opened = await transcriber.open(local.path, fileName(file));
      const recording = local.modifiedMs === undefined ? opened : { ...opened, modifiedMs: local.modifiedMs };
      const run = await this.runWithProgress(recording, endpoint);
      const isEmpty = run.transcript.segments.length === 0;
      if (isEmpty && run.failure !== undefined) throw asError(run.failure);

      const facts = noteFacts({
        recording,
        endpoint,
        ...run,
        ...(run.failure === undefined ? {} : { stoppedBy: reasonOf(run.failure) }),
      });
      const note = await openNote(file, renderNote(run.transcript, facts), earlier);
      if (note.unsavedBecause !== undefined) void showError(unsaved(note.unsavedBecause));
      if (run.failure !== undefined) this.report(file, run.failure, note, run);
      // The text is on disk: nothing needs to be kept for another run.
      else if (note.unsavedBecause === undefined) await transcriber.forget(recording);
    } finally {
      await local.release();
    }
  }

  private async runWithProgress(recording: Recording, endpoint: Endpoint): Promise<TranscriptionRun> {
    const title = l10n.t('Transcribing {0}', recording.name);
    return window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => {
        const percent = new PercentReporter(progress);
        return transcribeRecording(recording, endpoint, this.dependencies, toAbortSignal(token), (event) => {
          percent.report(event);
        });
      },
    );
  }

  /** Says what went wrong, once, with the way on. */
  private report(file: Uri, error: unknown, earlier: OpenNote | undefined, run?: TranscriptionRun): void {
    const again = { title: l10n.t('Try Again'), run: () => this.one(file, earlier) };
    if (isAbort(error)) {
      if (!run) return;
      const [at, of] = [formatTime(run.doneS), formatTime(run.totalS)];
      const text = l10n.t('Stopped at {0} of {1}. The note holds what was transcribed.', at, of);
      void showInformation({ text, actions: [{ ...again, title: l10n.t('Continue') }] });
      return;
    }
    const message = describeFailure(error);
    void showError({ ...message, actions: [...message.actions, again] });
  }
}

/** Percent of the audio's time; VS Code wants increments. */
class PercentReporter {
  private saidPercent = 0;

  constructor(private readonly progress: Progress<{ message?: string; increment?: number }>) {}

  report(event: TranscriptionEvent): void {
    if (event.kind === 'preparing') this.progress.report({ message: l10n.t('reading {0}', formatTime(event.doneS)) });
    if (event.kind === 'prepared') this.reportDone(0, event.totalS);
    if (event.kind === 'transcribed') this.reportDone(event.doneS, event.totalS);
  }

  private reportDone(doneS: number, totalS: number): void {
    const percent = Math.floor((100 * doneS) / totalS);
    this.progress.report({
      message: l10n.t('{0} of {1} ({2} %)', formatTime(doneS), formatTime(totalS), percent),
      increment: percent - this.saidPercent,
    });
    this.saidPercent = percent;
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
