import { l10n } from 'vscode';
import { defined } from '../../core/async/defined';
import { isAbort } from '../../core/errors';
import type { AudioRemark, Recording, SpeechTask, Transcript, Writer } from '../../core/model';
import { dateInName } from '../../core/notes/dateInName';
import type { NoteFacts, NoteLabels } from '../../core/notes/renderNote';
import { languageName } from '../words/languageName';
import { describeFailure } from '../words/messages';

/** The facts of a run that its note needs. */
export interface NoteCircumstances {
  readonly recording: Pick<Recording, 'name' | 'modifiedMs'>;
  /** Whether the recording lies in the note's folder; absent: true. */
  readonly isBeside?: boolean;
  /** The heading; absent: the recording's name without its ending. */
  readonly title?: string;
  readonly task: SpeechTask;
  readonly transcript: Transcript;
  readonly doneS: number;
  readonly totalS: number;
  readonly remarks: readonly AudioRemark[];
  /** When the recording began, as the file itself tells: milliseconds since 1970. */
  readonly recordedMs?: number;
  /** Why the text ends before the recording does. */
  readonly stoppedBy?: string;
}

/** The facts of a note, in the user's language. */
export function noteFacts(of: NoteCircumstances): NoteFacts {
  const { recording, isBeside = true, transcript } = of;
  return defined({
    name: recording.name,
    title: of.title,
    link: isBeside ? recording.name : undefined,
    recordedAt: recordedAt(of),
    // Zero means that the length is not known.
    lengthS: of.totalS > 0 ? of.totalS : undefined,
    engine: transcript.writers.length === 0 ? undefined : enginesFact(transcript.writers),
    translation: of.task === 'translate' ? translationFact(transcript.language) : undefined,
    remark: of.remarks.length === 0 ? undefined : of.remarks.map(remarkText).join(' '),
    stopped: of.stoppedBy === undefined ? undefined : { atS: of.doneS, reason: of.stoppedBy },
    labels: labels(),
  });
}

/** What the reader should know of the audio, as a sentence. */
function remarkText(remark: AudioRemark): string {
  switch (remark.kind) {
    case 'truncated':
      return l10n.t('The recording is cut short: everything up to its end was transcribed.');
    case 'damaged':
      return l10n.t('The recording is damaged: parts of it could not be heard.');
    case 'clockIgnored':
      return l10n.t('The recording’s own clock is wrong: times count the sound alone.');
    case 'channelTaken':
      return l10n.t('The recording’s channels cancel each other out: the louder one was transcribed.');
    case 'tracksMixed':
      return l10n.t('All {0} tracks of the recording were mixed and transcribed together.', remark.trackCount);
  }
}

/** The file's own date, else that in its name, else its last change. */
function recordedAt({ recording, recordedMs }: NoteCircumstances): Date {
  if (recordedMs !== undefined) return new Date(recordedMs);
  return dateInName(recording.name, recording.modifiedMs) ?? new Date(recording.modifiedMs);
}

/** Who wrote the text: each endpoint with its models. */
function enginesFact(writers: readonly Writer[]): string {
  const hosts = [...new Set(writers.map(({ host }) => host))];
  return hosts
    .map((host) => {
      const models = writers.filter((writer) => writer.host === host).map(({ model }) => model);
      const list = models.join(', ');
      return host === undefined ? l10n.t('embedded engine ({0}), on this machine', list) : `${host} (${list})`;
    })
    .join('; ');
}

/** From which language a translation was made. Its target is English, the only language that endpoints translate to. */
function translationFact(language: string | undefined): string {
  if (language === undefined) return l10n.t('into English, by machine; the language spoken is not known');
  return l10n.t('from {0} into English, by machine', languageName(language));
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
    notTranscribed: (from, to) => l10n.t('Not transcribed: {0}–{1}', from, to),
    incomplete: (gapCount) =>
      gapCount === 1
        ? l10n.t('Incomplete: a part was not transcribed. Its place is marked below.')
        : l10n.t('Incomplete: {0} parts were not transcribed. Their places are marked below.', gapCount),
    doubtful: '(?)',
  };
}
