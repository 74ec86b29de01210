import { commands, Uri, workspace, type ExtensionContext } from 'vscode';
import type { FileTranscription } from './node/fileTranscription';
import { SetApiKey } from './shell/commands/setApiKey';
import { PROMPT_SCHEME, ShowPrompt } from './shell/commands/showPrompt';
import { TranscribeFile } from './shell/commands/transcribeFile';
import { Consent } from './shell/consent';
import { COMMANDS } from './shell/contributions';
import { KeyStore } from './shell/keyStore';
import { modelPathInForce } from './shell/settings';
import { WorkspaceVocabulary } from './shell/workspaceVocabulary';

let transcription: Promise<FileTranscription> | undefined;

/** Builds the parts and hands them to each other. Network code and engine are loaded when a command first needs them. */
export function activate(context: ExtensionContext): void {
  const keys = new KeyStore(context.secrets);
  const loadTranscriber = (): Promise<FileTranscription> =>
    (transcription ??= import('./node/fileTranscription').then(
      ({ FileTranscription }) =>
        new FileTranscription({
          extensionFolder: context.extensionUri.fsPath,
          storageFolder: context.globalStorageUri.fsPath,
          version: (context.extension.packageJSON as { version: string }).version,
          readKey: (baseUrl) => keys.get(baseUrl),
          modelPath: modelPathInForce,
        }),
    ));
  const vocabulary = new WorkspaceVocabulary();
  const transcribeFile = new TranscribeFile({
    loadTranscriber,
    vocabulary,
    consent: new Consent(context.globalState),
    copiesFolder: Uri.joinPath(context.globalStorageUri, 'copies'),
  });
  const setApiKey = new SetApiKey(keys);
  const showPrompt = new ShowPrompt(vocabulary);
  context.subscriptions.push(
    vocabulary,
    showPrompt,
    workspace.registerTextDocumentContentProvider(PROMPT_SCHEME, showPrompt),
    commands.registerCommand(COMMANDS.transcribeFile, () => transcribeFile.pick()),
    commands.registerCommand(COMMANDS.transcribeAudio, (clicked?: Uri, chosen?: readonly Uri[]) =>
      transcribeFile.all(chosen ?? (clicked ? [clicked] : [])),
    ),
    commands.registerCommand(COMMANDS.setApiKey, () => setApiKey.run()),
    commands.registerCommand(COMMANDS.showPrompt, () => showPrompt.run()),
  );
}

/** Ends the engine and every request under way. */
export async function deactivate(): Promise<void> {
  await (await transcription)?.dispose();
}
