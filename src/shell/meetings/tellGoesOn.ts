import { commands, l10n, type Uri } from 'vscode';
import { formatElapsed } from '../../core/notes/timestamps';
import { COMMANDS } from '../contributed/commands';
import { fileName } from '../editor/localFiles';
import { showInformation } from '../words/messages';

/** Says that a meeting which was cut off is recorded again. @param missingMs how long it was not */
export function tellGoesOn(note: Uri, missingMs: number): void {
  const stop = { title: l10n.t('Stop Meeting'), run: () => commands.executeCommand(COMMANDS.stopMeeting) };
  void showInformation({ text: textOf(fileName(note), missingMs), actions: [stop] });
}

function textOf(name: string, missingMs: number): string {
  const seconds = Math.ceil(missingMs / 1000);
  if (seconds <= 0) return l10n.t('Recording goes on: {0}.', name);
  if (seconds === 1) return l10n.t('Recording goes on: {0}. 1 s was not recorded.', name);
  if (seconds < 60) return l10n.t('Recording goes on: {0}. {1} s were not recorded.', name, seconds);
  return l10n.t('Recording goes on: {0}. {1} min were not recorded.', name, formatElapsed(missingMs));
}
