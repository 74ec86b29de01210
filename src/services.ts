import os from 'node:os';
import { Uri, workspace, type ExtensionContext, type Memento } from 'vscode';
import { lazy, type Lazy } from './core/async/lazy';
import type { AudioInputs } from './core/capture/audioSource';
import type { RecordingStore } from './core/capture/recordings';
import type { TranscriptStore } from './core/transcript/transcriptStore';
import type { WebRecordingDownloads } from './node/downloads/webRecordingDownloads';
import { SYSTEM_CLOCK } from './node/system/systemClock';
import type { HubEngineModels } from './node/models/hubEngineModels';
import type { FileTranscription } from './node/speech/fileTranscription';
import { editorProxy, hubInForce, modelsFolderInForce } from './shell/contributed/settings';
import { OutputLog } from './shell/editor/outputLog';
import { DOCUMENT_SCHEME, ReadOnlyDocuments } from './shell/editor/readOnlyDocuments';
import { KeyStore } from './shell/endpoints/keyStore';
import { EmbeddedModels } from './shell/models/embeddedModels';
import { Recoveries } from './shell/recording/recoveries';
import { RecordingSession } from './shell/recording/recordingSession';
import { WorkState } from './shell/recording/workState';
import { Consent } from './shell/transcription/consent';
import { RunLogs } from './shell/transcripts/runLogs';
import { WorkspaceVocabulary } from './shell/vocabulary/workspaceVocabulary';
import { describeMadeAgain } from './shell/recording/captureNews';
import { showInformation } from './shell/words/messages';

/** The parts that features share. Network code, engine and microphone are loaded when something first needs them. */
export class Services {
  readonly log = new OutputLog();
  readonly documents = new ReadOnlyDocuments();
  readonly vocabulary = new WorkspaceVocabulary();
  readonly recoveries = new Recoveries();
  readonly work = new WorkState();
  readonly keys: KeyStore;
  readonly consent: Consent;
  readonly models: EmbeddedModels;
  readonly session: RecordingSession;
  readonly loadTranscriber: () => Promise<FileTranscription>;
  readonly loadStore: () => Promise<RecordingStore>;
  readonly loadInputs: () => Promise<AudioInputs>;
  readonly logs: RunLogs;
  /** Aborted when the window closes: what is under way then is continued at the next start. */
  readonly closing: AbortSignal;
  /** Where dictations and meetings are recorded. */
  readonly recordingsFolder: Uri;
  readonly loadDownloads: () => Promise<WebRecordingDownloads>;
  /** Where recordings from the web are kept until their text is safe. */
  readonly downloadsFolder: Uri;
  /** The user's own folder. */
  readonly homeFolder = Uri.file(os.homedir());
  /** What Minutes remembers from window to window. */
  readonly memory: Memento;
  /** The folder for copies of files that are not on this machine's disk. */
  readonly copiesFolder: Uri;
  private readonly ending = new AbortController();
  private readonly transcriber: Lazy<FileTranscription>;
  private readonly engineModels: Lazy<HubEngineModels>;
  private readonly downloads: Lazy<WebRecordingDownloads>;

  constructor(private readonly context: ExtensionContext) {
    const { globalState, secrets, subscriptions } = context;
    this.memory = globalState;
    this.keys = new KeyStore(secrets, globalState);
    this.consent = new Consent(globalState, this.vocabulary);
    this.engineModels = lazy(() => this.openEngineModels());
    this.models = new EmbeddedModels(this.engineModels.load);
    this.transcriber = lazy(() => this.openTranscriber());
    this.loadTranscriber = this.transcriber.load;
    this.loadStore = lazy(() => this.openStore()).load;
    this.logs = new RunLogs(lazy(() => this.openTranscripts()).load, this.inStorage('transcripts'));
    this.closing = this.ending.signal;
    this.loadInputs = lazy(() => this.openInputs()).load;
    this.session = new RecordingSession({
      loadInputs: this.loadInputs,
      loadStore: this.loadStore,
      clock: SYSTEM_CLOCK,
      log: this.log,
      work: this.work,
    });
    this.recordingsFolder = this.inStorage('recordings');
    this.copiesFolder = this.inStorage('copies');
    this.downloadsFolder = this.inStorage('downloads');
    this.downloads = lazy(() => this.openDownloads());
    this.loadDownloads = this.downloads.load;
    subscriptions.push(
      this.session,
      this.work,
      this.vocabulary,
      this.logs,
      this.documents,
      this.log,
      workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this.documents),
    );
  }

  /** Ends a recording (its audio is kept), the engine, and all requests and downloads. A failure of one does not stop the others. */
  async close(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled([this.session.close()]);
    await Promise.allSettled([
      this.transcriber.loaded()?.then((part) => part.dispose()),
      this.engineModels.loaded()?.then((part) => part.dispose()),
      this.downloads.loaded()?.then((part) => part.dispose()),
    ]);
  }

  private async openTranscriber(): Promise<FileTranscription> {
    const { FileTranscription } = await import('./node/speech/fileTranscription');
    return new FileTranscription({
      extensionFolder: this.extensionFolder,
      storageFolder: this.context.globalStorageUri.fsPath,
      version: this.version,
      editorProxy,
      log: this.log,
      readKey: (baseUrl) => this.keys.get(baseUrl),
      embeddedModel: (needs) => this.models.inForce(needs),
    });
  }

  private async openEngineModels(): Promise<HubEngineModels> {
    const { openEngineModels } = await import('./node/models/openEngineModels');
    return openEngineModels({
      extensionFolder: this.extensionFolder,
      version: this.version,
      editorProxy,
      log: this.log,
      modelsFolder: () => modelsFolderInForce() ?? this.inStorage('models').fsPath,
      hub: hubInForce,
    });
  }

  private async openDownloads(): Promise<WebRecordingDownloads> {
    const { openRecordingDownloads } = await import('./node/downloads/openRecordingDownloads');
    const { log, version } = this;
    return openRecordingDownloads({ folder: this.downloadsFolder.fsPath, version, editorProxy, log });
  }

  private async openInputs(): Promise<AudioInputs> {
    const { LpcmInputs } = await import('./node/microphone/microphone');
    return new LpcmInputs({ extensionFolder: this.extensionFolder });
  }

  private async openStore(): Promise<RecordingStore> {
    const { FileRecordingStore, machineLockFile } = await import('./node/recordings/recordingStore');
    const options = {
      lockFile: machineLockFile(),
      windowName: () => workspace.name ?? '',
      onMadeAgain: (file: string) => void showInformation(describeMadeAgain(file)),
    };
    return new FileRecordingStore(this.inStorage('unfinished').fsPath, options);
  }

  private async openTranscripts(): Promise<TranscriptStore> {
    const { FileTranscriptStore } = await import('./node/transcripts/transcriptFolder');
    return new FileTranscriptStore(this.inStorage('transcripts').fsPath);
  }

  private get extensionFolder(): string {
    return this.context.extensionUri.fsPath;
  }

  private get version(): string {
    return (this.context.extension.packageJSON as { version: string }).version;
  }

  private inStorage(name: string): Uri {
    return Uri.joinPath(this.context.globalStorageUri, name);
  }
}
