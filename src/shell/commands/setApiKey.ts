import { l10n, window, type QuickPickItem } from 'vscode';
import { problemOf } from '../../core/errors';
import { parseEndpoint, type RemoteEndpoint } from '../../core/speech/endpoint';
import { SETTINGS } from '../contributions';
import type { KeyStore } from '../keyStore';
import { describeProblem, showInformation } from '../messages';
import { readSetting, writeSetting } from '../settings';

/** An endpoint as the setting spells it. */
interface Choice {
  readonly setting: string;
  readonly endpoint: RemoteEndpoint;
}

/** **Minutes: Set API Key…**: asks for a key, for the endpoint in force or, where that needs none, for one to switch to. */
export class SetApiKey {
  constructor(private readonly keys: KeyStore) {}

  async run(): Promise<void> {
    const current = this.currentRemote();
    const choice = current ?? (await chooseEndpoint());
    if (!choice) return;
    const { baseUrl, host } = choice.endpoint;
    const known = await this.keys.get(baseUrl);
    const entered = await window.showInputBox({
      title: l10n.t('API key for {0}', host),
      prompt:
        known === undefined
          ? l10n.t("Paste the key. It is kept in the editor's secret storage.")
          : l10n.t('A key is set. Paste another to replace it, or leave this empty to remove it.'),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        isSendable(text.trim()) ? undefined : l10n.t('A key has no spaces and no line breaks.'),
    });
    if (entered === undefined) return;
    const key = entered.trim();
    if (key === '') {
      await this.keys.remove(baseUrl);
      if (known !== undefined)
        void showInformation({ text: l10n.t('The API key for {0} is removed.', host), actions: [] });
      return;
    }
    await this.keys.set(baseUrl, key);
    if (!current) await writeSetting(SETTINGS.endpoint, choice.setting);
    void showInformation({ text: l10n.t('The API key is set. Recordings are transcribed by {0}.', host), actions: [] });
  }

  private currentRemote(): Choice | undefined {
    const setting = readSetting(SETTINGS.endpoint);
    try {
      const endpoint = parseEndpoint(setting);
      return endpoint.kind === 'remote' ? { setting, endpoint } : undefined;
    } catch {
      // An unusable setting: the user chooses anew.
      return undefined;
    }
  }
}

async function chooseEndpoint(): Promise<Choice | undefined> {
  const items: (QuickPickItem & { readonly setting?: string })[] = [
    { label: 'Groq', description: 'api.groq.com', setting: 'groq' },
    { label: 'OpenAI', description: 'api.openai.com', setting: 'openai' },
    { label: l10n.t('Another compatible server…'), description: l10n.t('by its base address') },
  ];
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Which endpoint is the key for?'),
    placeHolder: l10n.t('The embedded engine needs no key'),
  });
  if (!picked) return undefined;
  const setting =
    picked.setting ??
    (await window.showInputBox({
      title: l10n.t('Base address of the server'),
      placeHolder: 'https://speech.example.com/v1',
      ignoreFocusOut: true,
      validateInput: addressProblem,
    }));
  if (setting === undefined || setting.trim() === '') return undefined;
  const endpoint = parseEndpoint(setting);
  return endpoint.kind === 'remote' ? { setting: setting.trim(), endpoint } : undefined;
}

function addressProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    parseEndpoint(text);
    return undefined;
  } catch (error) {
    const problem = problemOf(error);
    return problem ? describeProblem(problem).text : String(error);
  }
}

/** Whether the text can stand in an HTTP header. */
function isSendable(key: string): boolean {
  return /^[\x21-\x7e]*$/.test(key);
}
