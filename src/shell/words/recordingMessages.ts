import { commands, env, l10n } from 'vscode';
import type { RecordingProblem } from '../../core/errors';
import { formatElapsed, formatMoment } from '../../core/notes/timestamps';
import { COMMANDS } from '../contributed/commands';
import { writeSetting } from '../contributed/settings';
import { SETTINGS } from '../contributed/settingsTable';
import type { MessageTable } from './messageTable';
import {
  installRecorder,
  plain,
  withLog,
  withMicrophonePrivacy,
  withSoundSettings,
  type MessageAction,
} from './remedies';

/** The words for problems of the microphone and of what is recorded from it. */
export const RECORDING_MESSAGES: MessageTable<RecordingProblem> = {
  recorderMissing: () => ({
    text:
      process.platform === 'linux'
        ? l10n.t(
            'No program that records was found. Install SoX (Debian and Ubuntu: {0}; elsewhere the package "sox") and try again.',
            installRecorder(),
          )
        : l10n.t('No program that records was found. Install SoX ({0}) and try again.', installRecorder()),
    actions: [{ title: l10n.t('Copy Command'), run: () => env.clipboard.writeText(installRecorder()) }],
  }),
  microphoneMissing: () =>
    withSoundSettings(l10n.t('No microphone found. Plug one in, or choose one in the sound settings of the system.')),
  microphoneBusy: () =>
    plain(l10n.t('Another program has the microphone. End the call or recording there and try again.')),
  microphoneSilent: () =>
    process.platform === 'darwin'
      ? withMicrophonePrivacy(
          l10n.t(
            'The microphone gives nothing but silence. Allow this editor to use it (System Settings, Privacy & Security, Microphone), and check that it is not muted; the recording goes on.',
          ),
        )
      : withMicrophonePrivacy(
          l10n.t(
            'The microphone gives nothing but silence. Check that it is not muted and that the right one is chosen; the recording goes on.',
          ),
        ),
  microphoneStalled: () =>
    plain(
      l10n.t(
        'No sound arrives from the microphone any more. Check that it is still connected; the recording goes on, and what was recorded so far is kept.',
      ),
    ),
  recorderFailed: () => {
    const text = l10n.t(
      'The recording could not begin. Check the microphone in the sound settings of the system; the log has what the recorder said.',
    );
    return { text, actions: [...withSoundSettings(text).actions, ...withLog(text).actions] };
  },
  recorderEnded: ({ atS }) => withLog(l10n.t('Microphone lost at {0}; text kept.', formatElapsed(atS * 1000))),
  deviceMissing: ({ device, purpose }) => ({
    text: l10n.t('Microphone not found: {0}. Plug it in, choose another one, or record the default.', device),
    actions: [chooseMicrophone(), recordDefault(purpose)],
  }),
  microphoneLost: ({ atS }) => ({
    text: l10n.t(
      'Microphone lost at {0}; it is tried again until the meeting is stopped, and the hole is marked.',
      formatElapsed(atS * 1000),
    ),
    actions: [chooseMicrophone()],
  }),
  microphoneMoved: ({ device }) => ({
    text: l10n.t('Another microphone records now: {0}. The system changed it by itself.', device),
    actions: [chooseMicrophone()],
  }),
  microphoneReplaced: ({ device }) => ({
    text: l10n.t("The system's default records now: {0} is gone.", device),
    actions: [chooseMicrophone()],
  }),
  machineSlept: ({ forMs }) =>
    plain(l10n.t('Nothing was recorded for {0}: the computer slept. The recording goes on.', formatElapsed(forMs))),
  alreadyRecording: ({ window, purpose, sinceMs }) => {
    const since = formatMoment(new Date(sinceMs), new Date());
    const isMeeting = purpose === 'meeting';
    if (window === '') {
      return plain(
        isMeeting
          ? l10n.t('Another window is recording a meeting since {0}. Stop it there first.', since)
          : l10n.t('Another window is recording a dictation since {0}. Stop it there first.', since),
      );
    }
    return plain(
      isMeeting
        ? l10n.t('Window {0} is recording a meeting since {1}. Stop it there first.', window, since)
        : l10n.t('Window {0} is recording a dictation since {1}. Stop it there first.', window, since),
    );
  },
  recordingUnwritable: (problem) =>
    plain(
      l10n.t(
        'The recording cannot be written: {0} ({1}). Check that the folder is there and that you may write to it; what was recorded so far is kept.',
        problem.path,
        problem.reason,
      ),
    ),
};

function chooseMicrophone(): MessageAction {
  return { title: l10n.t('Choose Microphone…'), run: () => commands.executeCommand(COMMANDS.chooseMicrophone) };
}

/** Goes back to the system's default, and starts again what could not be started. */
function recordDefault(purpose: 'dictation' | 'meeting' | undefined): MessageAction {
  return {
    title: l10n.t('Record Default'),
    run: async () => {
      await writeSetting(SETTINGS.microphoneDevice, '');
      if (purpose) await commands.executeCommand(purpose === 'meeting' ? COMMANDS.recordMeeting : COMMANDS.dictate);
    },
  };
}
