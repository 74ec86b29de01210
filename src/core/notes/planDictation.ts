import type { NoteEdit, Transcript } from '../model';
import type { OffsetRange } from './trackRanges';

/** Characters after which a word needs a space before it. */
const ENDS_WORD = /[\p{L}\p{N}.,;:!?)\]}…]$/u;
/** The same mark opens a quotation in one language and closes it in another. A mark closes where it follows the end of a word or clause. */
const CLOSES_QUOTE = /[\p{L}\p{N}.,;:!?)\]}…\u00a0\u202f]["'“”‘’«»‹›]{1,2}$/u;
const BEGINS_WORD = /^[\p{L}\p{N}]/u;

/**
 * The edit that puts dictated text at a place. The text replaces the selection as typing would, and gets a space where it would touch a
 * word before or behind it. Where nothing was said, the edit changes nothing.
 */
export function planDictation(transcript: Transcript, documentText: string, place: OffsetRange): NoteEdit {
  const text = transcript.segments
    .map((segment) => segment.text.trim())
    .filter((part) => part !== '')
    .join(' ');
  if (text === '') return { offset: place.start, removedLength: 0, text };
  // A few characters are enough to decide.
  const before = documentText.slice(Math.max(0, place.start - 4), place.start);
  const behind = documentText.slice(place.end, place.end + 2);
  const leading = ENDS_WORD.test(before) || CLOSES_QUOTE.test(before) ? ' ' : '';
  const trailing = BEGINS_WORD.test(behind) ? ' ' : '';
  return { offset: place.start, removedLength: place.end - place.start, text: leading + text + trailing };
}
