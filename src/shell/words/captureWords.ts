import { l10n } from 'vscode';
import { formatElapsed } from '../../core/notes/timestamps';
import { plain, type Message } from './remedies';

/** The microphone records again. @param missingMs how long it was away @param atMs the place in the recording */
export function describeBack(missingMs: number, atMs: number): Message {
  const [missing, at] = [formatElapsed(missingMs), formatElapsed(atMs)];
  return plain(l10n.t('The microphone is back; {0} is missing at {1}.', missing, at));
}
