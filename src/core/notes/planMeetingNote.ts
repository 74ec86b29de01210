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
  const head = opening.trimEnd();
  const at = documentText.indexOf(head);
  if (at >= 0) edits.push({ offset: at, removedLength: head.length, text: renderFacts(facts).join('\n\n') });
  const gap = documentText === '' || documentText.endsWith('\n\n') ? '' : documentText.endsWith('\n') ? '\n' : '\n\n';
  const paragraphs = renderParagraphs(transcript, facts).join('\n\n');
  if (paragraphs !== '') edits.push({ offset: documentText.length, removedLength: 0, text: `${gap}${paragraphs}\n` });
  return edits;
}
