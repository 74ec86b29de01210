import { ConfigurationTarget, workspace } from 'vscode';
import { writeSetting } from './settings';
import { SETTINGS } from './settingsTable';

/** A setting of 0.1.0, which had one model for dictations, meetings and files. Package.json does not declare it any more. */
const FORMER_MODEL = 'minutes.model';

/**
 * Moves the model of 0.1.0 to the settings that replaced it, unless the user has set them, and clears the old setting. Workspace settings
 * do not count, since a workspace must not decide where audio goes.
 */
export async function moveFormerModel(): Promise<void> {
  const settings = workspace.getConfiguration();
  const former = settings.inspect<unknown>(FORMER_MODEL)?.globalValue;
  if (former === undefined) return;
  const name = typeof former === 'string' ? former.trim() : '';
  for (const setting of [SETTINGS.dictationModel, SETTINGS.meetingModel]) {
    const isSet = settings.inspect(setting.id)?.globalValue !== undefined;
    if (name !== '' && !isSet) await writeSetting(setting, name);
  }
  // This comes last: if a settings file cannot be written, the next start still finds the value and moves it.
  await settings.update(FORMER_MODEL, undefined, ConfigurationTarget.Global);
}
