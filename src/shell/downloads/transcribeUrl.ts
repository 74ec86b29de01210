import { l10n, type Uri, window, workspace } from 'vscode';
import { defined } from '../../core/async/defined';
import type { RecordingAddress } from '../../core/downloads/recordingAddress';
import type { DownloadWishes } from '../../core/downloads/recordingDownloads';
import { recordingName } from '../../core/downloads/recordingName';
import { MAXIMUM_UPLOAD_BYTES } from '../../core/endpoints/dialects';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { isAbort, problemOf, type Problem, type ProblemCode } from '../../core/errors';
import { taskOf, type Recording } from '../../core/model';
import { renderNote } from '../../core/notes/renderNote';
import type { KeptTranscript } from '../../core/transcript/transcriptStore';
import { openedEntry, TranscriptLog } from '../../core/transcript/transcriptLog';
import { endpointInForce, wishesInForce } from '../contributed/settings';
import { fileName } from '../editor/localFiles';
import { noteFacts } from '../notes/noteFacts';
import { describeWithRetry } from '../recording/continueLater';
import type { Consent } from '../transcription/consent';
import { transcribeRecording, type FileJob, type TranscriptionRun } from '../transcription/transcribeRecording';
import { progressTitle, withTranscriptionProgress } from '../transcription/transcriptionProgress';
import { dataSize } from '../words/dataSize';
import { describeFailure, showError, showInformation } from '../words/messages';
import { plain } from '../words/remedies';
import { askForAddress, takesAddress } from './askForAddress';
import { withDownloadProgress } from './downloadProgress';
import { continuing, HearDownload, type HearDownloadDependencies } from './hearDownload';

/** What the transcription of an address needs. */
export interface TranscribeUrlDependencies extends HearDownloadDependencies {
  readonly consent: Consent;
}

/** What became of a recording: it is here, or the endpoint fetches it; undefined where the user stopped. */
type Brought = Recording | 'left' | 'unreachable' | undefined;

/** How an endpoint says that it does not take an address, or not this one. Then the recording is downloaded all the same. */
const ADDRESS_REFUSED: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'fileRefused',
  'requestRefused',
  'tooLarge',
  'urlUnsupported',
]);

/**
 * **Minutes: Transcribe URL…** and **Translate URL to English…**: a recording on the web becomes an unsaved note. It is downloaded and
 * heard as any other, unless it is large and the endpoint fetches it itself.
 */
export class TranscribeUrl {
  private readonly underWay = new Set<string>();
  private readonly heard: HearDownload;

  constructor(private readonly dependencies: TranscribeUrlDependencies) {
    this.heard = new HearDownload(dependencies);
  }

  /** Asks for the address. */
  async ask(job: FileJob): Promise<void> {
    try {
      const address = await askForAddress(endpointInForce(), job);
      if (address) await this.transcribe(address, job);
    } catch (error) {
      void showError(describeFailure(error));
    }
  }

  /** Goes on with a recording that an earlier window had downloaded. */
  async continue(file: Uri, { opened }: KeptTranscript): Promise<void> {
    const job = opened.task === 'translate' ? 'translation' : 'meeting';
    const again = (): Promise<void> => this.continue(file, { opened } as KeptTranscript);
    await this.once(file.toString(), fileName(file), again, async (endpoint) => {
      const recording = await (await this.dependencies.loadTranscriber()).open(file.fsPath, fileName(file));
      await this.heard.hear({ recording, job, endpoint, again });
    });
  }

  private async transcribe(address: RecordingAddress, job: FileJob): Promise<void> {
    const again = (): Promise<void> => this.transcribe(address, job);
    await this.once(address.url, recordingName(address.url), again, async (endpoint) => {
      const isTaken = takesAddress(endpoint, job) && !address.isLoopback;
      let brought = await this.bring(address, isTaken ? { leaveAboveBytes: MAXIMUM_UPLOAD_BYTES } : {}, again);
      if (brought === 'left' || brought === 'unreachable') {
        const run = await this.send(address, job, endpoint);
        const isRefused = ADDRESS_REFUSED.has(problemOf(run.failure)?.code ?? 'noSpeech');
        if (brought === 'unreachable' || !isRefused) {
          await this.settleSent(address, job, run, again);
          return;
        }
        brought = await this.bring(address, {}, again);
      }
      if (typeof brought === 'object') await this.heard.hear({ recording: brought, job, endpoint, again });
    });
  }

