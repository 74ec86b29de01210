import { l10n, Uri } from 'vscode';
import { formatElapsed } from '../../core/notes/timestamps';
import { plain, type Message } from './remedies';

/** The microphone records again. @param missingMs how long it was away @param atMs the place in the recording */
export function describeBack(missingMs: number, atMs: number): Message {
  const [missing, at] = [formatElapsed(missingMs), formatElapsed(atMs)];
  return plain(l10n.t('The microphone is back; {0} is missing at {1}.', missing, at));
}

/** A recording's file was deleted while it was recorded. @param file its path now */
export function describeMadeAgain(file: string): Message {
  const name = Uri.file(file).path.split('/').at(-1) ?? file;
  return plain(l10n.t('Recording made again: {0} was deleted. Nothing of it is missing.', name));
}
