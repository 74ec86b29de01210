import { commands, Disposable, env, type Memento, type Uri } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import { announceRecording } from './announce';
import { recoverRecordings, type RecoverDependencies } from './recoverRecordings';
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
  /** What all windows remember. */
  readonly memory: Memento;
}

/** The status bar, pauses, the folder of recordings, and the recovery of recordings that an earlier window did not finish. */
export function registerRecording(services: RecordingServices): Disposable {
  const { session } = services;
  return Disposable.from(
    new StatusBar(session, services.work, services.memory),
    tellRecording(session),
    announceRecording(session),
    commands.registerCommand(COMMANDS.pauseMeeting, () => {
      session.pause();
    }),
    commands.registerCommand(COMMANDS.resumeMeeting, () => {
      session.resume();
    }),
    commands.registerCommand(COMMANDS.muteMicrophone, () => {
      session.toggleMute();
    }),
    commands.registerCommand(COMMANDS.showRecordings, () =>
      showRecordings(services.recordingsFolder, env.remoteName !== undefined),
    ),
    recoverRecordings(services),
  );
}
