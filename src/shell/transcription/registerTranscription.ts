import { commands, Disposable, languages, type Uri } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import { GapLenses } from '../notes/gapLenses';
import { offerUnfinishedTranscriptions } from './offerUnfinished';
import { RetryGap, type RetryGapDependencies } from './retryGap';
import { TranscribeFile, type TranscribeFileDependencies } from './transcribeFile';

/** The commands for existing recordings as files, from the palette or the explorer. */
export function registerTranscription(services: TranscribeFileDependencies & RetryGapDependencies): Disposable {
  const file = new TranscribeFile(services);
  const gaps = new RetryGap(services);
  const lenses = new GapLenses((note) => services.logs.gapsOfNote(note));
  return Disposable.from(
    lenses,
    languages.registerCodeLensProvider({ language: 'markdown' }, lenses),
    services.logs.onDidChange(() => {
      lenses.refresh();
    }),
    commands.registerCommand(COMMANDS.retryGap, (note?: Uri, which?: string) => gaps.retry(note, which)),
    offerUnfinishedTranscriptions(services.logs, 'file', {
      goOn: (recording, found) => file.continue(recording, found),
    }),
    commands.registerCommand(COMMANDS.transcribeFile, () => file.pick('meeting')),
    commands.registerCommand(COMMANDS.translateFile, () => file.pick('translation')),
    commands.registerCommand(COMMANDS.transcribeAudio, (clicked?: Uri, chosen?: readonly Uri[]) =>
      file.all(filesOf(clicked, chosen), 'meeting'),
    ),
    commands.registerCommand(COMMANDS.translateAudio, (clicked?: Uri, chosen?: readonly Uri[]) =>
      file.all(filesOf(clicked, chosen), 'translation'),
    ),
  );
}

/** The files from the explorer's arguments: the file that was clicked, and all that are selected. */
function filesOf(clicked?: Uri, chosen?: readonly Uri[]): readonly Uri[] {
  return chosen ?? (clicked ? [clicked] : []);
}
