import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commands, ConfigurationTarget, extensions, Uri, window, workspace, type Extension } from 'vscode';
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

/** Skips a test, with the reason, where nobody drives the window: in the desktop VS Code. */
export function needsUi(context: Mocha.Context): void {
  if (hasUi) return;
  console.log('    skipped: it needs somebody who clicks and reads, and nobody drives this window');
  context.skip();
}

/** Everything back as it was: no messages, no editors, no settings of ours. */
export async function tidyUp(): Promise<void> {
  await commands.executeCommand('notifications.clearAll');
  // One by one: what is dirty would be asked about, and no dialog is shown here.
  for (let left = window.tabGroups.all.flatMap(({ tabs }) => tabs).length; left > 0; left--)
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await commands.executeCommand('workbench.action.closeAllEditors');
  for (const setting of ['endpoint', 'model', 'language', 'embedded.modelPath'])
    await set(`minutes.${setting}`, undefined);
  // VS Code shows no more than three messages within 0.8 s.
  if (hasUi) await new Promise((resolve) => setTimeout(resolve, 900));
}

export { ui, until };
