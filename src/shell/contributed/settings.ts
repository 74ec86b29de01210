import { workspace, ConfigurationTarget, type Uri } from 'vscode';
import { defined } from '../../core/async/defined';
import { CHINESE_SCRIPT_CHOICES, type ChineseScriptChoice, type SpeechJob } from '../../core/model';
import type { TranscriptionWishes } from '../../core/transcription/fileTranscriber';
import {
  parseEndpoint,
  resolveModel,
  type ChosenModels,
  type Endpoint,
  type RemoteEndpoint,
} from '../../core/endpoints/endpoint';
import { SETTINGS, type Setting, type SettingValue } from './settingsTable';

/** The value in force now. A value of the wrong type, as a hand-edited file may hold, counts as absent. */
export function readSetting<Of extends Setting>(setting: Of, scope?: Uri): SettingValue<Of> {
  const value = workspace.getConfiguration(undefined, scope).get<unknown>(setting.id);
  // The compiler does not resolve a type that depends on a type parameter. Both values have the default's type.
  return (typeof value === typeof setting.default ? value : setting.default) as SettingValue<Of>;
}

/** Whether the value in force is the workspace's or a folder's: then whoever made the workspace may have set it. */
export function isSetByWorkspace(setting: Setting, scope?: Uri): boolean {
  const found = workspace.getConfiguration(undefined, scope).inspect(setting.id);
  return found?.workspaceFolderValue !== undefined || found?.workspaceValue !== undefined;
}

/** Sets a value for all of the user's windows. */
export async function writeSetting<Of extends Setting>(setting: Of, value: SettingValue<Of>): Promise<void> {
  await workspace.getConfiguration().update(setting.id, value, ConfigurationTarget.Global);
}

/** @throws MinutesError `endpointInvalid`, `endpointInsecure` */
export function endpointInForce(): Endpoint {
  return parseEndpoint(readSetting(SETTINGS.endpoint));
}

/** Where the model of each job is set. */
const MODEL_SETTINGS = {
  dictation: SETTINGS.dictationModel,
  meeting: SETTINGS.meetingModel,
  translation: SETTINGS.translationModel,
} as const satisfies Record<SpeechJob, Setting>;

/**
 * The settings' defaults until 0.4.0, Groq's names. They stood for the endpoint's usual model, and still do where a user has written them:
 * no other provider has models of these names.
 */
const FORMER_DEFAULTS: Readonly<Record<SpeechJob, string>> = {
  dictation: 'whisper-large-v3-turbo',
  meeting: 'whisper-large-v3-turbo',
  translation: 'whisper-large-v3',
};

/** The models that the user chose. */
function chosenModels(): ChosenModels {
  return defined({
    dictation: chosenModel('dictation'),
    meeting: chosenModel('meeting'),
    translation: chosenModel('translation'),
  });
}

/** The model that an endpoint is asked for a job. */
export function modelInForce(endpoint: RemoteEndpoint, job: SpeechJob): string {
  return resolveModel(endpoint, job, chosenModels());
}

/** Sets the model for a job. */
export async function chooseModelFor(job: SpeechJob, name: string): Promise<void> {
  await writeSetting(MODEL_SETTINGS[job], name);
}

function chosenModel(job: SpeechJob): string | undefined {
  const wanted = readSetting(MODEL_SETTINGS[job]).trim();
  return wanted === '' || wanted === FORMER_DEFAULTS[job] ? undefined : wanted;
}

/** ISO-639-1; undefined where the endpoint finds out. */
export function languageInForce(): string | undefined {
  const language = readSetting(SETTINGS.language).trim().toLowerCase();
  return language === '' || language === 'auto' ? undefined : language;
}

/** Another value, as a hand-edited file may hold, counts as `auto`. */
function chineseScriptInForce(): ChineseScriptChoice {
  const wanted = readSetting(SETTINGS.chineseScript);
  return CHINESE_SCRIPT_CHOICES.find((choice) => choice === wanted) ?? 'auto';
}

/** The wishes for a job from the settings, without the words of the workspace. */
export function wishesInForce(job: SpeechJob): TranscriptionWishes {
  const temperature = Math.min(1, Math.max(0, readSetting(SETTINGS.temperature)));
  const chineseScript = chineseScriptInForce();
  return defined({
    job,
    chosenModels: chosenModels(),
    language: languageInForce(),
    temperature: temperature === 0 ? undefined : temperature,
    chineseScript: chineseScript === 'auto' ? undefined : chineseScript,
  });
}

/** The device that is recorded, as the recorder calls it; undefined: the system's default. */
export function deviceInForce(): string | undefined {
  const device = readSetting(SETTINGS.microphoneDevice).trim();
  return device === '' ? undefined : device;
}

/** The device that meetings record beside the microphone; undefined: none. */
export function secondDeviceInForce(): string | undefined {
  const device = readSetting(SETTINGS.secondDevice).trim();
  return device === '' ? undefined : device;
}

/** Whether the user has said that a screen reader reads the window. */
export function hasScreenReader(): boolean {
  return workspace.getConfiguration('editor').get('accessibilitySupport') === 'on';
}

/** What the editor says about proxies. */
export function editorProxy(): { readonly address: string; readonly isOff: boolean } {
  const http = workspace.getConfiguration('http');
  return { address: http.get<string>('proxy') ?? '', isOff: http.get<string>('proxySupport') === 'off' };
}

/** Undefined where no folder is set, or its path is not absolute: package.json's pattern tells the user. */
export function modelsFolderInForce(): string | undefined {
  const folder = readSetting(SETTINGS.modelsFolder).trim();
  return /^(\/|\\\\|[A-Za-z]:[\\/])/.test(folder) ? folder : undefined;
}

/** The hub's address in the settings; empty for the public hub. */
export function hubInForce(): string {
  return readSetting(SETTINGS.hub);
}
