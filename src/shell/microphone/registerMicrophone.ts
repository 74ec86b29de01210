import { commands, type Disposable } from 'vscode';
import type { AudioInputs } from '../../core/capture/audioSource';
import { COMMANDS } from '../contributed/commands';
import { chooseMicrophone } from './chooseMicrophone';

/** What the choice of a microphone needs. */
export interface MicrophoneServices {
  readonly loadInputs: () => Promise<AudioInputs>;
}

/** The choice of a microphone. */
export function registerMicrophone({ loadInputs }: MicrophoneServices): Disposable {
  return commands.registerCommand(COMMANDS.chooseMicrophone, () => chooseMicrophone(loadInputs));
}
