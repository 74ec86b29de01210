import { l10n, window } from 'vscode';
import { problemOf, type Problem } from '../../core/errors';
import { DOWNLOAD_MESSAGES } from './downloadMessages';
import { ENDPOINT_MESSAGES } from './endpointMessages';
import { ENGINE_MESSAGES } from './engineMessages';
import { FILE_MESSAGES } from './fileMessages';
import { HUB_MESSAGES } from './hubMessages';
import type { MessageTable, ProblemOf } from './messageTable';
import { RECORDING_MESSAGES } from './recordingMessages';
import { plain, type Message } from './remedies';

/** The words for every problem. */
const MESSAGES: MessageTable<Problem> = {
  ...FILE_MESSAGES,
  ...RECORDING_MESSAGES,
  ...ENGINE_MESSAGES,
  ...ENDPOINT_MESSAGES,
  ...HUB_MESSAGES,
  ...DOWNLOAD_MESSAGES,
};

/** Words a problem. */
export function describeProblem<Code extends Problem['code']>(
  problem: ProblemOf<Code> & { readonly code: Code },
): Message {
  return MESSAGES[problem.code](problem);
}

/** The message for anything that was thrown. */
export function describeFailure(failure: unknown): Message {
  const problem = problemOf(failure);
  if (problem) return describeProblem(problem);
  return plain(failure instanceof Error ? failure.message : l10n.t('Something went wrong that Minutes does not know.'));
}

/** Shows a message and runs the chosen button's action. Resolves when the message is gone. */
export async function showError(message: Message): Promise<void> {
  if (message.isHarmless) {
    await showInformation(message);
    return;
  }
  await act(message, await window.showErrorMessage(message.text, ...message.actions.map(({ title }) => title)));
}

/** Shows a message as a warning, with its buttons. */
export async function showWarning(message: Message): Promise<void> {
  await act(message, await window.showWarningMessage(message.text, ...message.actions.map(({ title }) => title)));
}

/** Shows a message as information, with its buttons. */
export async function showInformation(message: Message): Promise<void> {
  await act(message, await window.showInformationMessage(message.text, ...message.actions.map(({ title }) => title)));
}

async function act(message: Message, chosen: string | undefined): Promise<void> {
  await message.actions.find(({ title }) => title === chosen)?.run();
}
