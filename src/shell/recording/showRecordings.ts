import { commands, env, type Uri, window, workspace } from 'vscode';

/** **Minutes: Show Recordings**: opens the recordings' folder in the system's file manager; in a remote window it opens a file dialog. */
export async function showRecordings(folder: Uri, isRemote: boolean): Promise<void> {
  await workspace.fs.createDirectory(folder);
  if (isRemote) {
    const chosen = await window.showOpenDialog({ defaultUri: folder, canSelectMany: false });
    if (chosen?.[0]) await commands.executeCommand('vscode.open', chosen[0]);
    return;
  }
  await env.openExternal(folder);
}
