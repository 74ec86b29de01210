import { l10n, window, type QuickPickItem, type Uri } from 'vscode';
import { formatTime } from '../../core/notes/timestamps';
import { fileName } from '../editor/localFiles';
import type { FoundLog } from '../transcripts/runLogs';

/** A recording that was transcribed before, wholly or in part. */
export interface KnownRecording {
  readonly file: Uri;
  readonly found: FoundLog;
}

/** What to do with it. `again` replaces the transcript in its note, `second` makes another note. */
export type SameFileAnswer = 'open' | 'continue' | 'again' | 'second';

interface Choice extends QuickPickItem {
  readonly answer: SameFileAnswer;
}

/** Asks what to do with recordings that have notes already, once for all of them. Undefined where the user wants nothing. */
export async function askAboutKnown(known: readonly KnownRecording[]): Promise<SameFileAnswer | undefined> {
  const isUnfinished = known.some(({ found }) => !found.isSettled || found.gapCount > 0);
  const [only] = known;
  const name = known.length === 1 && only ? `"${fileName(only.file)}"` : undefined;
  const choices: Choice[] = [
    ...(isUnfinished
      ? [{ answer: 'continue', label: l10n.t('Continue'), description: whatIsLeft(known) } as const]
      : []),
    { answer: 'open', label: l10n.t('Open Note'), description: l10n.t('as it is') },
    {
      answer: 'again',
      label: l10n.t('Transcribe Again'),
      description: l10n.t('in the same note; your own lines stay'),
    },
    { answer: 'second', label: l10n.t('Make a Second Note'), description: l10n.t('beside the first') },
  ];
  const title =
    name === undefined
      ? l10n.t('{0} recordings were transcribed before', known.length)
      : l10n.t('{0} was transcribed before', name);
  const chosen = await window.showQuickPick(choices, {
    title,
    placeHolder: l10n.t('What should happen with the note?'),
    ignoreFocusOut: true,
  });
  return chosen?.answer;
}

function whatIsLeft(known: readonly KnownRecording[]): string {
  const [only] = known;
  if (known.length > 1 || !only) return l10n.t('what is unfinished, in the same note');
  const { isSettled, gapCount, doneS, totalS } = only.found;
  if (!isSettled) return l10n.t('at {0} of {1}, in the same note', formatTime(doneS), formatTime(totalS));
  return gapCount === 1 ? l10n.t('ask again for a gap') : l10n.t('ask again for {0} gaps', gapCount);
}
