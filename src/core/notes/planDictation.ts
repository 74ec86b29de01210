import type { NoteEdit, Transcript } from '../model';
import type { OffsetRange } from './trackRanges';

/** What a space follows when a word comes next. */
const ENDS_WORD = /[\p{L}\p{N}.,;:!?)\]}…]$/u;
/** The same mark opens in one language and closes in another: it closes where what it quotes ends before it. */
const CLOSES_QUOTE = /[\p{L}\p{N}.,;:!?)\]}…\u00a0\u202f]["'“”‘’«»‹›]{1,2}$/u;
const BEGINS_WORD = /^[\p{L}\p{N}]/u;

/**
 * The edit that puts dictated text at a place: it replaces the selection as typing would, and gets a space where it would touch a
 * word before or behind it. Where nothing was said it changes nothing.
 */
export function planDictation(transcript: Transcript, documentText: string, place: OffsetRange): NoteEdit {
  const text = transcript.segments
    .map((segment) => segment.text.trim())
    .filter((part) => part !== '')
    .join(' ');
  if (text === '') return { offset: place.start, removedLength: 0, text };
  // A few characters decide.
  const before = documentText.slice(Math.max(0, place.start - 4), place.start);
  const behind = documentText.slice(place.end, place.end + 2);
  const leading = ENDS_WORD.test(before) || CLOSES_QUOTE.test(before) ? ' ' : '';
  const trailing = BEGINS_WORD.test(behind) ? ' ' : '';
  return { offset: place.start, removedLength: place.end - place.start, text: leading + text + trailing };
}
