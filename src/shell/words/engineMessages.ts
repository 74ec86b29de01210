import { l10n } from 'vscode';
import type { EngineProblem } from '../../core/errors';
import { RECOMMENDED } from '../../core/models/catalogue';
import { SETTINGS } from '../contributed/settingsTable';
import { dataSize } from './dataSize';
import type { MessageTable } from './messageTable';
import { withDownload, withEngineModel, withSetting } from './remedies';

/** The words for problems of the engine that comes with Minutes. */
export const ENGINE_MESSAGES: MessageTable<EngineProblem> = {
  engineFilesMissing: (problem) =>
    withSetting(
      l10n.t(
        'A part of the embedded engine is missing: {0} is not below {1}. Install the Minutes package made for this platform again (while developing: npm ci), or choose another endpoint.',
        problem.missing,
        problem.looked,
      ),
      SETTINGS.endpoint,
    ),
  modelMissing: () => {
    const { name, downloadBytes } = RECOMMENDED;
    const text = l10n.t(
      'No speech model is on this machine yet: this package of Minutes has none. Download {0} once ({1}), after which no network is needed, or choose another.',
      name,
      dataSize(downloadBytes),
    );
    return { text, actions: [...withDownload(text, name).actions, ...withEngineModel(text).actions] };
  },
  modelNotInstalled: (problem) => {
    const text = l10n.t(
      '"{0}" is not on this machine. It is the model chosen for the embedded engine: download it, or choose another.',
      problem.model,
    );
    return {
      text,
      actions: [...withEngineModel(text).actions, ...withSetting(text, SETTINGS.embeddedModel).actions],
    };
  },
  engineFailed: (problem) =>
    withSetting(
      l10n.t(
        'The embedded engine stopped working: {0}. Try again, or choose another endpoint; what was transcribed so far is kept.',
        problem.reason,
      ),
      SETTINGS.endpoint,
    ),
};
