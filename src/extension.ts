import { commands, env, Uri, workspace, type ExtensionContext } from 'vscode';
import type { FileTranscription } from './node/speech/fileTranscription';
import type { HubEngineModels } from './node/models/hubEngineModels';
import type { AudioSource } from './core/capture/audioSource';
import type { RecordingStore } from './core/capture/recordings';
import { chooseLanguage } from './shell/endpoints/chooseLanguage';
import { ChooseEngineModel } from './shell/models/chooseEngineModel';
import { ChooseModel } from './shell/endpoints/chooseModel';
import { Dictate } from './shell/dictation/dictate';
import { RecordMeeting } from './shell/meetings/recordMeeting';
import { SetApiKey } from './shell/endpoints/setApiKey';
import { ShowPrompt } from './shell/vocabulary/showPrompt';
import { showRecordings } from './shell/recording/showRecordings';
import { TestEndpoint } from './shell/endpoints/testEndpoint';
import { TranscribeFile } from './shell/transcription/transcribeFile';
import { TranscribeUrl } from './shell/transcription/transcribeUrl';
import { Consent } from './shell/transcription/consent';
import { COMMANDS } from './shell/contributed/contributions';
import { EmbeddedModels } from './shell/models/embeddedModels';
import { KeyStore } from './shell/endpoints/keyStore';
import { ModelInstaller } from './shell/models/modelInstaller';
import { OutputLog } from './shell/editor/outputLog';
import { DOCUMENT_SCHEME, ReadOnlyDocuments } from './shell/editor/readOnlyDocuments';
import { RecordingSession } from './shell/recording/recordingSession';
import { offerUnfinishedRecordings } from './shell/recording/recoverRecordings';
import { editorProxy, hubInForce, modelsFolderInForce } from './shell/contributed/settings';
import { StatusBar } from './shell/recording/statusBar';
import { WorkspaceVocabulary } from './shell/vocabulary/workspaceVocabulary';

/** What has to end before the window does. */
let transcription: Promise<FileTranscription> | undefined;
let engineModels: Promise<HubEngineModels> | undefined;
let session: RecordingSession | undefined;

