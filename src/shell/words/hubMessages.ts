import { l10n } from 'vscode';
import type { HubProblem } from '../../core/errors';
import { SETTINGS } from '../contributed/settingsTable';
import { dataSize } from './dataSize';
import type { MessageTable } from './messageTable';
import { plain, withAddedModel, withEngineModel, withSetting } from './remedies';

/** The words for problems of a model's download. `modelInstaller.ts` adds the button to try again. */
export const HUB_MESSAGES: MessageTable<HubProblem> = {
  modelNameInvalid: (problem) =>
    withEngineModel(
      l10n.t(
        '"{0}" is no name of a model. Names have an owner and a slash, such as openai/whisper-base.',
        problem.model,
      ),
    ),
  hubInvalid: (problem) =>
    withSetting(
      l10n.t(
        'That is no address of a model hub: "{0}". Set minutes.embedded.hub to an https address, or clear it to use huggingface.co.',
        problem.hub,
      ),
      SETTINGS.hub,
    ),
  hubUnreachable: (problem) => {
    const text = l10n.t(
      '{0} cannot be reached ({1}). Check the network and try again, or set a mirror. Without a network, download the model on another machine and add its folder here.',
      problem.host,
      problem.reason,
    );
    return { text, actions: [...withAddedModel(text).actions, ...withSetting(text, SETTINGS.hub).actions] };
  },
  hubFailed: (problem) =>
    withSetting(
      l10n.t(
        '{0} did not send the model ({1}). Try again later, or set a mirror; what was downloaded so far is kept.',
        problem.host,
        problem.reason === '' ? problem.status : `${problem.status}: ${problem.reason}`,
      ),
      SETTINGS.hub,
    ),
  modelUnknown: (problem) =>
    withEngineModel(
      l10n.t(
        '"{0}" was not found: {1} does not have it, or shows it to its members only. Check the spelling; one that only members see can be downloaded in a browser and added from its folder.',
        problem.model,
        problem.host,
      ),
    ),
  modelIncomplete: (problem) =>
    withEngineModel(
      l10n.t(
        '"{0}" is incomplete: it lacks what the embedded engine needs ({1}). Look for the same model with safetensors and a tokenizer.json, or choose another.',
        problem.model,
        problem.missing.join(', '),
      ),
    ),
  modelNotWhisper: (problem) =>
    withEngineModel(
      l10n.t(
        '"{0}" cannot run here: it is no Whisper that the embedded engine knows ({1}). Choose another model.',
        problem.model,
        problem.reason,
      ),
    ),
  downloadCorrupt: (problem) =>
    withSetting(
      l10n.t(
        'The model arrived damaged: {0} of "{1}" is not what the hub announced, and was deleted. Try again; if it happens again, something on the way changes it, such as a proxy or the mirror in minutes.embedded.hub.',
        problem.file,
        problem.model,
      ),
      SETTINGS.hub,
    ),
  downloadBroken: (problem) =>
    plain(
      l10n.t(
        'The download broke off: the connection to {0} was lost while {1} arrived ({2}). What is here is kept, and the download continues there.',
        problem.host,
        problem.file,
        problem.reason,
      ),
    ),
  modelTooLargeForDisk: (problem) =>
    withSetting(
      l10n.t(
        'The disk has too little room: {0} are needed for a while in {1}, and {2} are free. Free some space, or set another folder, and try again.',
        dataSize(problem.neededBytes),
        problem.path,
        dataSize(problem.freeBytes),
      ),
      SETTINGS.modelsFolder,
    ),
  modelsFolderUnusable: (problem) =>
    withSetting(
      l10n.t(
        'Models cannot be kept in their folder: {0} ({1}). Check that it is there and that you may write to it, or set another.',
        problem.path,
        problem.reason,
      ),
      SETTINGS.modelsFolder,
    ),
  modelBusy: (problem) =>
    plain(l10n.t('"{0}" is busy in another window. Wait until it is installed or removed there.', problem.model)),
  modelPreparationFailed: (problem) =>
    withEngineModel(
      l10n.t(
        '"{0}" could not be prepared: {1}. Try again, or choose another model; what was in force stays.',
        problem.model,
        problem.reason,
      ),
    ),
};
