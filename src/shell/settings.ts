import { workspace, ConfigurationTarget, type Uri } from 'vscode';
import type { SpeechJob } from '../core/model';
import type { TranscriptionOptions } from '../core/ports';
import { parseEndpoint, type Endpoint, type RemoteEndpoint } from '../core/speech/endpoint';
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

/** Where the model of each job is set. */
export const MODEL_SETTINGS = {
  dictation: SETTINGS.dictationModel,
  meeting: SETTINGS.meetingModel,
  translation: SETTINGS.translationModel,
} as const satisfies Record<SpeechJob, SettingId>;

/** Nobody could translate with the one model of 0.1.0. */
const FORMER_JOBS: readonly SpeechJob[] = ['dictation', 'meeting'];

/**
 * The model for a job. The settings' defaults are Groq's names: as long as nobody chose another, here or in the one setting of 0.1.0,
 * each endpoint gets the one that is its own default.
 */
export function modelInForce(endpoint: RemoteEndpoint, job: SpeechJob): string {
  const former = FORMER_JOBS.includes(job) ? readSetting(SETTINGS.formerModel).trim() : '';
  return chosenModel(job) ?? (former === '' ? endpoint.defaultModels[job] : former);
}

/** Sets the model for a job. The setting of 0.1.0 ends with it: where the choice is a default, it would have its say instead. */
export async function chooseModelFor(job: SpeechJob, name: string): Promise<void> {
  const former = readSetting(SETTINGS.formerModel).trim();
  if (former !== '') {
    const others = FORMER_JOBS.filter((other) => other !== job && chosenModel(other) === undefined);
    for (const other of others) await writeSetting(MODEL_SETTINGS[other], former);
    await writeSetting(SETTINGS.formerModel, '');
  }
  await writeSetting(MODEL_SETTINGS[job], name);
}

function chosenModel(job: SpeechJob): string | undefined {
  const id = MODEL_SETTINGS[job];
  const wanted = readSetting(id).trim();
  return wanted === '' || wanted === SETTING_DEFAULTS[id] ? undefined : wanted;
}

export function optionsInForce(endpoint: Endpoint, job: SpeechJob): TranscriptionOptions {
  const language = readSetting(SETTINGS.language).trim().toLowerCase();
  const temperature = Math.min(1, Math.max(0, readSetting(SETTINGS.temperature)));
  return {
    task: job === 'translation' ? 'translate' : 'transcribe',
    // The embedded engine has one model, its own.
    ...(endpoint.kind === 'embedded'
      ? {}
      : { model: modelInForce(endpoint, job), languageModel: modelInForce(endpoint, 'meeting') }),
    ...(language === '' || language === 'auto' ? {} : { language }),
    ...(temperature === 0 ? {} : { temperature }),
  };
}

/** What the editor says about proxies. */
export function editorProxy(): { readonly address: string; readonly isOff: boolean } {
  const http = workspace.getConfiguration('http');
  return { address: http.get<string>('proxy') ?? '', isOff: http.get<string>('proxySupport') === 'off' };
}

export function modelPathInForce(): string | undefined {
  const modelPath = readSetting(SETTINGS.modelPath).trim();
  return modelPath === '' ? undefined : modelPath;
}
