import { commands, type Disposable } from 'vscode';
import { isCapturing } from '../../core/capture/session';
import { CONTEXT_KEYS } from '../contributed/contextKeys';
import type { RecordingSession } from './recordingSession';

/** Keeps the context keys that tell what is recorded and whether it is paused, for the palette. They are set only when they change. */
export function tellRecording(session: RecordingSession): Disposable {
  const told = new Map<string, unknown>();
  const tell = (key: string, value: string | boolean): void => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void commands.executeCommand('setContext', key, value);
  };
  return session.onDidChange((state) => {
    tell(CONTEXT_KEYS.recording, isCapturing(state) ? state.purpose : '');
    tell(CONTEXT_KEYS.paused, state.kind === 'paused');
  });
}