  /** Does the work unless the same is under way, or the endpoint may not get the recording. Tells what goes wrong. */
  private async once(
    id: string,
    name: string,
    again: () => Promise<void>,
    work: (endpoint: Endpoint) => Promise<void>,
  ): Promise<void> {
    if (this.underWay.has(id)) {
      void showInformation(plain(l10n.t('"{0}" is being transcribed already.', name)));
      return;
    }
    this.underWay.add(id);
    try {
      const endpoint = endpointInForce();
      if (await this.dependencies.consent.isGiven(endpoint)) await work(endpoint);
    } catch (error) {
      if (!this.dependencies.closing.aborted) void showError(describeWithRetry(error, name, again));
    } finally {
      this.underWay.delete(id);
    }
  }

  /** @throws MinutesError any of a download */
  private async bring({ url }: RecordingAddress, wishes: DownloadWishes, again: () => Promise<void>): Promise<Brought> {
    const { closing, loadDownloads } = this.dependencies;
    const downloads = await loadDownloads();
    try {
      const end = await withDownloadProgress(recordingName(url), (cancel) =>
        downloads.fetch(url, wishes, AbortSignal.any([cancel, closing])),
      );
      return end.kind === 'left' ? 'left' : end.recording;
    } catch (error) {
      if (isAbort(error)) {
        if (!closing.aborted) await this.tellStopped(url, again);
        return undefined;
      }
      const problem = problemOf(error);
      if (wishes.leaveAboveBytes !== undefined && problem && isOutOfReach(problem)) return 'unreachable';
      throw error;
    }
  }

  private async tellStopped(url: string, again: () => Promise<void>): Promise<void> {
    const downloads = await this.dependencies.loadDownloads();
    const left = await downloads.unfinished(url);
    if (!left) {
      void showInformation(plain(l10n.t('Stopped. Nothing was downloaded.')));
      return;
    }
    const text = l10n.t(
      'Stopped. {0} of "{1}" are kept for a week; the same address goes on there.',
      dataSize(left.doneBytes),
      left.name,
    );
    const remove = { title: l10n.t('Delete It'), run: (): Promise<void> => downloads.discard(url) };
    void showInformation({ text, actions: [continuing(again), remove] });
  }

  /** Has the endpoint fetch the recording, in one request: there is nothing to continue. */
  private async send({ url }: RecordingAddress, job: FileJob, endpoint: Endpoint): Promise<TranscriptionRun> {
    const recording = { name: recordingName(url), sizeBytes: 0, modifiedMs: Date.now() };
    const { language, chineseScript } = wishesInForce(job);
    const opened = openedEntry(defined({ recording, task: taskOf(job), language, chineseScript }));
    const log = new TranscriptLog([{ ...opened, writtenMs: Date.now() }]);
    return withTranscriptionProgress(progressTitle(recording.name, job), (signal, onEvent) =>
      transcribeRecording({ url }, { endpoint, job, log, signal, onEvent }, this.dependencies),
    );
  }

  private async settleSent(
    { url }: RecordingAddress,
    job: FileJob,
    run: TranscriptionRun,
    again: () => Promise<void>,
  ): Promise<void> {
    const name = recordingName(url);
    if (isAbort(run.failure)) {
      void showInformation(plain(l10n.t('Stopped. Nothing was transcribed.')));
      return;
    }
    if (run.failure !== undefined) {
      void showError(describeWithRetry(run.failure, name, again));
      return;
    }
    const recording = { name, modifiedMs: Date.now() };
    const facts = noteFacts({ recording, isBeside: false, task: taskOf(job), ...run });
    const { markdown } = renderNote(run.transcript, facts);
    const document = await workspace.openTextDocument({ language: 'markdown', content: markdown });
    await window.showTextDocument(document, { preview: false });
    await (await this.dependencies.loadDownloads()).discard(url);
  }
}

/** Whether only this machine may be kept from the recording, so that the endpoint is worth a try. */
function isOutOfReach(problem: Problem): boolean {
  if (problem.code === 'recordingUnreachable') return true;
  return problem.code === 'recordingRefused' && problem.status >= 400 && ![404, 410].includes(problem.status);
}
