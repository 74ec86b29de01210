import { l10n, window, workspace } from 'vscode';
import { defined } from '../../core/async/defined';
import { isAbort, MinutesError } from '../../core/errors';
import { EMBEDDED, taskOf } from '../../core/model';
import { openedEntry, TranscriptLog } from '../../core/transcript/transcriptLog';
import { renderNote } from '../../core/notes/renderNote';
import { audioName } from '../../core/transcription/audioName';
import type { Consent } from './consent';
import { describeWithRetry } from '../recording/continueLater';
import { describeFailure, showError, showInformation } from '../words/messages';
import { noteFacts } from '../notes/noteFacts';
import { plain } from '../words/remedies';
import { endpointInForce, wishesInForce } from '../contributed/settings';
import { transcribeRecording, type FileJob, type TranscribeRecordingDependencies } from './transcribeRecording';
import { progressTitle, withTranscriptionProgress } from './transcriptionProgress';

/** What the transcription of an address needs. */
export interface TranscribeUrlDependencies extends TranscribeRecordingDependencies {
  readonly consent: Consent;
}

/** **Minutes: Transcribe URL…** and **Translate URL to English…**: audio that the endpoint fetches itself becomes an unsaved note. */
export class TranscribeUrl {
  constructor(private readonly dependencies: TranscribeUrlDependencies) {}

  /** Asks for the address, unless the embedded engine is in force: it fetches nothing, and the user learns so first. */
  async ask(job: FileJob): Promise<void> {
    if (!this.canFetch()) return;
    const entered = await window.showInputBox({
      title: l10n.t('Address of the recording'),
      prompt: l10n.t('The endpoint fetches it: it has to be public, or the address has to hold the permission.'),
      placeHolder: 'https://example.com/meeting.mp3',
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^\s*(https:\/\/\S+)?\s*$/i.test(text) ? undefined : l10n.t('Paste an address that begins with https://'),
    });
    const url = entered?.trim() ?? '';
    if (url !== '') await this.transcribe(url, job);
  }

  private canFetch(): boolean {
    try {
      if (endpointInForce().kind === 'embedded') throw new MinutesError({ code: 'urlUnsupported', host: EMBEDDED });
      return true;
    } catch (error) {
      void showError(describeFailure(error));
      return false;
    }
  }

  private async transcribe(url: string, job: FileJob): Promise<void> {
    try {
      const endpoint = endpointInForce();
      if (!(await this.dependencies.consent.isGiven(endpoint))) return;
      const name = audioName(url);
      const recording = { name, sizeBytes: 0, modifiedMs: Date.now() };
      const task = taskOf(job);
      // There is only one request, so there is nothing to continue.
      const { language, chineseScript } = wishesInForce(job);
      const opened = openedEntry(defined({ recording, task, language, chineseScript }));
      const log = new TranscriptLog([{ ...opened, writtenMs: Date.now() }]);
      const run = await withTranscriptionProgress(progressTitle(name, job), (signal, onEvent) =>
        transcribeRecording({ url }, { endpoint, job, log, signal, onEvent }, this.dependencies),
      );
      if (isAbort(run.failure)) {
        void showInformation(plain(l10n.t('Stopped. Nothing was transcribed.')));
        return;
      }
      if (run.failure !== undefined) {
        void showError(describeWithRetry(run.failure, name, () => this.transcribe(url, job)));
        return;
      }
      const facts = noteFacts({ recording, isBeside: false, task, ...run });
      const { markdown } = renderNote(run.transcript, facts);
      const document = await workspace.openTextDocument({ language: 'markdown', content: markdown });
      await window.showTextDocument(document, { preview: false });
    } catch (error) {
      void showError(describeWithRetry(error, audioName(url), () => this.transcribe(url, job)));
    }
  }
}
