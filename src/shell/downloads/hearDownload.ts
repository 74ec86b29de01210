import { l10n, Uri } from 'vscode';
import type { RecordingDownloads } from '../../core/downloads/recordingDownloads';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { isAbort, problemOf, type ProblemCode } from '../../core/errors';
import { taskOf, type Recording } from '../../core/model';
import { formatTime } from '../../core/notes/timestamps';
import type { RunPlan } from '../../core/transcription/fileTranscriber';
import { wishesInForce } from '../contributed/settings';
import { describeWithRetry } from '../recording/continueLater';
import { mayCost } from '../transcription/mayCost';
import {
  transcribeRecording,
  type FileJob,
  type TranscribeRecordingDependencies,
  type TranscriptionRun,
} from '../transcription/transcribeRecording';
import { progressTitle, withTranscriptionProgress } from '../transcription/transcriptionProgress';
import type { RunLog } from '../transcripts/runLog';
import type { RunLogs } from '../transcripts/runLogs';
import { showError, showInformation, showWarning } from '../words/messages';
import type { MessageAction } from '../words/remedies';
import { UnsavedNotes } from './unsavedNotes';

/** What hearing a downloaded recording needs. */
export interface HearDownloadDependencies extends TranscribeRecordingDependencies {
  readonly logs: RunLogs;
  readonly closing: AbortSignal;
  readonly loadDownloads: () => Promise<RecordingDownloads>;
}

/** Why no later try would bring text. */
const HOPELESS: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['noSpeech', 'noAudioTrack', 'notAudio', 'fileEmpty']);

/** One recording that was downloaded, and what the user wants of it. */
export interface DownloadTask {
  readonly recording: Recording;
  readonly job: FileJob;
  readonly endpoint: Endpoint;
  /** Does all of it again, as far as it is not done. */
  readonly again: () => Promise<unknown>;
}

/** Turns a downloaded recording into an unsaved note. The recording is kept until all its text is there, then deleted. */
export class HearDownload {
  private readonly notes = new UnsavedNotes();

  constructor(private readonly dependencies: HearDownloadDependencies) {}

  /** Goes on with the log of an earlier try. @throws MinutesError `transcriptBusy`, `diskFull` */
  async hear(task: DownloadTask): Promise<void> {
    const { recording, job, endpoint } = task;
    const { closing } = this.dependencies;
    const kept = await this.openLog(task);
    try {
      const { log } = kept;
      const run = await withTranscriptionProgress(progressTitle(recording.name, job), (cancel, onEvent) => {
        const signal = AbortSignal.any([cancel, closing]);
        const mayBegin = (plan: RunPlan): Promise<boolean> => mayCost(recording.name, plan, endpoint, job);
        return transcribeRecording(recording, { endpoint, job, log, signal, onEvent, mayBegin }, this.dependencies);
      });
      // Nobody stopped it: the next start goes on.
      if (!closing.aborted) await this.settle(task, kept, run);
    } finally {
      await kept.leave();
    }
  }

  private async openLog({ recording, job }: DownloadTask): Promise<RunLog> {
    const { logs } = this.dependencies;
    const uri = Uri.file(recording.path);
    const located = { origin: 'download', recording: uri.toString() } as const;
    const found = await logs.ofRecording(uri, recording, taskOf(job));
    if (found && !found.isSettled) return logs.resume(found, located);
    return logs.begin(recording, taskOf(job), wishesInForce(job), located);
  }

  private async settle(task: DownloadTask, kept: RunLog, run: TranscriptionRun): Promise<void> {
    const { transcript, failure } = run;
    const { recording } = task;
    const hasText = transcript.segments.length > 0;
    if (hasText) await this.notes.show(recording, kept.log, run);
    const code = problemOf(failure)?.code;
    const isHopeless = code !== undefined && HOPELESS.has(code);
    const hasGaps = transcript.gaps.some(({ kind }) => kind === 'failed');
    if (isHopeless || (failure === undefined && !hasGaps)) {
      await kept.discard();
      await this.remove(recording);
    } else if (kept.log.folded.answers.length === 0) {
      await kept.discard();
    }
    if (failure !== undefined) this.report(task, failure, run);
    else if (hasGaps) this.tellGaps(task);
  }

  private async remove(recording: Recording): Promise<void> {
    this.notes.forget(recording);
    await (await this.dependencies.loadDownloads()).remove(recording);
  }

  private report(task: DownloadTask, failure: unknown, { doneS, totalS, transcript }: TranscriptionRun): void {
    const { recording, again } = task;
    if (!isAbort(failure)) {
      void showError(describeWithRetry(failure, recording.name, again));
      return;
    }
    const text =
      transcript.segments.length > 0
        ? l10n.t(
            'Stopped at {0} of {1}. The note holds what was transcribed; the recording is kept for a week.',
            formatTime(doneS),
            formatTime(totalS),
          )
        : l10n.t('Stopped. Nothing was transcribed; "{0}" is kept for a week.', recording.name);
    void showInformation({ text, actions: [continuing(again), this.deleting(recording)] });
  }

  private tellGaps({ recording, again }: DownloadTask): void {
    const text = l10n.t(
      '"{0}" has gaps: parts could not be transcribed. Their places are marked in the note; the recording is kept for a week.',
      recording.name,
    );
    void showWarning({ text, actions: [{ title: l10n.t('Retry Gaps'), run: again }] });
  }

  private deleting(recording: Recording): MessageAction {
    const run = async (): Promise<void> => {
      const { logs } = this.dependencies;
      for (const kept of await logs.stored()) {
        if (kept.located?.recording === Uri.file(recording.path).toString()) await logs.remove(kept);
      }
      await this.remove(recording);
    };
    return { title: l10n.t('Delete It'), run };
  }
}

/** A button that goes on. */
export function continuing(run: () => Promise<unknown>): MessageAction {
  return { title: l10n.t('Continue'), run };
}
