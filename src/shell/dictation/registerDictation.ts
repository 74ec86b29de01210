import { commands, Disposable } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import type { Recoveries } from '../recording/recoveries';
import { Dictate, type DictateDependencies } from './dictate';

/** What dictation shares with other features. */
export interface DictationServices extends DictateDependencies {
  readonly recoveries: Recoveries;
}

/** Dictation: start, stop, discard, and recovery of a dictation that an earlier window did not finish. */
export function registerDictation(services: DictationServices): Disposable {
  const dictate = new Dictate(services);
  services.recoveries.set('dictation', { recover: (unfinished) => dictate.recover(unfinished) });
  return Disposable.from(
    commands.registerCommand(COMMANDS.dictate, () => dictate.toggle()),
    commands.registerCommand(COMMANDS.stopDictation, () => {
      services.session.stopFor('dictation');
    }),
    commands.registerCommand(COMMANDS.discardDictation, () => {
      dictate.discard();
    }),
  );
}
