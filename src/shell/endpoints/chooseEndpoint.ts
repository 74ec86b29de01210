import { commands, l10n } from 'vscode';
import { COMMANDS } from '../contributed/commands';
import { writeSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import { describeFailure, showError } from '../words/messages';
import { currentRemote, pickEndpoint } from './endpointChoices';
import type { KeyStore } from './keyStore';

/** **Minutes: Choose Endpoint…**: who turns speech into text, from a list. Asks for a key where the one chosen wants one and has none. */
export async function chooseEndpoint(keys: KeyStore): Promise<void> {
  try {
    const chosen = await pickEndpoint(keys, {
      title: l10n.t('Who turns speech into text?'),
      placeHolder: l10n.t('Audio leaves this machine only for an endpoint that is elsewhere'),
      embedded: {
        label: l10n.t('Embedded engine'),
        description: currentRemote() ? l10n.t('offline') : l10n.t('offline · in use'),
      },
    });
    if (chosen === undefined) return;
    if (chosen === 'embedded') {
      await writeSetting(SETTINGS.endpoint, SETTINGS.endpoint.default);
      return;
    }
    const { setting, endpoint } = chosen;
    await writeSetting(SETTINGS.endpoint, setting);
    const isKeyMissing = endpoint.requiresKey && (await keys.get(endpoint.baseUrl)) === undefined;
    if (isKeyMissing) await commands.executeCommand(COMMANDS.setApiKey, endpoint.host);
  } catch (error) {
    // Settings cannot be written when their file has a syntax error.
    void showError(describeFailure(error));
  }
}
