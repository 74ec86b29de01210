import { l10n } from 'vscode';
import type { InstalledModel } from '../../core/models/engineModel';
import { problemOf } from '../../core/errors';
import { SETTINGS } from '../contributed/settingsTable';
import { modelInForce, needsOf } from './embeddedModels';
import { showInformation } from '../words/messages';
import { speedText } from '../words/modelWords';
import { plain, type MessageAction } from '../words/remedies';
import { endpointInForce, writeSetting } from '../contributed/settings';

/** Tells that a model is installed, and which one is in force now. Where that is another one, a button changes it. */
export async function tellInstalled(model: InstalledModel, installed: readonly InstalledModel[]): Promise<void> {
  const inForce = nameInForce(installed);
  const isInForce = inForce === model.name;
  const speed = model.speed === undefined ? '' : `: ${speedText(model.speed)}`;
  const host = remoteHost();
  if (host === undefined && isInForce) {
    // A message without buttons is cut after about sixty letters, so the important words stand first.
    await showInformation(plain(l10n.t('{0} is installed and in use{1}.', model.name, speed)));
    return;
  }
  const what = l10n.t('{0} is installed{1}.', model.name, speed);
  if (host !== undefined) {
    const text = `${what} ${l10n.t('Recordings still go to {0}.', host)}`;
    await showInformation({ text, actions: [useEmbedded(isInForce ? undefined : model.name)] });
    return;
  }
  const which =
    inForce === undefined
      ? l10n.t('The one that is chosen for the embedded engine is not here.')
      : l10n.t('The embedded engine still uses {0}.', inForce);
  const use = { title: l10n.t('Use It'), run: () => writeSetting(SETTINGS.embeddedModel, model.name) };
  await showInformation({ text: `${what} ${which}`, actions: [use] });
}

/** A button that chooses the embedded engine. @param name the model that it shall use; absent: the one in force */
export function useEmbedded(name?: string): MessageAction {
  return {
    title: l10n.t('Use the Embedded Engine'),
    run: async (): Promise<void> => {
      if (name !== undefined) await writeSetting(SETTINGS.embeddedModel, name);
      await writeSetting(SETTINGS.endpoint, 'embedded');
    },
  };
}

/** The model in force; undefined where no model is here, or where the setting's model is not here. */
function nameInForce(installed: readonly InstalledModel[]): string | undefined {
  try {
    return modelInForce(installed, needsOf('meeting')).name;
  } catch (error) {
    const code = problemOf(error)?.code;
    if (code === 'modelNotInstalled' || code === 'modelMissing') return undefined;
    throw error;
  }
}

/** The host that recordings go to; undefined where they stay on this machine, and where the setting is invalid. */
export function remoteHost(): string | undefined {
  try {
    const endpoint = endpointInForce();
    return endpoint.kind === 'remote' ? endpoint.host : undefined;
  } catch {
    return undefined;
  }
}
