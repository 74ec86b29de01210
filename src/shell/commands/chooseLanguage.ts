import { ConfigurationTarget, l10n, window, workspace } from 'vscode';
import { LANGUAGES } from '../../core/speech/languages';
import { SETTINGS } from '../contributions';
import { languageName } from '../languageName';
import { describeFailure, showError } from '../messages';
import { readSetting } from '../settings';

/** **Minutes: Choose Language…**: the language spoken, by its name. */
export async function chooseLanguage(): Promise<void> {
  try {
    await pickLanguage();
  } catch (error) {
    // Settings cannot be written where their file is broken.
    void showError(describeFailure(error));
  }
}

async function pickLanguage(): Promise<void> {
  const current = readSetting(SETTINGS.language).trim().toLowerCase();
  const named = [...LANGUAGES.keys()]
    .map((code) => ({ label: languageName(code), description: code, code }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const found = { label: l10n.t('Found out from the audio'), description: 'auto', code: 'auto' };
  // The one in use first: Enter leaves it as it is.
  const items = [found, ...named].sort((a, b) => Number(b.code === current) - Number(a.code === current));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Which language is spoken?'),
    placeHolder: l10n.t('Naming it makes endpoints quicker and more accurate'),
    matchOnDescription: true,
  });
  if (!picked || picked.code === current) return;
  // Where it is set already, a workspace's own choice would hide one made for all windows.
  const set = workspace.getConfiguration().inspect(SETTINGS.language);
  const target = set?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await workspace.getConfiguration().update(SETTINGS.language, picked.code, target);
}
