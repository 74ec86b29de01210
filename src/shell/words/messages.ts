import { env, l10n, window } from 'vscode';
import { RECOMMENDED } from '../../core/models/catalogue';
import { problemOf, type Problem } from '../../core/errors';
import { SETTINGS } from '../contributed/contributions';
import { dataSize } from './dataSize';
import { describeEndpointProblem } from './endpointMessages';
import { describeHubProblem } from './hubMessages';
import {
  installFfmpeg,
  installRecorder,
  megabytes,
  plain,
  withDownload,
  withEngineModel,
  withFfmpeg,
  withSetting,
  withSoundSettings,
  type Message,
} from './remedies';

/** Words a problem, those of endpoints in `endpointMessages.ts`, those of the hub in `hubMessages.ts`. The compiler knows when one is forgotten. */
export function describeProblem(problem: Problem): Message {
  // What is left for the default is what the file of endpoints takes, or this does not compile.
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
  switch (problem.code) {
    case 'fileEmpty':
      return plain(l10n.t('"{0}" is empty: there is nothing to transcribe. Choose another recording.', problem.file));
    case 'fileUnreadable':
      return plain(
        l10n.t(
          '"{0}" cannot be read ({1}). Check that it is there and that you may read it.',
          problem.file,
          problem.reason,
        ),
      );
    case 'fileNotOnDisk':
      return plain(
        l10n.t(
          '"{0}" is not on this machine and could not be copied here ({1}). Save it to a local folder and transcribe that copy.',
          problem.file,
          problem.reason,
        ),
      );
    case 'notAudio':
      return plain(
        l10n.t(
          '"{0}" is not audio that can be read: {1}. Check that it plays in an audio player.',
          problem.file,
          problem.reason,
        ),
      );
    case 'noAudioTrack':
      return plain(l10n.t('"{0}" has no sound: it holds no audio track. Choose a recording with sound.', problem.file));
    case 'ffmpegMissing':
      return withFfmpeg(
        l10n.t(
          '"{0}" needs ffmpeg to be read, and none was found. Install it ({1}) and try again; WAV files need none.',
          problem.file,
          installFfmpeg(),
        ),
      );
    case 'uncutTooLarge':
      return withFfmpeg(
        l10n.t(
          '"{0}" is too large to be sent in one piece ({1} MB; endpoints take {2}), and only ffmpeg could cut it. Install it ({3}) and try again.',
          problem.file,
          megabytes(problem.sizeBytes),
          megabytes(problem.limitBytes),
          installFfmpeg(),
        ),
      );
    case 'noSpeech':
      return plain(
        l10n.t(
          'No speech was found in "{0}". Check that the right microphone was recorded and that it was not muted.',
          problem.file,
        ),
      );
    case 'diskFull':
      return plain(
        l10n.t(
          'The disk is full: {0} could not be written. Free some space and try again; what was recorded or transcribed so far is kept.',
          problem.path,
        ),
      );
    case 'recorderMissing':
      return {
        text:
          process.platform === 'linux'
            ? l10n.t(
                'No program that records was found. Install SoX (Debian and Ubuntu: {0}; elsewhere the package "sox") and try again.',
                installRecorder(),
              )
            : l10n.t('No program that records was found. Install SoX ({0}) and try again.', installRecorder()),
        actions: [{ title: l10n.t('Copy Command'), run: () => env.clipboard.writeText(installRecorder()) }],
      };
    case 'microphoneMissing':
      return withSoundSettings(
        l10n.t(
          'No microphone was found ({0}). Plug one in or choose one in the sound settings of the system, and try again.',
          problem.reason,
        ),
      );
    case 'microphoneBusy':
      return plain(
        l10n.t(
          'The microphone is taken by another program ({0}). End the call or recording there and try again.',
          problem.reason,
        ),
      );
    case 'microphoneSilent':
      return withSoundSettings(
        process.platform === 'darwin'
          ? l10n.t(
              'The microphone gives nothing but silence. Allow this editor to use it (System Settings, Privacy & Security, Microphone), and check that it is not muted; the recording goes on.',
            )
          : l10n.t(
              'The microphone gives nothing but silence. Check that it is not muted and that the right one is chosen; the recording goes on.',
            ),
      );
    case 'microphoneStalled':
      return plain(
        l10n.t(
          'No sound arrives from the microphone any more. Check that it is still connected; the recording goes on, and what was recorded so far is kept.',
        ),
      );
    case 'recorderFailed':
      return withSoundSettings(
        l10n.t(
          'The recording could not begin: {0} says "{1}". Check the microphone in the sound settings of the system and try again.',
          problem.recorder,
          problem.reason,
        ),
      );
    case 'recorderEnded':
      return plain(
        l10n.t(
          'The recording ended by itself: {0} says "{1}". What was recorded so far is kept. Check the microphone and start again.',
          problem.recorder,
          problem.reason,
        ),
      );
    case 'alreadyRecording':
      return plain(l10n.t('Minutes records in another window already. Stop it there first.'));
    case 'recordingUnwritable':
      return plain(
        l10n.t(
          'The recording cannot be written to {0} ({1}). Check that the folder is there and that you may write to it; what was recorded so far is kept.',
          problem.path,
          problem.reason,
        ),
      );
    case 'engineFilesMissing':
      return withSetting(
        l10n.t(
          'A part of the embedded engine ({0}) is missing below {1}. Install the Minutes package made for this platform again (while developing: npm ci), or choose another endpoint.',
          problem.missing,
          problem.looked,
        ),
        SETTINGS.endpoint,
      );
    case 'modelMissing': {
      const { name, downloadBytes } = RECOMMENDED;
      const text = l10n.t(
        'No speech model is on this machine yet: this package of Minutes has none. Download {0} once ({1}), after which no network is needed, or choose another.',
        name,
        dataSize(downloadBytes),
      );
      return { text, actions: [...withDownload(text, name).actions, ...withEngineModel(text).actions] };
    }
    case 'modelNotInstalled': {
      const text = l10n.t(
        'The model "{0}" is chosen for the embedded engine and is not on this machine. Download it, or choose another.',
        problem.model,
      );
      return {
        text,
        actions: [...withEngineModel(text).actions, ...withSetting(text, SETTINGS.embeddedModel).actions],
      };
    }
    case 'engineFailed':
      return withSetting(
        l10n.t(
          'The embedded engine stopped working: {0}. Try again, or choose another endpoint; what was transcribed so far is kept.',
          problem.reason,
        ),
        SETTINGS.endpoint,
      );
    case 'modelNameInvalid':
    case 'hubInvalid':
    case 'hubUnreachable':
    case 'hubFailed':
    case 'modelUnknown':
    case 'modelIncomplete':
    case 'modelNotWhisper':
    case 'downloadCorrupt':
    case 'downloadBroken':
    case 'modelTooLargeForDisk':
    case 'modelsFolderUnusable':
    case 'modelBusy':
    case 'modelPreparationFailed':
      return describeHubProblem(problem);
    default:
      return describeEndpointProblem(problem);
  }
}

/** Words whatever was thrown. */
export function describeFailure(failure: unknown): Message {
  const problem = problemOf(failure);
  if (problem) return describeProblem(problem);
  return plain(failure instanceof Error ? failure.message : l10n.t('Something went wrong that Minutes does not know.'));
}

/** Shows a message and does what the chosen button says. Resolves when the message is gone. */
export async function showError(message: Message): Promise<void> {
  if (message.isHarmless) {
    await showInformation(message);
    return;
  }
  await act(message, await window.showErrorMessage(message.text, ...message.actions.map(({ title }) => title)));
}

/** Shows a message as a warning, with its buttons. */
export async function showWarning(message: Message): Promise<void> {
  await act(message, await window.showWarningMessage(message.text, ...message.actions.map(({ title }) => title)));
}

/** Shows a message as information, with its buttons. */
export async function showInformation(message: Message): Promise<void> {
  await act(message, await window.showInformationMessage(message.text, ...message.actions.map(({ title }) => title)));
}

async function act(message: Message, chosen: string | undefined): Promise<void> {
  await message.actions.find(({ title }) => title === chosen)?.run();
}
