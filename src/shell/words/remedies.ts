import { commands, env, l10n, Uri } from 'vscode';
import type { Host } from '../../core/model';
import { COMMANDS } from '../contributed/commands';
import { wayToSetting, type Setting } from '../contributed/settingsTable';

/** Messages with the buttons under them, which tell what a user can do about a problem. `messages.ts` has the words. */

/** A button under a message. */
export interface MessageAction {
  readonly title: string;
  readonly run: () => unknown;
  /** Whether the failed work is tried again right after this action. It is not where the action gives false: then nothing has changed. */
  readonly leadsBack?: boolean;
}

/** A problem in words: what happened, to what, and what to do next. */
export interface Message {
  readonly text: string;
  readonly actions: readonly MessageAction[];
  /** Whether nothing went wrong, and the work only takes longer. */
  readonly isHarmless?: boolean;
}

/** A message without a button. */
export function plain(text: string): Message {
  return { text, actions: [] };
}

/** A message with a button that opens a setting. */
export function withSetting(text: string, setting: Setting): Message {
  const run = (): Thenable<unknown> => {
    const { command, argument } = wayToSetting(setting, env.remoteName !== undefined);
    return commands.executeCommand(command, argument);
  };
  return { text, actions: [{ title: l10n.t('Open Setting'), run }] };
}

/** A message with a button that runs a command. */
function withCommand(text: string, title: string, command: string, ...args: readonly unknown[]): Message {
  return { text, actions: [{ title, run: () => commands.executeCommand(command, ...args) }] };
}

/** @param host whose key it is */
export function withKey(text: string, host: Host): Message {
  // The embedded engine has no key: the command asks which endpoint is meant.
  const known = typeof host === 'string' ? host : undefined;
  const message = withCommand(text, l10n.t('Set API Key…'), COMMANDS.setApiKey, known);
  return { ...message, actions: message.actions.map((action) => ({ ...action, leadsBack: true })) };
}

/** A message with a button that chooses a model of the embedded engine. */
export function withModel(text: string): Message {
  return withCommand(text, l10n.t('Online Models…'), COMMANDS.chooseModel);
}

/** A message with a button that chooses or downloads a model of the embedded engine. After it the failed work can go on. */
export function withEngineModel(text: string): Message {
  const message = withCommand(text, l10n.t('Offline Models…'), COMMANDS.chooseEngineModel);
  return { ...message, actions: message.actions.map((action) => ({ ...action, leadsBack: true })) };
}

/** The same for one model: the button opens the question about its download at once. */
export function withDownload(text: string, model: string): Message {
  const message = withCommand(text, l10n.t('Download…'), COMMANDS.chooseEngineModel, model);
  return { ...message, actions: message.actions.map((action) => ({ ...action, leadsBack: true })) };
}

/** A message with a button that adds a model from a folder. */
export function withAddedModel(text: string): Message {
  return withCommand(text, l10n.t('Add Model from Folder…'), COMMANDS.addEngineModel);
}

/** A message with a button that shows the log. */
export function withLog(text: string): Message {
  return withCommand(text, l10n.t('Show Log'), COMMANDS.showLog);
}

/**
 * The message with a button to try again. The other buttons try again by themselves when they have removed the cause.
 *
 * @param isHopeless whether the same would fail again: then only the other buttons do
 */
export function withRetry(message: Message, again: MessageAction, isHopeless = false): Message {
  const before = message.actions.map((action) =>
    action.leadsBack
      ? {
          ...action,
          run: async (): Promise<void> => {
            if ((await action.run()) !== false) await again.run();
          },
        }
      : action,
  );
  return { ...message, actions: isHopeless ? before : [...before, again] };
}

/** Bytes as megabytes with one decimal. */
export function megabytes(sizeBytes: number): string {
  return (sizeBytes / 1_000_000).toFixed(1);
}

function openPage(address: string): Thenable<unknown> {
  return commands.executeCommand('vscode.open', Uri.parse(address));
}

/** Addresses of the system's settings: for the choice of a microphone, and for who may use it. Linux has none that every desktop knows. */
const SYSTEM_SETTINGS: Readonly<
  Partial<Record<NodeJS.Platform, { readonly sound: string; readonly privacy: string }>>
> = {
  darwin: {
    sound: 'x-apple.systempreferences:com.apple.preference.sound',
    privacy: 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone',
  },
  win32: { sound: 'ms-settings:sound', privacy: 'ms-settings:privacy-microphone' },
};

/** A message with a button that opens the system's sound settings, where there is a known way. */
export function withSoundSettings(text: string): Message {
  return withSystemSettings(text, l10n.t('Sound Settings'), SYSTEM_SETTINGS[process.platform]?.sound);
}

/** A message with a button that opens the system's list of programs that may use the microphone, where there is a known way. */
export function withMicrophonePrivacy(text: string): Message {
  return withSystemSettings(text, l10n.t('Microphone Settings'), SYSTEM_SETTINGS[process.platform]?.privacy);
}

function withSystemSettings(text: string, title: string, address: string | undefined): Message {
  if (address === undefined) return plain(text);
  return { text, actions: [{ title, run: () => env.openExternal(Uri.parse(address)) }] };
}

/** How SoX is installed on this system; on Linux with the driver for the sound server of nearly every desktop. */
export function installRecorder(): string {
  if (process.platform === 'darwin') return 'brew install sox';
  return process.platform === 'win32' ? 'winget install sox_ng.sox_ng' : 'sudo apt install sox libsox-fmt-pulse';
}

/** A message with a button that says how ffmpeg is installed. */
export function withFfmpeg(text: string): Message {
  return {
    text,
    actions: [{ title: l10n.t('How to Install'), run: () => openPage('https://ffmpeg.org/download.html') }],
  };
}

/** How ffmpeg is installed on this system. */
export function installFfmpeg(): string {
  if (process.platform === 'darwin') return 'brew install ffmpeg';
  return process.platform === 'win32' ? 'winget install Gyan.FFmpeg' : 'sudo apt install ffmpeg';
}
