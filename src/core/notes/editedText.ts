import type { NoteEdit } from '../model';

/** A document's text after edits. The edits come in order and do not overlap; their offsets count in the text before all edits. */
export function editedText(documentText: string, edits: readonly NoteEdit[]): string {
  let end = 0;
  let result = '';
  for (const { offset, removedLength, text } of edits) {
    result += documentText.slice(end, offset) + text;
    end = offset + removedLength;
  }
  return result + documentText.slice(end);
}

/** A text with `\n` at all line ends: an editor gives an edit's lines the document's own. */
export function withPlainLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
