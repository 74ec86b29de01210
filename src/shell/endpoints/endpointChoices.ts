import { l10n, window, type QuickPickItem } from 'vscode';
import { problemOf } from '../../core/errors';
import { parseEndpoint, type RemoteEndpoint } from '../../core/endpoints/endpoint';
import { SETTINGS } from '../contributed/settingsTable';
import type { KeyStore } from './keyStore';
import { describeProblem } from '../words/messages';
import { readSetting } from '../contributed/settings';

/** A server as the setting spells it. */
export interface EndpointChoice {
  readonly setting: string;
  readonly endpoint: RemoteEndpoint;
}

interface EndpointItem extends QuickPickItem {
  /** Absent: the row that asks for an address. */
  readonly choice?: EndpointChoice;
}

/** What a list of endpoints says, and the row of the embedded engine where that can be chosen. */
export interface EndpointQuestion {
  readonly title: string;
  readonly placeHolder: string;
  readonly embedded?: QuickPickItem;
}

/** Asks for an endpoint: the one in force, the known ones, those with a key, another by its address, or the embedded engine. */
export function pickEndpoint(
  keys: KeyStore,
  question: Required<EndpointQuestion>,
): Promise<EndpointChoice | 'embedded' | undefined>;
/** The same without the embedded engine. */
export function pickEndpoint(
  keys: KeyStore,
  question: Omit<EndpointQuestion, 'embedded'>,
): Promise<EndpointChoice | undefined>;
export async function pickEndpoint(
  keys: KeyStore,
  { title, placeHolder, embedded }: EndpointQuestion,
): Promise<EndpointChoice | 'embedded' | undefined> {
  const current = currentRemote();
  const settings = [...(current ? [current.setting] : []), 'groq', 'openai', 'mistral', ...keys.baseUrls];
  const choices = new Map<string, EndpointChoice>();
  for (const setting of settings) {
    const choice = asChoice(setting);
    if (choice && !choices.has(choice.endpoint.baseUrl)) choices.set(choice.endpoint.baseUrl, choice);
  }
  const items: EndpointItem[] = await Promise.all(
    [...choices.values()].map((choice) => itemOf(choice, keys, choice.endpoint.baseUrl === current?.endpoint.baseUrl)),
  );
  const other: EndpointItem = {
    label: l10n.t('Another compatible server…'),
    description: l10n.t('by its base address'),
  };
  // What is in use comes first, so that Enter changes nothing.
  const all = [
    ...(embedded && !current ? [embedded] : []),
    ...items,
    ...(embedded && current ? [embedded] : []),
    other,
  ];
  const picked = await window.showQuickPick<EndpointItem>(all, { title, placeHolder, matchOnDescription: true });
  if (picked && picked === embedded) return 'embedded';
  return picked && (picked.choice ?? (await askForAddress()));
}

async function itemOf(choice: EndpointChoice, keys: KeyStore, isInForce: boolean): Promise<EndpointItem> {
  const { provider, baseUrl, host } = choice.endpoint;
  const hasKey = (await keys.get(baseUrl)) !== undefined;
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

const PROVIDER_NAMES: Readonly<Partial<Record<RemoteEndpoint['provider'], string>>> = {
  groq: 'Groq',
  openai: 'OpenAI',
  mistral: 'Mistral',
};

/** The endpoint in force; undefined where that is the embedded engine, or none. */
export function currentRemote(): EndpointChoice | undefined {
  return asChoice(readSetting(SETTINGS.endpoint));
}

/** Undefined for the embedded engine, and for a setting that cannot be used: then the user has to choose. */
function asChoice(setting: string): EndpointChoice | undefined {
  try {
    const endpoint = parseEndpoint(setting);
    return endpoint.kind === 'remote' ? { setting: setting.trim(), endpoint } : undefined;
  } catch {
    return undefined;
  }
}

async function askForAddress(): Promise<EndpointChoice | undefined> {
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
