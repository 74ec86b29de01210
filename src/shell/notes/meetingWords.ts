import { l10n } from 'vscode';
import type { MeetingLabels } from '../../core/notes/live/liveBlocks';
import { trackName, type NamedEntry } from '../../core/transcript/logEntries';

/** The words of a meeting's note, in the user's language. @param trackNames who is heard on each track; empty where there is one */
export function meetingWords(trackNames: readonly string[] = []): MeetingLabels {
  return {
    notUnderstood: (from, to) => l10n.t('Not understood: {0}–{1}', from, to),
    notTranscribed: (from, to) => l10n.t('Not transcribed: {0}–{1}', from, to),
    lost,
    paused: (at, length) =>
      length === undefined ? l10n.t('Paused at {0}', at) : l10n.t('Paused at {0}, for {1}', at, length),
    marked: (text) => (text === '' ? l10n.t('**Marked**') : `**${text}**`),
    doubtful: '(?)',
    trackNames,
  };
}

function lost(at: string, length: string | undefined, isWindowClosed: boolean): string {
  if (isWindowClosed)
    return length === undefined
      ? l10n.t('Not recorded from {0} on: the window was closed', at)
      : l10n.t('Not recorded at {0}, for {1}: the window was closed', at, length);
  return length === undefined
    ? l10n.t('Microphone lost at {0}', at)
    : l10n.t('Microphone lost at {0}: {1} were not recorded', at, length);
}

/** The names of the microphone's track and of the second device's, for the log. */
export function trackNameEntries(): readonly NamedEntry[] {
  const names = [l10n.t('Me'), l10n.t('Others')];
  return names.map((name, track) => ({ kind: 'named', who: trackName(track), name }));
}
