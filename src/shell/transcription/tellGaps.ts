import { commands, l10n, type Uri } from 'vscode';
import type { Transcript } from '../../core/model';
import { COMMANDS } from '../contributed/commands';
import { fileName } from '../editor/localFiles';
import { showWarning } from '../words/messages';

/** Says that a note has gaps, with a button that asks for them again. Says nothing where there is none. */
export function tellGaps(note: Uri, { gaps }: Transcript): void {
  const count = gaps.filter(({ kind }) => kind === 'failed').length;
  if (count === 0) return;
  const name = fileName(note);
  const text =
    count === 1
      ? l10n.t('{0} has a gap: a part could not be transcribed. Its place is marked in the note.', name)
      : l10n.t('{0} has {1} gaps: parts could not be transcribed. Their places are marked in the note.', name, count);
  const title = count === 1 ? l10n.t('Retry Gap') : l10n.t('Retry Gaps');
  const retry = { title, run: (): Thenable<unknown> => commands.executeCommand(COMMANDS.retryGap, note, 'all') };
  void showWarning({ text, actions: [retry] });
}
