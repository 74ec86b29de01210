import { l10n, window, type QuickPickItem } from 'vscode';
import { problemOf } from '../../core/errors';
import { parseEndpoint, type RemoteEndpoint } from '../../core/endpoints/endpoint';
import { SETTINGS } from '../contributed/settingsTable';
import type { KeyStore } from './keyStore';
import { describeProblem, showInformation } from '../words/messages';
import { plain } from '../words/remedies';
import { readSetting, writeSetting } from '../contributed/settings';

/** An endpoint as the setting spells it. */
interface Choice {
  readonly setting: string;
  readonly endpoint: RemoteEndpoint;
}

/** **Minutes: Set API Key…**: sets, replaces or removes the key of one endpoint, and offers to use that endpoint. */
export class SetApiKey {
  constructor(private readonly keys: KeyStore) {}

  /**
   * @param host set where a message told whose key is missing: then the user need not choose
   * @returns whether there is a new key
   */
  async run(host?: string): Promise<boolean> {
    const current = currentRemote();
    const choice = current && current.endpoint.host === host ? current : await this.choose(current);
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

  private async keep({ setting, endpoint }: Choice, key: string, current: Choice | undefined): Promise<void> {
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

  private async choose(current: Choice | undefined): Promise<Choice | undefined> {
    const settings = [...(current ? [current.setting] : []), 'groq', 'openai', 'mistral', ...this.keys.baseUrls];
    const choices = new Map<string, Choice>();
    for (const setting of settings) {
      const choice = asChoice(setting);
      if (choice && !choices.has(choice.endpoint.baseUrl)) choices.set(choice.endpoint.baseUrl, choice);
    }
    const items = await Promise.all(
      [...choices.values()].map((choice) => this.item(choice, choice.endpoint.baseUrl === current?.endpoint.baseUrl)),
    );
    const other: QuickPickItem & { readonly choice?: Choice } = {
      label: l10n.t('Another compatible server…'),
      description: l10n.t('by its base address'),
    };
    const picked = await window.showQuickPick([...items, other], {
      title: l10n.t('Which endpoint is the key for?'),
      placeHolder: l10n.t('The embedded engine needs no key'),
      matchOnDescription: true,
    });
    return picked && (picked.choice ?? (await askForAddress()));
  }

  private async item(choice: Choice, isInForce: boolean): Promise<QuickPickItem & { readonly choice: Choice }> {
    const { provider, baseUrl, host } = choice.endpoint;
    const hasKey = (await this.keys.get(baseUrl)) !== undefined;
    const facts = [
      PROVIDER_NAMES[provider] === undefined ? undefined : host,
      isInForce ? l10n.t('in use') : undefined,
      hasKey ? l10n.t('a key is set') : undefined,
    ];
    return {
      label: PROVIDER_NAMES[provider] ?? host,
      description: facts.filter((fact) => fact !== undefined).join(' · '),
      choice,
    };
  }
}

const PROVIDER_NAMES: Readonly<Partial<Record<RemoteEndpoint['provider'], string>>> = {
  groq: 'Groq',
  openai: 'OpenAI',
  mistral: 'Mistral',
};

function currentRemote(): Choice | undefined {
  return asChoice(readSetting(SETTINGS.endpoint));
}

/** Undefined for the embedded engine, and for a setting that cannot be used: then the user has to choose. */
function asChoice(setting: string): Choice | undefined {
  try {
    const endpoint = parseEndpoint(setting);
    return endpoint.kind === 'remote' ? { setting: setting.trim(), endpoint } : undefined;
  } catch {
    return undefined;
  }
}

async function askForAddress(): Promise<Choice | undefined> {
  const setting = await window.showInputBox({
    title: l10n.t('Base address of the server'),
    placeHolder: 'https://speech.example.com/v1',
    ignoreFocusOut: true,
    validateInput: addressProblem,
  });
  return setting === undefined || setting.trim() === '' ? undefined : asChoice(setting);
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
