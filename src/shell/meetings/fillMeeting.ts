import { l10n, Uri, window, workspace } from 'vscode';
import type { RecordingStore } from '../../core/capture/recordings';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { isAbort, MinutesError, problemOf } from '../../core/errors';
import type { Recording } from '../../core/model';
import type { PlacedBlock } from '../../core/transcript/logEntries';
import type { RunPlan } from '../../core/transcription/fileTranscriber';
import { SelectionCost } from '../../core/transcription/selectionCost';
import { endpointInForce } from '../contributed/settings';
import { fileName } from '../editor/localFiles';
import { noteFacts } from '../notes/noteFacts';
import { describeWithRetry } from '../recording/continueLater';
import type { WorkState } from '../recording/workState';
import type { Consent } from '../transcription/consent';
import { mayCost } from '../transcription/mayCost';
import { tellGaps } from '../transcription/tellGaps';
import {
  transcribeRecording,
  type TranscribeRecordingDependencies,
  type TranscriptionRun,
} from '../transcription/transcribeRecording';
import { progressTitle, withTranscriptionProgress } from '../transcription/transcriptionProgress';
import type { RunLog } from '../transcripts/runLog';
import type { RunLogs } from '../transcripts/runLogs';
import { describeFailure, describeProblem, showError, showInformation, showWarning } from '../words/messages';
import { plain } from '../words/remedies';
import type { EarlyRun } from './earlyRun';
import { finishedFrame, renameByTitle } from './finishMeeting';
import type { LiveMeeting } from './live/liveMeeting';
import type { LiveMeetings } from './live/liveMeetings';

/** What filling a meeting's note needs. */
export interface FillMeetingDependencies extends TranscribeRecordingDependencies {
  readonly work: WorkState;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly consent: Consent;
  readonly logs: RunLogs;
}

/** A meeting that was recorded, and what began while it was. */
export interface RecordedMeeting {
  readonly recording: Recording;
  readonly startedAt: Date;
  readonly kept: RunLog;
  readonly live: LiveMeeting;
  readonly early?: EarlyRun;
}

/** Completes the notes of meetings whose recording has ended. */
export class FillMeeting {
  constructor(
    private readonly live: LiveMeetings,
    private readonly dependencies: FillMeetingDependencies,
  ) {}

  /**
   * Fills the note with the rest of the recording's text. The recording is not offered again. False where it failed: then recording and log
   * are kept for another attempt, and the note has the text until there.
   */
  async fill(meeting: RecordedMeeting, endpoint: Endpoint): Promise<boolean> {
    const { recording, kept, live } = meeting;
    try {
      const run = await this.transcribe(meeting, endpoint);
      const problem = problemOf(run.failure);
      if (problem?.code === 'noSpeech') {
        await (await this.dependencies.loadStore()).settle(recording.path);
        await kept.discard();
        void showInformation(describeProblem(problem));
        return true;
      }
      if (run.failure === undefined) {
        await this.complete(meeting, run);
        return true;
      }
      live.endWords();
      await kept.leave();
      this.offerAgain(meeting, run.failure);
      return false;
    } finally {
      this.live.end(live);
    }
  }

  private async transcribe(
    { recording, kept, live, early }: RecordedMeeting,
    endpoint: Endpoint,
  ): Promise<TranscriptionRun> {
    // Who stopped the sending is asked about all that is left.
    const costs = early?.wasStopped === true ? new SelectionCost(() => 0) : undefined;
    const mayBegin = (plan: RunPlan): Promise<boolean> => mayCost(recording.name, plan, endpoint, 'meeting', costs);
    return withTranscriptionProgress(progressTitle(recording.name, 'meeting'), async (signal, tell) => {
      const run = await early?.finish(signal, tell);
      if (run) return run;
      const onEvent: typeof tell = (event) => {
        tell(event);
        live.onEvent(event);
      };
      const wishes = { endpoint, job: 'meeting', log: kept.log, signal, onEvent, mayBegin } as const;
      return transcribeRecording(recording, wishes, this.dependencies);
    });
  }

  private async complete({ recording, startedAt, kept, live }: RecordedMeeting, run: TranscriptionRun): Promise<void> {
    const { loadStore, vocabulary } = this.dependencies;
    const facts = { ...noteFacts({ recording, task: 'transcribe', ...run }), recordedAt: startedAt };
    await tellPlace(recording, kept, live.uri);
    const frame = await finishedFrame(live.note.text, kept.log, run.transcript, facts, vocabulary);
    if (!(await live.finish(frame))) await openApart(live, frame);
    await (await loadStore()).settle(recording.path);
    const files = await renameByTitle({ note: live.uri, recording: Uri.file(recording.path) }, kept);
    await kept.finish(files.note, true);
    tellGaps(files.note, run.transcript);
    tellReady(files.note);
  }

  private offerAgain({ recording, startedAt, live }: RecordedMeeting, failure: unknown): void {
    const { work, consent, logs } = this.dependencies;
    const note = live.uri;
    const again = async (): Promise<void> => {
      try {
        // The settings may have changed since the first attempt.
        const endpoint = endpointInForce();
        if (!(await consent.isGiven(endpoint))) return;
        const found = await logs.ofNote(note);
        if (!found?.located) throw new MinutesError({ code: 'recordingGone', file: recording.name });
        const kept = await logs.resume(found, found.located);
        const resumed = { recording, startedAt, kept, live: await this.live.begin(note, kept, () => undefined) };
        await work.during(() => this.fill(resumed, endpoint));
      } catch (error) {
        void showError(describeFailure(error));
      }
    };
    if (isAbort(failure)) {
      const text = l10n.t('Stopped. The recording {0} is kept, and so is what was transcribed.', recording.name);
      void showInformation({ text, actions: [{ title: l10n.t('Continue'), run: again }] });
    } else void showError(describeWithRetry(failure, recording.name, again));
  }
}

/** The user may have renamed the recording while it was made. */
async function tellPlace({ path }: Recording, kept: RunLog, note: Uri): Promise<void> {
  const recording = Uri.file(path).toString();
  if (kept.log.located?.recording === recording) return;
  await kept.append({ kind: 'located', origin: 'meeting', recording, note: note.toString() });
}

/** The note cannot be changed: its text is shown in a new document. */
async function openApart(live: LiveMeeting, frame: readonly PlacedBlock[]): Promise<void> {
  const content = await live.note.finishedText(frame);
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }), {
    preview: false,
  });
  void showWarning(plain(l10n.t('Text is in a new document: {0} cannot be changed.', fileName(live.uri))));
}

/** Says that a note which no editor shows is complete. */
function tellReady(note: Uri): void {
  const isShown = window.visibleTextEditors.some(({ document }) => document.uri.toString() === note.toString());
  if (isShown) return;
  const open = { title: l10n.t('Open'), run: () => window.showTextDocument(note, { preview: false }) };
  void showInformation({ text: l10n.t('Note ready: {0}', fileName(note)), actions: [open] });
}
