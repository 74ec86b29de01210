import type { NoteEdit, Transcript } from '../model';
import { renderFacts, renderParagraphs, type NoteFacts } from './renderNote';

/** The note that opens when a meeting begins: the heading and the facts that are known then. */
export function openingNote(facts: NoteFacts): string {
  return renderFacts(facts).join('\n\n') + '\n\n';
}

/**
 * The edits that fill a meeting's note. One replaces the opening facts by the full ones, unless the user changed the opening facts;
 * the other adds the paragraphs at the end. What the user wrote meanwhile stays. The edits come in order; their offsets count in the
 * text before all edits.
 */
export function planMeetingNote(
  documentText: string,
  opening: string,
  transcript: Transcript,
  facts: NoteFacts,
): NoteEdit[] {
  const edits: NoteEdit[] = [];
  const head = findLines(documentText, opening.trimEnd());
  if (head) edits.push({ ...head, text: renderFacts(facts).join('\n\n') });
  const ending = /(?:\r?\n){0,2}$/.exec(documentText)?.[0].replaceAll('\r', '').length ?? 0;
  const gap = documentText === '' ? '' : '\n'.repeat(2 - ending);
  const paragraphs = renderParagraphs(transcript, facts).join('\n\n');
  if (paragraphs !== '') edits.push({ offset: documentText.length, removedLength: 0, text: `${gap}${paragraphs}\n` });
  return edits;
}

/** Where a text stands as whole lines, whatever their line ends. A line into which the user wrote is the user's: it is not found. */
function findLines(documentText: string, lines: string): Pick<NoteEdit, 'offset' | 'removedLength'> | undefined {
  const eol = documentText.includes('\r\n') ? '\r\n' : '\n';
  const wanted = eol + lines.replaceAll('\n', eol) + eol;
  const offset = (eol + documentText + eol).indexOf(wanted);
  return offset < 0 ? undefined : { offset, removedLength: wanted.length - 2 * eol.length };
}
