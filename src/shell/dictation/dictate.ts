import { type TextDocument, type Uri, commands, l10n, window, workspace } from 'vscode';
import { NEVER } from '../../core/async/never';
import { Turns } from '../../core/async/turns';
import { isAbort, problemOf } from '../../core/errors';
import { BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import { SAMPLE_RATE_HZ, type Recording, type Transcript } from '../../core/model';
import { planDictation } from '../../core/notes/planDictation';
import { formatFileDate } from '../../core/notes/timestamps';
import type { RecordingStore, UnfinishedRecording } from '../../core/capture/recordings';
import { isCapturing } from '../../core/capture/session';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';
import type { Consent } from '../transcription/consent';
import { describeWithRetry } from '../recording/continueLater';
import { CONTEXT_KEYS } from '../contributed/contextKeys';
import { DictationTarget } from './dictationTarget';
import { needsOf } from '../models/embeddedModels';
import { describeFailure, showError, showInformation } from '../words/messages';
import type { RecordingSession } from '../recording/recordingSession';
import type { SessionRun } from '../recording/sessionRun';
import type { WorkState } from '../recording/workState';
import { plain } from '../words/remedies';
import { endpointInForce } from '../contributed/settings';
import { logOfRecording, type RunLogs } from '../transcripts/runLogs';
import { transcribeRecording, type TranscribeRecordingDependencies } from '../transcription/transcribeRecording';
import { WaitNotice } from '../transcription/waitNotice';

/** So long the status bar says that nothing was heard. */
const NOTHING_HEARD_MS = 3000;
/**
 * A key that is pressed twice by accident records less: the presses are a second apart at most, and the microphone records a quarter of a
 * second longer.
 */
const ACCIDENT_S = 2;

/** What dictation needs. */
export interface DictateDependencies extends TranscribeRecordingDependencies {
  readonly session: RecordingSession;
  readonly work: WorkState;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly consent: Consent;
  readonly logs: RunLogs;
  /** Where dictations are kept until their text is safe. */
  readonly recordingsFolder: Uri;
}

/** A dictation from its command to its text. */
interface Dictation {
  readonly run: SessionRun;
  /** Ends its transcription. */
  readonly discarding: AbortController;
}

/** **Minutes: Dictate**: the user speaks, and the text is inserted where the caret was. The same command ends it; Escape discards it. */
export class Dictate {
  /** What is recorded or transcribed, in the order in which it began: only the latest can be recording. */
  private readonly underWay = new Set<Dictation>();
  private readonly turns = new Turns<TextDocument>();
  private isDictating = false;

  constructor(private readonly dependencies: DictateDependencies) {}

  /** Starts a dictation, or stops the one that runs. */
  async toggle(): Promise<void> {
    const { session } = this.dependencies;
    if (isCapturing(session.state)) {
      if (session.state.purpose === 'dictation') session.stop();
      else void showInformation(plain(l10n.t('A meeting is being recorded. Stop it first (Minutes: Stop Meeting).')));
      return;
    }
    await this.dictate();
  }

  /** Discards the dictation with its audio, on Escape: the one that is recorded, else the latest that is still transcribed. */
  discard(): void {
    const latest = [...this.underWay].at(-1);
    if (!latest) return;
    this.forget(latest);
    latest.discarding.abort();
    latest.run.discard();
  }

  /** Turns a dictation that an earlier window did not finish into text, in a document of its own. */
  async recover({ recording }: UnfinishedRecording): Promise<void> {
    const endpoint = endpointInForce();
    if (!(await this.dependencies.consent.isGiven(endpoint))) return;
    await this.dependencies.work.during(() => this.toText(recording, endpoint, undefined, NEVER));
  }

  private forget(dictation: Dictation): void {
    this.underWay.delete(dictation);
    this.tellEscape();
  }

  /** Escape means "discard" only while the context key is set. It is set only when its value changes, which is seldom. */
  private tellEscape(): void {
    const isDictating = this.underWay.size > 0;
    if (isDictating === this.isDictating) return;
    this.isDictating = isDictating;
    void commands.executeCommand('setContext', CONTEXT_KEYS.dictating, isDictating);
  }

  private async dictate(): Promise<void> {
    const { session, consent, recordingsFolder } = this.dependencies;
    const editor = window.activeTextEditor;
    const run = session.reserve('dictation');
    if (!run) return;
    const target = editor ? new DictationTarget(editor, this.turns) : undefined;
    const discarding = new AbortController();
    // This is known from the start, since Escape may come between the stop and the first request.
    const dictation = { run, discarding };
    this.underWay.add(dictation);
    this.tellEscape();
    try {
      const endpoint = endpointInForce();
      if (!(await consent.isGiven(endpoint))) {
        run.end('done');
        return;
      }
      const place = {
        folder: recordingsFolder.fsPath,
        name: `dictation ${formatFileDate(new Date())}`,
        target: { kind: 'dictation' },
      } as const;
      void this.warmUp(endpoint, discarding.signal);
      const recorded = await run.record(place);
      if (!recorded) {
        run.end('done');
        return;
      }
      if (recorded.failure !== undefined) void showError(describeFailure(recorded.failure));
      const isDone = await this.toText(recorded.recording, endpoint, target, discarding.signal);
      run.end(isDone ? 'done' : 'fail');
    } catch (error) {
      run.end('fail');
      void showError(describeFailure(error));
    } finally {
      this.forget(dictation);
      target?.dispose();
    }
  }

  /** Opens a connection, or loads the engine, while the user speaks. A failure is not told here. */
  private async warmUp(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
    try {
      await (await this.dependencies.loadTranscriber()).probe.warmUp(endpoint, needsOf('dictation'), signal);
    } catch {
      // The first request fails in the same way and tells the user.
    }
  }

  /** Deletes the audio only when the user sees its text. False where it did not become text; the audio is then kept. */
  private async toText(
    recording: Recording,
    endpoint: Endpoint,
    target: DictationTarget | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const store = await this.dependencies.loadStore();
    const cancelling = new AbortController();
    const notice = new WaitNotice(() => {
      cancelling.abort();
    });
    const either = AbortSignal.any([signal, cancelling.signal]);
    const kept = await logOfRecording(recording, 'dictation', this.dependencies.logs);
    const { log } = kept;
    const onEvent = (event: TranscriptionEvent): void => {
      notice.on(event);
    };
    const wishes = { endpoint, job: 'dictation', log, signal: either, onEvent } as const;
    const run = await transcribeRecording(recording, wishes, this.dependencies);
    notice.dispose();
    const again = async (): Promise<void> => {
      try {
        // The settings may have changed since the first attempt.
        const endpointNow = endpointInForce();
        const { work, consent } = this.dependencies;
        if (!(await consent.isGiven(endpointNow))) return;
        await work.during(() => this.toText(recording, endpointNow, undefined, NEVER));
      } catch (error) {
        void showError(describeFailure(error));
      }
    };
    const problem = problemOf(run.failure);
    if (problem?.code === 'noSpeech') {
      // The audio stays where Show Recordings finds it, but it is never offered again.
      if (isAccident(recording)) await store.remove(recording.path);
      else await store.settle(recording.path);
      await kept.discard();
      window.setStatusBarMessage(l10n.t('Nothing heard.'), NOTHING_HEARD_MS);
      return true;
    }
    if (cancelling.signal.aborted && !signal.aborted && run.failure !== undefined) {
      await kept.leave();
      // The user only stopped waiting. The audio stays, and the next start offers it.
      const text = l10n.t('The dictation is kept. It is offered again at the next start.');
      void showInformation({ text, actions: [{ title: l10n.t('Try Again'), run: again }] });
      return false;
    }
    // Escape may come while the text waits for that of an earlier dictation.
    if (run.failure === undefined) await target?.comesNext(signal).catch(() => undefined);
    const isDiscarded = signal.aborted || isAbort(run.failure);
    if (run.failure === undefined || isDiscarded) {
      if (!isDiscarded) await place(run.transcript, target);
      await store.remove(recording.path);
      await kept.discard();
      return true;
    }
    await kept.leave();
    void showError(describeWithRetry(run.failure, recording.name, again));
    return false;
  }
}

/** Whether the recording is too short to hold anything but an accidental start. */
function isAccident({ sizeBytes }: Recording): boolean {
  return sizeBytes < ACCIDENT_S * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE;
}

/** Inserts the text where the dictation began, or into a new document where that place is gone, closed or read-only. */
async function place(transcript: Transcript, target: DictationTarget | undefined): Promise<void> {
  if (target && (await target.insert(transcript))) return;
  const { text } = planDictation(transcript, '', { start: 0, end: 0 });
  await window.showTextDocument(await workspace.openTextDocument({ content: text, language: 'markdown' }));
  if (target) void showInformation(plain(target.whyElsewhere));
}
