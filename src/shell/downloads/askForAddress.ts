import { l10n, window } from 'vscode';
import { fetchesUrls, MAXIMUM_UPLOAD_BYTES } from '../../core/endpoints/dialects';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { parseRecordingAddress, type RecordingAddress } from '../../core/downloads/recordingAddress';
import { LARGEST_RECORDING_BYTES } from '../../core/downloads/recordingDownloads';
import { modelInForce } from '../contributed/settings';
import type { FileJob } from '../transcription/transcribeRecording';
import { dataSize } from '../words/dataSize';
import { describeFailure } from '../words/messages';

/** Asks for the address of a recording, and says before what will happen with it. Undefined where the user gives none. */
export async function askForAddress(endpoint: Endpoint, job: FileJob): Promise<RecordingAddress | undefined> {
  const entered = await window.showInputBox({
    title: l10n.t('Address of the recording'),
    prompt: `${whatHappens(endpoint, job)} ${l10n.t('Minutes logs in nowhere: the address has to be public, or to hold the permission.')}`,
    placeHolder: 'https://example.com/meeting.mp3',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? undefined : whatIsWrong(text)),
  });
  const text = entered?.trim() ?? '';
  return text === '' ? undefined : parseRecordingAddress(text);
}

/**
 * Whether the endpoint gets the address of a large recording and fetches it itself. An address of this machine is nothing to others.
 */
export function takesAddress(endpoint: Endpoint, job: FileJob): boolean {
  return endpoint.kind === 'remote' && fetchesUrls(endpoint.provider, modelInForce(endpoint, job));
}

function whatHappens(endpoint: Endpoint, job: FileJob): string {
  if (endpoint.kind === 'embedded') {
    return l10n.t(
      'Minutes downloads it (at most {0}) and hears it on this machine.',
      dataSize(LARGEST_RECORDING_BYTES),
    );
  }
  const { host } = endpoint;
  if (!takesAddress(endpoint, job)) {
    return l10n.t(
      'Minutes downloads it (at most {0}) and sends the speech to {1}.',
      dataSize(LARGEST_RECORDING_BYTES),
      host,
    );
  }
  return l10n.t(
    'Above {0}, {1} gets the address and fetches it itself; a smaller one Minutes downloads, and sends the speech.',
    dataSize(MAXIMUM_UPLOAD_BYTES),
    host,
  );
}

function whatIsWrong(text: string): string | undefined {
  try {
    parseRecordingAddress(text);
    return undefined;
  } catch (error) {
    // The address need not be repeated: it stands above.
    const { text: said } = describeFailure(error);
    return /^\s*https:\/\/[^/]*@/i.test(text) ? said : l10n.t('Paste an address that begins with https://');
  }
}
