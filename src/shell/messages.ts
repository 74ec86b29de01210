import { env, l10n, window } from 'vscode';
import { problemOf, type Problem } from '../core/errors';
import { SETTINGS } from './contributions';
import {
  installFfmpeg,
  installRecorder,
  openPage,
  plain,
  withKey,
  withSetting,
  withSoundSettings,
  type Message,
} from './remedies';

/** Words a problem. The one place that does. */
export function describeProblem(problem: Problem): Message {
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
      return {
        text: l10n.t(
          '"{0}" needs ffmpeg to be read, and none was found. Install it ({1}) and try again; WAV files need none.',
          problem.file,
          installFfmpeg(),
        ),
        actions: [{ title: l10n.t('How to Install'), run: () => openPage('https://ffmpeg.org/download.html') }],
      };
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
    case 'endpointInvalid':
      return withSetting(
        l10n.t(
          '"{0}" is no endpoint. Set minutes.endpoint to embedded, groq, openai, or an address such as http://localhost:8000/v1.',
          problem.endpoint,
        ),
        SETTINGS.endpoint,
      );
    case 'endpointInsecure':
      return withSetting(
        l10n.t(
          '{0} would get your recordings unencrypted. Use an https address; http is for this machine only.',
          problem.endpoint,
        ),
        SETTINGS.endpoint,
      );
    case 'endpointUnreachable':
      return withSetting(
        l10n.t('{0} cannot be reached ({1}). Check the network and the endpoint.', problem.host, problem.reason),
        SETTINGS.endpoint,
      );
    case 'keyMissing':
      return withKey(l10n.t('{0} wants an API key, and none is set.', problem.host));
    case 'keyRejected':
      return withKey(l10n.t('{0} refused the API key. Set a valid one and try again.', problem.host));
    case 'forbidden':
      return withKey(
        l10n.t(
          '{0} forbids the request: {1}. Check the permissions of the key, and proxies on the way.',
          problem.host,
          problem.reason,
        ),
      );
    case 'notFound':
      return withSetting(
        l10n.t(
          '{0} knows no such address or model ("{1}"): {2}. Check minutes.endpoint and minutes.model.',
          problem.host,
          problem.model,
          problem.reason,
        ),
        SETTINGS.model,
      );
    case 'languageUnsupported':
      return withSetting(
        l10n.t(
          'The language "{0}" is not known to {1}. Set minutes.language to auto, or choose another endpoint.',
          problem.language,
          placeName(problem.host),
        ),
        SETTINGS.language,
      );
    case 'rateLimited':
      return plain(
        l10n.t(
          '{0} takes no more for now: {1}. Try again later; what was transcribed so far is kept.',
          problem.host,
          problem.reason,
        ),
      );
    case 'requestRefused':
      return withSetting(
        l10n.t('{0} refused the request ({1}): {2}.', placeName(problem.host), problem.status, problem.reason),
        SETTINGS.endpoint,
      );
    case 'endpointFailed':
      return plain(
        l10n.t(
          '{0} failed ({1}): {2}. Try again; what was transcribed so far is kept.',
          placeName(problem.host),
          problem.status,
          problem.reason,
        ),
      );
    case 'responseUnreadable':
      return withSetting(
        l10n.t(
          '{0} answered something that is no transcription: {1}. Check that the endpoint speaks the OpenAI-compatible API.',
          placeName(problem.host),
          problem.reason,
        ),
        SETTINGS.endpoint,
      );
    case 'engineUnsupported':
      return withSetting(
        l10n.t(
          'The embedded engine does not exist for {0}. Choose another endpoint, such as groq or a server of your own.',
          problem.platform,
        ),
        SETTINGS.endpoint,
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
    case 'modelUnusable':
      return withSetting(
        l10n.t(
          '{0} cannot be used as a model: {1}. Choose the folder of an unpacked Vosk model, or clear the setting to use the one that comes with Minutes.',
          problem.path,
          problem.reason,
        ),
        SETTINGS.modelPath,
      );
    case 'engineFailed':
      return withSetting(
        l10n.t(
          'The embedded engine stopped working: {0}. Try again, or choose another endpoint; what was transcribed so far is kept.',
          problem.reason,
        ),
        SETTINGS.endpoint,
      );
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
  await act(message, await window.showErrorMessage(message.text, ...message.actions.map(({ title }) => title)));
}

export async function showWarning(message: Message): Promise<void> {
  await act(message, await window.showWarningMessage(message.text, ...message.actions.map(({ title }) => title)));
}

export async function showInformation(message: Message): Promise<void> {
  await act(message, await window.showInformationMessage(message.text, ...message.actions.map(({ title }) => title)));
}

async function act(message: Message, chosen: string | undefined): Promise<void> {
  await message.actions.find(({ title }) => title === chosen)?.run();
}

/** What stands in a sentence for a host: the embedded engine's address means nothing to anybody. */
function placeName(host: string): string {
  return host === 'embedded' ? l10n.t('the embedded engine') : host;
}
