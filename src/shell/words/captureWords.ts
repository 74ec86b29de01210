import { l10n } from 'vscode';
import { formatElapsed } from '../../core/notes/timestamps';
import { SETTINGS } from '../contributed/settingsTable';
import { plain, withSetting, type Message } from './remedies';

/** The microphone records again. @param missingMs how long it was away @param atMs the place in the recording */
export function describeBack(missingMs: number, atMs: number): Message {
  const [missing, at] = [formatElapsed(missingMs), formatElapsed(atMs)];
  return plain(l10n.t('The microphone is back; {0} is missing at {1}.', missing, at));
}

/** The second device of a meeting is gone, or does not open; it is tried again. */
export function describeSecondLost(device: string): Message {
  const text = l10n.t('The second device is not recorded: {0}. It is tried again; the microphone goes on.', device);
  return withSetting(text, SETTINGS.secondDevice);
}
