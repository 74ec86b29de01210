import { env, l10n } from 'vscode';
import type { RecordingProblem } from '../../core/errors';
import { formatElapsed } from '../../core/notes/timestamps';
import type { MessageTable } from './messageTable';
import { installRecorder, plain, withLog, withMicrophonePrivacy, withSoundSettings } from './remedies';

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
  alreadyRecording: () => plain(l10n.t('Minutes records in another window already. Stop it there first.')),
  recordingUnwritable: (problem) =>
    plain(
      l10n.t(
        'The recording cannot be written: {0} ({1}). Check that the folder is there and that you may write to it; what was recorded so far is kept.',
        problem.path,
        problem.reason,
      ),
    ),
};
