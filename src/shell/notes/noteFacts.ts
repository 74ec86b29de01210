import { l10n } from 'vscode';
import { defined } from '../../core/async/defined';
import { isAbort } from '../../core/errors';
import type { Recording, SpeechJob, Transcript } from '../../core/model';
import type { NoteFacts, NoteLabels } from '../../core/notes/renderNote';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { languageName } from '../words/languageName';
import { describeFailure } from '../words/messages';

/** The facts of a run that its note needs. */
export interface NoteCircumstances {
  readonly recording: Pick<Recording, 'name' | 'modifiedMs'>;
  /** Whether the recording lies in the note's folder; absent: true. */
  readonly isBeside?: boolean;
  readonly endpoint: Endpoint;
  readonly job: SpeechJob;
  readonly transcript: Transcript;
  readonly doneS: number;
  readonly totalS: number;
  readonly isTruncated: boolean;
  /** Why the text ends before the recording does. */
  readonly stoppedBy?: string;
}

/** The facts of a note, in the user's language. */
export function noteFacts(of: NoteCircumstances): NoteFacts {
  const { recording, isBeside = true, endpoint, transcript } = of;
  const models = transcript.models.join(', ');
  return defined({
    name: recording.name,
    link: isBeside ? recording.name : undefined,
    recordedAt: new Date(recording.modifiedMs),
    // Zero means that the length is not known.
    lengthS: of.totalS > 0 ? of.totalS : undefined,
    engine:
      endpoint.kind === 'embedded'
        ? l10n.t('embedded engine ({0}), on this machine', models)
        : `${endpoint.host} (${models})`,
    translation: of.job === 'translation' ? translationFact(transcript.language) : undefined,
    remark: of.isTruncated
      ? l10n.t('The recording is damaged or cut short: everything up to the damage was transcribed.')
      : undefined,
    stopped: of.stoppedBy === undefined ? undefined : { atS: of.doneS, reason: of.stoppedBy },
    labels: labels(),
  });
}

/** From which language a translation was made. Its target is English, the only language that endpoints translate to. */
function translationFact(language: string | undefined): string {
  if (language === undefined) return l10n.t('into English, by machine; the language spoken is not known');
  return l10n.t('from {0} into English, by machine', languageName(language));
}

/** The facts in a meeting's note while the meeting runs. */
export function meetingFacts(name: string, startedAt: Date): NoteFacts {
  return { name, link: name, recordedAt: startedAt, labels: labels() };
}

/** Why a transcription ended early, in the words for a note. */
export function reasonOf(failure: unknown): string {
  return isAbort(failure) ? l10n.t('You stopped it.') : describeFailure(failure).text;
}

function labels(): NoteLabels {
  return {
    recording: l10n.t('Recording'),
    length: l10n.t('Length'),
    date: l10n.t('Date'),
    engine: l10n.t('Transcribed by'),
    translation: l10n.t('Translation'),
    stopped: (at, of) => l10n.t('Transcription stopped here, at {0} of {1}.', at, of),
    notUnderstood: (from, to) => l10n.t('Not understood: {0}–{1}', from, to),
  };
}
