import { l10n } from 'vscode';
import type { FileProblem } from '../../core/errors';
import type { MessageTable } from './messageTable';
import { installFfmpeg, megabytes, plain, withFfmpeg } from './remedies';

/** The words for problems of recordings as files, and of the disk. */
export const FILE_MESSAGES: MessageTable<FileProblem> = {
  fileEmpty: (problem) =>
    plain(l10n.t('"{0}" is empty: there is nothing to transcribe. Choose another recording.', problem.file)),
  fileUnreadable: (problem) =>
    plain(
      l10n.t(
        '"{0}" cannot be read ({1}). Check that it is there and that you may read it.',
        problem.file,
        problem.reason,
      ),
    ),
  fileNotOnDisk: (problem) =>
    plain(
      l10n.t(
        '"{0}" is not on this machine and could not be copied here ({1}). Save it to a local folder and transcribe that copy.',
        problem.file,
        problem.reason,
      ),
    ),
  notAudio: (problem) =>
    plain(
      l10n.t(
        '"{0}" is not audio that can be read: {1}. Check that it plays in an audio player.',
        problem.file,
        problem.reason,
      ),
    ),
  noAudioTrack: (problem) =>
    plain(l10n.t('"{0}" has no sound: it holds no audio track. Choose a recording with sound.', problem.file)),
  ffmpegMissing: (problem) =>
    withFfmpeg(
      l10n.t(
        '"{0}" needs ffmpeg to be read, and none was found. Install it ({1}) and try again; WAV, MP3, FLAC, Ogg and WebM files need none.',
        problem.file,
        installFfmpeg(),
      ),
    ),
  noSpeech: (problem) =>
    plain(
      l10n.t(
        'No speech was found in "{0}". Check that the right microphone was recorded and that it was not muted.',
        problem.file,
      ),
    ),
  uncutTooLarge: (problem) =>
    withFfmpeg(
      l10n.t(
        '"{0}" is too large to be sent in one piece ({1} MB; endpoints take {2}), and only ffmpeg could cut it. Install it ({3}) and try again.',
        problem.file,
        megabytes(problem.sizeBytes),
        megabytes(problem.limitBytes),
        installFfmpeg(),
      ),
    ),
  diskFull: (problem) =>
    plain(
      l10n.t(
        'The disk is full: {0} could not be written. Free some space and try again; what was recorded or transcribed so far is kept.',
        problem.path,
      ),
    ),
  transcriptBusy: (problem) =>
    plain(l10n.t('"{0}" is being transcribed in another window. Look there, or close that window.', problem.file)),
  recordingGone: (problem) =>
    plain(
      l10n.t(
        'The recording "{0}" is not beside the note, or has changed. Put it back where it was and try again.',
        problem.file,
      ),
    ),
};
