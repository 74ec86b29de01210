import { l10n, window, type Disposable } from 'vscode';
import { IDLE, isCapturing, type SessionState } from '../../core/capture/session';
import { hasScreenReader } from '../contributed/settings';
import type { RecordingSession } from './recordingSession';

/**
 * Says aloud, where a screen reader reads the window, what the status bar only shows: that a recording begins, pauses, goes on and ends.
 * A loss is a message for everybody.
 */
export function announceRecording(session: RecordingSession): Disposable {
  let before: SessionState = IDLE;
  return session.onDidChange((state) => {
    const text = changeInWords(before, state);
    before = state;
    if (text !== undefined && hasScreenReader()) void window.showInformationMessage(text);
  });
}

function changeInWords(before: SessionState, now: SessionState): string | undefined {
  if (before.kind === now.kind) return undefined;
  if (now.kind === 'paused') return l10n.t('The meeting is paused.');
  if (now.kind === 'recording') {
    if (before.kind === 'paused') return l10n.t('The meeting is recorded again.');
    if (before.kind === 'lost') return undefined;
    return now.purpose === 'meeting' ? l10n.t('The meeting is recorded.') : l10n.t('Dictation: speak now.');
  }
  // What never began has a message of its own.
  if (now.kind !== 'idle' || !isCapturing(before) || before.kind === 'starting') return undefined;
  return before.purpose === 'meeting' ? l10n.t('The meeting is stopped.') : l10n.t('The dictation is stopped.');
}
