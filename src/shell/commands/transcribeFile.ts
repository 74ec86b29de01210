import { l10n, ProgressLocation, window, type Progress, type Uri } from 'vscode';
import { isAbort, problemOf } from '../../core/errors';
import type { Recording, Transcript } from '../../core/model';
import { renderNote } from '../../core/notes/renderNote';
import { formatTime } from '../../core/notes/timestamps';
import type { FileTranscriber, TranscriptionOptions, VocabularySource } from '../../core/ports';
import type { Endpoint } from '../../core/speech/endpoint';
import { EMPTY_TRANSCRIPT } from '../../core/transcript/appendChunk';
import { toAbortSignal } from '../abortSignal';
import type { Consent } from '../consent';
import { MEDIA_ENDINGS } from '../contributions';
import { fileName, toLocalFile } from '../localFiles';
import { describeProblem, showError, showInformation } from '../messages';
import { noteFacts } from '../noteFacts';
import { openNote, type OpenNote } from '../noteFiles';
import type { Message } from '../remedies';
import { withPrompt } from '../requestPrompt';
import { endpointInForce, optionsInForce } from '../settings';

/** What is needed of the rest of the house. Loading the transcriber is the first use of the network code. */
export interface TranscribeFileDependencies {
  readonly loadTranscriber: () => Promise<FileTranscriber>;
  readonly consent: Consent;
  readonly vocabulary: VocabularySource;
  /** Where copies of files go that are not on this machine's disk. */
  readonly copiesFolder: Uri;
}

/** How far a run came. */
interface Run {
  transcript: Transcript;
  doneS: number;
  totalS: number;
  isTruncated: boolean;
  /** Why it ended before the recording did. */
  failure?: unknown;
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
      void showInformation({ text: l10n.t('"{0}" is being transcribed already.', fileName(file)), actions: [] });
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
    const options = optionsInForce(endpoint);
    const transcriber = await this.dependencies.loadTranscriber();
    const local = await toLocalFile(file, this.dependencies.copiesFolder);
    try {
      const opened = await transcriber.open(local.path, fileName(file));
      const recording = local.modifiedMs === undefined ? opened : { ...opened, modifiedMs: local.modifiedMs };
      const run = await this.runWithProgress(transcriber, recording, endpoint, options);
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

  /** Reads the run's events to their end. A failure is part of the result: what was heard before it is kept. */
  private async runWithProgress(
    transcriber: FileTranscriber,
    recording: Recording,
    endpoint: Endpoint,
    options: TranscriptionOptions,
  ): Promise<Run> {
    const run: Run = { transcript: EMPTY_TRANSCRIPT, doneS: 0, totalS: 0, isTruncated: false };
    await window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t('Transcribing {0}', recording.name), cancellable: true },
      async (progress, token) => {
        try {
          const percent = new PercentReporter(progress);
          const signal = toAbortSignal(token);
          const asked = await withPrompt(options, endpoint, this.dependencies.vocabulary, signal);
          for await (const event of transcriber.transcribeFile(recording, endpoint, asked, signal)) {
            if (event.kind === 'preparing')
              progress.report({ message: l10n.t('reading {0}', formatTime(event.doneS)) });
            else run.totalS = event.totalS;
            if (event.kind === 'prepared') {
              run.isTruncated = event.isTruncated;
              percent.report(0, run.totalS);
            }
            if (event.kind === 'transcribed') {
              run.transcript = event.transcript;
              run.doneS = event.doneS;
              percent.report(run.doneS, run.totalS);
            }
          }
        } catch (error) {
          run.failure = error;
        }
      },
    );
    return run;
  }

  /** Says what went wrong, once, with the way on. */
  private report(file: Uri, error: unknown, earlier: OpenNote | undefined, run?: Run): void {
    const again = { title: l10n.t('Try Again'), run: () => this.one(file, earlier) };
    if (isAbort(error)) {
      if (!run) return;
      const text = l10n.t(
        'Stopped at {0} of {1}. The note holds what was transcribed.',
        formatTime(run.doneS),
        formatTime(run.totalS),
      );
      void showInformation({ text, actions: [{ ...again, title: l10n.t('Continue') }] });
      return;
    }
    const problem = problemOf(error);
    if (!problem) {
      void showError({
        text: l10n.t('Transcribing "{0}" failed: {1}', fileName(file), String(error)),
        actions: [again],
      });
      return;
    }
    const message = describeProblem(problem);
    void showError({ ...message, actions: [...message.actions, again] });
  }
}

/** Percent of the audio's time; VS Code wants increments. */
class PercentReporter {
  private saidPercent = 0;

  constructor(private readonly progress: Progress<{ message?: string; increment?: number }>) {}

  report(doneS: number, totalS: number): void {
    const percent = Math.floor((100 * doneS) / totalS);
    this.progress.report({
      message: l10n.t('{0} of {1} ({2} %)', formatTime(doneS), formatTime(totalS), percent),
      increment: percent - this.saidPercent,
    });
    this.saidPercent = percent;
  }
}

function reasonOf(failure: unknown): string {
  if (isAbort(failure)) return l10n.t('You stopped it.');
  const problem = problemOf(failure);
  return problem ? describeProblem(problem).text : String(failure);
}

function unsaved(reason: string): Message {
  return {
    text: l10n.t(
      'The note could not be written beside the recording ({0}). It is open unsaved: save it where there is room.',
      reason,
    ),
    actions: [],
  };
}

function asError(failure: unknown): Error {
  return failure instanceof Error ? failure : new Error('failed', { cause: failure });
}
