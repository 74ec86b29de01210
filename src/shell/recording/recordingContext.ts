import { commands, type Disposable } from 'vscode';
import { isCapturing } from '../../core/capture/session';
import { CONTEXT_KEYS } from '../contributed/contextKeys';
import type { RecordingSession } from './recordingSession';

/** Keeps the context key that tells what is recorded, so that the palette offers to stop that. It is set only when it changes. */
export function tellRecording(session: RecordingSession): Disposable {
  let told = '';
  return session.onDidChange((state) => {
    const now = isCapturing(state) ? state.purpose : '';
    if (now === told) return;
    told = now;
    void commands.executeCommand('setContext', CONTEXT_KEYS.recording, now);
  });
}
