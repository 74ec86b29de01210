import { l10n } from 'vscode';
import type { DownloadProblem } from '../../core/errors';
import { dataSize } from './dataSize';
import type { MessageTable, ProblemOf } from './messageTable';
import { plain, type Message } from './remedies';

/** The words for problems of a recording on the web. */
export const DOWNLOAD_MESSAGES: MessageTable<DownloadProblem> = {
  recordingUnreachable: (problem) =>
    plain(
      l10n.t(
        'The recording cannot be reached: {0} gave no answer ({1}). Check the address and the network.',
        problem.host,
        problem.reason,
      ),
    ),
  recordingRefused: (problem) => recordingRefused(problem),
  recordingIsPage: (problem) =>
    plain(
      l10n.t(
        'The address leads to a page, not to a recording. Open it in a browser, and copy the address of the download at {0} itself; behind a log-in, download the file there and use Minutes: Transcribe File….',
        problem.host,
      ),
    ),
  recordingTooLarge: (problem) =>
    plain(
      l10n.t(
        'The recording is too large: Minutes downloads at most {1}, and "{0}" has more. Download it with a browser and use Minutes: Transcribe File…, which takes files of any size.',
        problem.file,
        dataSize(problem.limitBytes),
      ),
    ),
};

function recordingRefused({ host, status }: ProblemOf<'recordingRefused'>): Message {
  if (status === 404 || status === 410) {
    return plain(
      l10n.t(
        'No recording is at that address: {0} has nothing there ({1}). Check the address in a browser; some hold for hours only.',
        host,
        status,
      ),
    );
  }
  if (status === 401 || status === 403) {
    return plain(
      l10n.t(
        'The recording is not public: {0} wants a log-in or a permission ({1}). Download it with a browser and use Minutes: Transcribe File….',
        host,
        status,
      ),
    );
  }
  if (status >= 300 && status < 400) {
    return plain(
      l10n.t(
        'The address leads elsewhere: {0} sends on to a place that is not https, or sends on too often ({1}). Download the recording with a browser and use Minutes: Transcribe File….',
        host,
        status,
      ),
    );
  }
  return plain(l10n.t('The recording did not come: {0} failed ({1}). Try again later.', host, status));
}
