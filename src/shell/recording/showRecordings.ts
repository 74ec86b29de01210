import { commands, env, type Uri, window, workspace } from 'vscode';

/** **Minutes: Show Recordings**: opens their folder, in the system's own file manager or, in a remote window, as a file dialog. */
export async function showRecordings(folder: Uri, isRemote: boolean): Promise<void> {
  await workspace.fs.createDirectory(folder);
  if (isRemote) {
    const chosen = await window.showOpenDialog({ defaultUri: folder, canSelectMany: false });
    if (chosen?.[0]) await commands.executeCommand('vscode.open', chosen[0]);
    return;
  }
  await env.openExternal(folder);
}
