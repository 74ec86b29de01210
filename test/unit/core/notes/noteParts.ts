import { assert } from 'chai';
import type { Gap, NoteEdit, Transcript, TranscriptSegment } from '../../../../src/core/model';
import { editedText } from '../../../../src/core/notes/editedText';
import type { MeetingLabels } from '../../../../src/core/notes/live/liveBlocks';
import type { NoteLabels } from '../../../../src/core/notes/renderNote';

/** The fixed words of the tests' notes. */
export const LABELS: NoteLabels = {
  recording: 'Recording',
  length: 'Length',
  date: 'Date',
  engine: 'Engine',
  translation: 'Translation',
  stopped: (at, of) => `Transcription stopped here, at ${at} of ${of}.`,
  notUnderstood: (from, to) => `Not understood: ${from}–${to}`,
  notTranscribed: (from, to) => `Not transcribed: ${from}–${to}`,
  incomplete: (gapCount) => `Incomplete: ${gapCount} gaps`,
  doubtful: '(?)',
};

/** The fixed words of the tests' meetings. */
export const MEETING_LABELS: MeetingLabels = {
  notUnderstood: LABELS.notUnderstood,
  notTranscribed: LABELS.notTranscribed,
  lost: (at, length) => `Microphone lost at ${at}${length === undefined ? '' : ` for ${length}`}`,
  paused: (at, length) => `Paused at ${at}${length === undefined ? '' : ` for ${length}`}`,
  marked: (text) => (text === '' ? 'Marked' : text),
  doubtful: '(?)',
  trackNames: [],
};

/** A segment of a transcript. */
export function said(
  startS: number,
  endS: number,
  text: string,
  figures: Partial<TranscriptSegment> = {},
): TranscriptSegment {
  return { id: `0-${startS}-0`, track: 0, words: [], startS, endS, text, ...figures };
}

/** A stretch that was not understood, or failed. */
export function missing(startS: number, endS: number, kind: Gap['kind'] = 'unheard'): Gap {
  const chunk = { startSample: Math.round(startS * 16_000), endSample: Math.round(endS * 16_000) };
  return { kind, id: `gap-0-${chunk.startSample}`, track: 0, chunk, startS, endS };
}

/** A transcript of these segments and gaps. */
export function transcriptOf(segments: readonly TranscriptSegment[], gaps: readonly Gap[] = []): Transcript {
  return { segments, gaps, writers: [{ host: 'api.openai.com', model: 'whisper-1' }] };
}

/** Applies edits as the shell does. The editor gives new lines the document's line ends. */
export function applied(document: string, edits: readonly NoteEdit[]): string {
  let done = 0;
  for (const { offset, removedLength } of edits) {
    assert.isAtLeast(offset, done, 'edits come in order and do not overlap');
    done = offset + removedLength;
  }
  assert.isAtMost(done, document.length);
  const result = editedText(document, edits);
  return document.includes('\r\n') ? result.replace(/\r?\n/g, '\r\n') : result;
}
