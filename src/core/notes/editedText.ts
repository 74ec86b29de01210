import type { NoteEdit } from '../model';

/** A document's text after edits, which come in order, touch no text twice and count from the text before any of them. */
export function editedText(documentText: string, edits: readonly NoteEdit[]): string {
  let end = 0;
  let result = '';
  for (const { offset, removedLength, text } of edits) {
    result += documentText.slice(end, offset) + text;
    end = offset + removedLength;
  }
  return result + documentText.slice(end);
}
