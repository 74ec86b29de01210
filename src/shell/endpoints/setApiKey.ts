import { l10n, window } from 'vscode';
import { SETTINGS } from '../contributed/settingsTable';
import { currentRemote, pickEndpoint, type EndpointChoice } from './endpointChoices';
import type { KeyStore } from './keyStore';
import { showInformation } from '../words/messages';
import { plain } from '../words/remedies';
import { writeSetting } from '../contributed/settings';

/** **Minutes: Set API Key…**: sets, replaces or removes the key of one endpoint, and offers to use that endpoint. */
export class SetApiKey {
  constructor(private readonly keys: KeyStore) {}

  /**
   * @param host set where a message told whose key is missing: then the user need not choose
   * @returns whether there is a new key
   */
  async run(host?: string): Promise<boolean> {
    const current = currentRemote();
    const choice =
      current && current.endpoint.host === host
        ? current
        : await pickEndpoint(this.keys, {
            title: l10n.t('Which endpoint is the key for?'),
            placeHolder: l10n.t('The embedded engine needs no key'),
          });
    if (!choice) return false;
    const { baseUrl } = choice.endpoint;
    const known = await this.keys.get(baseUrl);
    const entered = await window.showInputBox({
      title: l10n.t('API key for {0}', choice.endpoint.host),
      prompt:
        known === undefined
          ? l10n.t("Paste the key. It is kept in the editor's secret storage.")
          : l10n.t('A key is set. Paste another to replace it, or leave this empty to remove it.'),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        isSendable(text.trim()) ? undefined : l10n.t('A key has no spaces and no line breaks.'),
    });
    if (entered === undefined) return false;
    const key = entered.trim();
    if (key !== '') {
      await this.keep(choice, key, current);
      return true;
    }
    if (known !== undefined) {
      await this.keys.remove(baseUrl);
      void showInformation(plain(l10n.t('The API key for {0} is removed.', choice.endpoint.host)));
    }
    return false;
  }

  private async keep(
    { setting, endpoint }: EndpointChoice,
    key: string,
    current: EndpointChoice | undefined,
  ): Promise<void> {
    const { baseUrl, host } = endpoint;
    await this.keys.set(baseUrl, key);
    const isInForce = current?.endpoint.baseUrl === baseUrl;
    // A user who sets a key while the embedded engine is in force wants the endpoint. Between two endpoints their wish is not known.
    if (!current) await writeSetting(SETTINGS.endpoint, setting);
    if (!current || isInForce) {
      void showInformation(plain(l10n.t('The API key is set. Recordings are transcribed by {0}.', host)));
      return;
    }
    const text = l10n.t(
      'The API key for {0} is set. Recordings are still transcribed by {1}.',
      host,
      current.endpoint.host,
    );
    const title = l10n.t('Use {0}', host);
    void showInformation({ text, actions: [{ title, run: () => writeSetting(SETTINGS.endpoint, setting) }] });
  }
}

/** Whether the text can stand in an HTTP header. */
function isSendable(key: string): boolean {
  return /^[\x21-\x7e]*$/.test(key);
}
