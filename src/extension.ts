import { commands, Uri, type ExtensionContext } from 'vscode';
import type { FileTranscription } from './node/fileTranscription';
import { SetApiKey } from './shell/commands/setApiKey';
import { TranscribeFile } from './shell/commands/transcribeFile';
import { Consent } from './shell/consent';
import { COMMANDS } from './shell/contributions';
import { KeyStore } from './shell/keyStore';
import { modelPathInForce } from './shell/settings';

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
  const transcribeFile = new TranscribeFile({
    loadTranscriber,
    consent: new Consent(context.globalState),
    copiesFolder: Uri.joinPath(context.globalStorageUri, 'copies'),
  });
  const setApiKey = new SetApiKey(keys);
  context.subscriptions.push(
    commands.registerCommand(COMMANDS.transcribeFile, () => transcribeFile.pick()),
    commands.registerCommand(COMMANDS.transcribeAudio, (clicked?: Uri, chosen?: readonly Uri[]) =>
      transcribeFile.all(chosen ?? (clicked ? [clicked] : [])),
    ),
    commands.registerCommand(COMMANDS.setApiKey, () => setApiKey.run()),
  );
}

/** Ends the engine and every request under way. */
export async function deactivate(): Promise<void> {
  await (await transcription)?.dispose();
}
