import { workspace, ConfigurationTarget, type Uri } from 'vscode';
import type { TranscriptionOptions } from '../core/ports';
import { parseEndpoint, type Endpoint } from '../core/speech/endpoint';
import { SETTING_DEFAULTS, SETTINGS, type SettingId, type SettingTypes } from './contributions';

/** The value in force now. A value of the wrong type, as a hand-edited file may hold, counts as absent. */
export function readSetting<Id extends SettingId>(id: Id, scope?: Uri): SettingTypes[Id] {
  const value = workspace.getConfiguration(undefined, scope).get<unknown>(id);
  return typeof value === typeof SETTING_DEFAULTS[id] ? (value as SettingTypes[Id]) : SETTING_DEFAULTS[id];
}

/** Sets a value for all of the user's windows. */
export async function writeSetting<Id extends SettingId>(id: Id, value: SettingTypes[Id]): Promise<void> {
  await workspace.getConfiguration().update(id, value, ConfigurationTarget.Global);
}

/** @throws MinutesError `endpointInvalid`, `endpointInsecure` */
export function endpointInForce(): Endpoint {
  return parseEndpoint(readSetting(SETTINGS.endpoint));
}

export function optionsInForce(endpoint: Endpoint): TranscriptionOptions {
  const model = readSetting(SETTINGS.model).trim();
  const language = readSetting(SETTINGS.language).trim().toLowerCase();
  return {
    // The embedded engine has one model, its own.
    ...(model === '' || endpoint.kind === 'embedded' ? {} : { model }),
    ...(language === '' || language === 'auto' ? {} : { language }),
  };
}

export function modelPathInForce(): string | undefined {
  const modelPath = readSetting(SETTINGS.modelPath).trim();
  return modelPath === '' ? undefined : modelPath;
}