/** Builds the parts and hands them to each other. Network code, engine and microphone are loaded when a command first needs them. */
export function activate(context: ExtensionContext): void {
  const extensionFolder = context.extensionUri.fsPath;
  const inStorage = (name: string): Uri => Uri.joinPath(context.globalStorageUri, name);
  const recordingsFolder = inStorage('recordings');
  const keys = new KeyStore(context.secrets, context.globalState);
  const log = new OutputLog();
  const documents = new ReadOnlyDocuments();
  const version = (context.extension.packageJSON as { version: string }).version;
  const models = new EmbeddedModels(
    () =>
      (engineModels ??= import('./node/models/openEngineModels').then(({ openEngineModels }) =>
        openEngineModels({
          extensionFolder,
          version,
          editorProxy,
          log,
          modelsFolder: () => modelsFolderInForce() ?? inStorage('models').fsPath,
          hub: hubInForce,
        }),
      )),
  );
  const loadTranscriber = (): Promise<FileTranscription> =>
    (transcription ??= import('./node/speech/fileTranscription').then(
      ({ FileTranscription }) =>
        new FileTranscription({
          extensionFolder,
          storageFolder: context.globalStorageUri.fsPath,
          readKey: (baseUrl) => keys.get(baseUrl),
          embeddedModel: (needs) => models.inForce(needs),
          version,
          editorProxy,
          log,
        }),
    ));
  let microphone: Promise<AudioSource> | undefined;
  const loadMicrophone = (): Promise<AudioSource> =>
    (microphone ??= import('./node/microphone/microphone').then(
      ({ LpcmMicrophone }) => new LpcmMicrophone({ extensionFolder }),
    ));
  let store: Promise<RecordingStore> | undefined;
  const loadStore = (): Promise<RecordingStore> =>
    (store ??= import('./node/recordings/recordingStore').then(
      ({ FileRecordingStore }) => new FileRecordingStore(inStorage('unfinished').fsPath),
    ));

  const vocabulary = new WorkspaceVocabulary();
  const consent = new Consent(context.globalState);
  const recording = (session = new RecordingSession({ loadMicrophone, loadStore }));
  const installer = new ModelInstaller(models);
  const chooseEngineModel = new ChooseEngineModel(models, installer);
  const parts = { loadTranscriber, vocabulary, consent, session: recording, loadStore };
  const transcribeFile = new TranscribeFile({ ...parts, copiesFolder: inStorage('copies') });
  const dictate = new Dictate({ ...parts, recordingsFolder: recordingsFolder.fsPath });
  const recordMeeting = new RecordMeeting({ ...parts, recordingsFolder: recordingsFolder.fsPath });
  const transcribeUrl = new TranscribeUrl(parts);
  const setApiKey = new SetApiKey(keys);
  const chooseModel = new ChooseModel(loadTranscriber);
  const testEndpoint = new TestEndpoint({ ...parts, documents });
  const showPrompt = new ShowPrompt(vocabulary, models, documents);
  const statusBar = new StatusBar(recording);
  context.subscriptions.push(
    recording,
    vocabulary,
    dictate,
    documents,
    statusBar,
    log,
    workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, documents),
    commands.registerCommand(COMMANDS.dictate, () => dictate.toggle()),
    commands.registerCommand(COMMANDS.discardDictation, () => {
      dictate.discard();
    }),
    commands.registerCommand(COMMANDS.recordMeeting, () => recordMeeting.toggle()),
    commands.registerCommand(COMMANDS.showRecordings, () =>
      showRecordings(recordingsFolder, env.remoteName !== undefined),
    ),
    commands.registerCommand(COMMANDS.transcribeFile, () => transcribeFile.pick('meeting')),
    commands.registerCommand(COMMANDS.translateFile, () => transcribeFile.pick('translation')),
    commands.registerCommand(COMMANDS.transcribeAudio, (clicked?: Uri, chosen?: readonly Uri[]) =>
      transcribeFile.all(chosen ?? (clicked ? [clicked] : []), 'meeting'),
    ),
    commands.registerCommand(COMMANDS.translateAudio, (clicked?: Uri, chosen?: readonly Uri[]) =>
      transcribeFile.all(chosen ?? (clicked ? [clicked] : []), 'translation'),
    ),
    commands.registerCommand(COMMANDS.transcribeUrl, () => transcribeUrl.ask('meeting')),
    commands.registerCommand(COMMANDS.translateUrl, () => transcribeUrl.ask('translation')),
    commands.registerCommand(COMMANDS.setApiKey, (host?: string) => setApiKey.run(host)),
    commands.registerCommand(COMMANDS.chooseModel, () => chooseModel.run()),
    commands.registerCommand(COMMANDS.chooseLanguage, () => chooseLanguage(models)),
    commands.registerCommand(COMMANDS.chooseEngineModel, (name?: string) => chooseEngineModel.run(name)),
    commands.registerCommand(COMMANDS.addEngineModel, (folder?: Uri) => chooseEngineModel.addFolder(folder)),
    commands.registerCommand(COMMANDS.testEndpoint, () => testEndpoint.run()),
    commands.registerCommand(COMMANDS.showLog, () => {
      log.show();
    }),
    commands.registerCommand(COMMANDS.showPrompt, () => showPrompt.run()),
  );
  const offering = offerUnfinishedRecordings({
    loadStore,
    transcribe: (unfinished) =>
      unfinished.target.kind === 'meeting' ? recordMeeting.recover(unfinished) : dictate.recover(unfinished),
  });
  context.subscriptions.push(offering);
}

/** Ends a recording as it is, the engine, and every request and download under way. */
export async function deactivate(): Promise<void> {
  await session?.close();
  await (await transcription)?.dispose();
  await (await engineModels)?.dispose();
}
