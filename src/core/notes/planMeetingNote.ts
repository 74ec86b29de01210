import type { NoteEdit, Transcript } from '../model';
import { renderFacts, renderParagraphs, type NoteFacts } from './renderNote';

/** The note that opens when a meeting begins: heading and what is known already. */
export function openingNote(facts: NoteFacts): string {
  return renderFacts(facts).join('\n\n') + '\n\n';
}

/**
 * The edits that fill a meeting's note: the facts that were not known at its beginning in place of the opening ones, where the user
 * left those as they were, and the paragraphs at the end. What the user wrote meanwhile stays. Edits come in order and count from
 * the text before any of them.
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

/** Where a text stands as whole lines, whichever way they end: beside what the user wrote into one of them it is the user's. */
function findLines(documentText: string, lines: string): Pick<NoteEdit, 'offset' | 'removedLength'> | undefined {
  const eol = documentText.includes('\r\n') ? '\r\n' : '\n';
  const wanted = eol + lines.replaceAll('\n', eol) + eol;
  const offset = (eol + documentText + eol).indexOf(wanted);
  return offset < 0 ? undefined : { offset, removedLength: wanted.length - 2 * eol.length };
}
