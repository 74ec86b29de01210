import { l10n } from 'vscode';
import { formatElapsed } from '../../core/notes/timestamps';
import { placeName, subjectName } from '../words/hostName';
import type { TranscriptionEvent } from '../../core/transcription/fileTranscriber';

/** Nothing is sent for a while. */
export type WaitEvent = Extract<TranscriptionEvent, { readonly kind: 'waiting' }>;

/** Why nothing is sent just now, and how long it still lasts. */
export function waitText({ host, untilMs, cause }: WaitEvent): string {
  const left = formatElapsed(untilMs - Date.now());
  switch (cause) {
    case 'refused':
      return l10n.t('{0} asks to wait: {1}', subjectName(host), left);
    case 'quota':
      return l10n.t('the quota of {0} allows more in {1}', placeName(host), left);
    case 'failed':
      return l10n.t('{0} failed; once more in {1}', subjectName(host), left);
  }
}
