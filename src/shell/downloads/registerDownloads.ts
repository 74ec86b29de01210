import { commands, Disposable, type Uri, workspace } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import { offerUnfinishedTranscriptions } from '../transcription/offerUnfinished';
import { describeFailure, showError } from '../words/messages';
import { TranscribeUrl, type TranscribeUrlDependencies } from './transcribeUrl';

/** What the commands for addresses need. */
export interface DownloadServices extends TranscribeUrlDependencies {
  /** Where downloads are kept. */
  readonly downloadsFolder: Uri;
}

/** The commands for recordings on the web, and the offer of those that an earlier window downloaded and did not finish. */
export function registerDownloads(services: DownloadServices): Disposable {
  const url = new TranscribeUrl(services);
  void removeOld(services);
  return Disposable.from(
    offerUnfinishedTranscriptions(services.logs, 'download', {
      goOn: (recording, found) => url.continue(recording, found),
      discard: async (recording) => (await services.loadDownloads()).remove({ path: recording.fsPath }),
    }),
    commands.registerCommand(COMMANDS.transcribeUrl, () => url.ask('meeting')),
    commands.registerCommand(COMMANDS.translateUrl, () => url.ask('translation')),
  );
}

/** Where nothing was ever downloaded, which is usual, the downloads' code is not loaded. */
async function removeOld({ downloadsFolder, loadDownloads }: DownloadServices): Promise<void> {
  const kept = await workspace.fs.readDirectory(downloadsFolder).then(undefined, () => []);
  if (kept.length === 0) return;
  try {
    await (await loadDownloads()).removeOld();
  } catch (error) {
    void showError(describeFailure(error));
  }
}
