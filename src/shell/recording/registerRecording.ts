import { commands, Disposable, env, type Uri } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import { offerUnfinishedRecordings, type RecoverDependencies } from './recoverRecordings';
import { tellRecording } from './recordingContext';
import type { RecordingSession } from './recordingSession';
import { showRecordings } from './showRecordings';
import { StatusBar } from './statusBar';
import type { WorkState } from './workState';

/** What recording shares with dictation and meetings. */
export interface RecordingServices extends RecoverDependencies {
  readonly session: RecordingSession;
  readonly work: WorkState;
  readonly recordingsFolder: Uri;
}

/** The status bar, the folder of recordings, and the offer of recordings that an earlier window did not finish. */
export function registerRecording(services: RecordingServices): Disposable {
  return Disposable.from(
    new StatusBar(services.session, services.work),
    tellRecording(services.session),
    commands.registerCommand(COMMANDS.showRecordings, () =>
      showRecordings(services.recordingsFolder, env.remoteName !== undefined),
    ),
    offerUnfinishedRecordings(services),
  );
}
