import { commands, ConfigurationTarget, l10n, window, workspace, type QuickPickItem } from 'vscode';
import { LANGUAGES } from '../../core/endpoints/languages';
import { COMMANDS } from '../contributed/commands';
import { SETTINGS } from '../contributed/settingsTable';
import type { EmbeddedModels } from '../models/embeddedModels';
import { languageName } from '../words/languageName';
import { describeFailure, showError } from '../words/messages';
import { endpointInForce, readSetting } from '../contributed/settings';

interface LanguageItem extends QuickPickItem {
  /** Absent: the row that leads to the choice of another model. */
  readonly code?: string;
}

/** **Minutes: Choose Language…**: the language spoken, by its name. For the embedded engine it offers the languages that its models know. */
export async function chooseLanguage(models: EmbeddedModels): Promise<void> {
  try {
    await pickLanguage(await knownCodes(models));
  } catch (error) {
    // Settings cannot be written when their file has a syntax error.
    void showError(describeFailure(error));
  }
}

/** The codes that the models know; undefined where all of Whisper's languages are offered. */
async function knownCodes(models: EmbeddedModels): Promise<readonly string[] | undefined> {
  try {
    if (endpointInForce().kind === 'remote') return undefined;
    return await models.languages();
  } catch {
    // A wrong endpoint or model is told when something is recorded.
    return undefined;
  }
}

async function pickLanguage(known: readonly string[] | undefined): Promise<void> {
  const current = readSetting(SETTINGS.language).trim().toLowerCase();
  const named: LanguageItem[] = [...LANGUAGES.keys()]
    .filter((code) => known?.includes(code) ?? true)
    .map((code) => ({ label: languageName(code), description: code, code }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const found: LanguageItem = { label: l10n.t('Detect automatically'), description: 'auto', code: 'auto' };
  // The language in use comes first, so that Enter changes nothing.
  const items = [found, ...named].sort((a, b) => Number(b.code === current) - Number(a.code === current));
  const more: LanguageItem = {
    label: `$(cloud-download) ${l10n.t('More languages…')}`,
    description: l10n.t('with another model of the embedded engine'),
  };
  const isOneOnly = known !== undefined && named.length < 2;
  const picked = await window.showQuickPick([...items, ...(isOneOnly ? [more] : [])], {
    title: l10n.t('Which language is spoken?'),
    placeHolder: l10n.t('Naming it makes endpoints and Whisper models quicker and more accurate'),
    matchOnDescription: true,
  });
  if (!picked || picked.code === current) return;
  if (picked.code === undefined) {
    await commands.executeCommand(COMMANDS.chooseEngineModel);
    return;
  }
  // The language is written where it is set already: a workspace's own choice would hide one made for all windows.
  const set = workspace.getConfiguration().inspect(SETTINGS.language.id);
  const target = set?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await workspace.getConfiguration().update(SETTINGS.language.id, picked.code, target);
}
