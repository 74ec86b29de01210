import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commands, ConfigurationTarget, extensions, Uri, window, workspace, type Extension } from 'vscode';
import { bundledModelFolders } from '../../src/node/engine/engineFiles';
import { LOG_ENDING } from '../../src/core/transcript/logName';
import { SETTINGS } from '../../src/shell/contributed/settingsTable';
import { hasUi, ui } from '../host/uiClient';
import { until } from '../host/until';

/** What the tests in the extension host share: the workspace's files, settings, and the person before the window. */

export function minutes(): Extension<unknown> {
  const extension = extensions.getExtension('minutes.minutes');
  if (!extension) throw new Error('The extension is not there.');
  return extension;
}

export function inWorkspace(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('No folder is open.');
  return Uri.joinPath(folder.uri, name);
}

export function readWorkspaceFile(name: string): string {
  return readFileSync(inWorkspace(name).fsPath, 'utf8');
}

export function isInWorkspace(name: string): boolean {
  return existsSync(inWorkspace(name).fsPath);
}

export async function set(setting: string, value: unknown): Promise<void> {
  await workspace.getConfiguration().update(setting, value, ConfigurationTarget.Global);
}

export async function transcribe(...files: readonly Uri[]): Promise<void> {
  await commands.executeCommand('minutes.transcribeAudio', files[0], files);
}

/** The name of the file, or the title of the untitled document, in the active editor. */
export function activeName(): string | undefined {
  const document = window.activeTextEditor?.document;
  return document && path.posix.basename(document.uri.path);
}

/** Waits for a message to the user; resolves to its whole text with its buttons. */
export async function message(text: string): Promise<string> {
  return ui('waitForNotification', { text });
}

/** Gives the endpoint in force a key, from where a message's button leads, or takes it away with an empty one. */
export async function setKey(host: string, key: string): Promise<void> {
  const done = commands.executeCommand('minutes.setApiKey', host);
  await ui('answerQuickInput', { text: key, has: `API key for ${host}` });
  await done;
  await noMessages();
}

/** Skips a test, with the reason, where nobody drives the window: in the desktop VS Code. */
export function needsUi(context: Mocha.Context): void {
  if (hasUi) return;
  console.log('    skipped: it needs somebody who clicks and reads, and nobody drives this window');
  context.skip();
}

/** The files without which the model that comes with Minutes is none; none where it was not to be had when these tests were set up. */
export function bundledModelFacts(): readonly string[] {
  return bundledModelFolders(minutes().extensionPath)
    .map((folder) => path.join(folder, 'model.json'))
    .filter((file) => existsSync(file));
}

/** Skips a test, with the reason, where no model came with Minutes. */
export function needsModel(context: Mocha.Context): void {
  if (bundledModelFacts().length > 0) return;
  console.log('    skipped: no model came with Minutes, as the setup found none');
  context.skip();
}

/** Away with all messages. VS Code shows no more than three within 0.8 s: the next has to wait. */
export async function noMessages(): Promise<void> {
  await commands.executeCommand('notifications.clearAll');
  if (hasUi) await new Promise((resolve) => setTimeout(resolve, 900));
}

/** Away with what is known of earlier transcriptions, so that the next of the same recording asks no question. */
export function forgetTranscriptions(): void {
  const folder = inWorkspace('.').fsPath;
  const logs = readdirSync(folder).filter((name) => name.endsWith(LOG_ENDING));
  for (const name of logs) rmSync(path.join(folder, name));
  const runtime = process.env['XDG_RUNTIME_DIR'];
  if (runtime === undefined) return;
  const storage = path.join(path.dirname(runtime), 'data', 'User', 'globalStorage', 'minutes.minutes');
  rmSync(path.join(storage, 'transcripts'), { recursive: true, force: true });
}

/** Everything back as it was: no messages, no editors, no settings of ours, no log of a transcription. */
export async function tidyUp(): Promise<void> {
  // One by one: what is dirty would be asked about, and no dialog is shown here.
  for (let left = window.tabGroups.all.flatMap(({ tabs }) => tabs).length; left > 0; left--)
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await commands.executeCommand('workbench.action.closeAllEditors');
  for (const { id } of Object.values(SETTINGS)) await set(id, undefined);
  await noMessages();
  forgetTranscriptions();
}

export { ui, until };
