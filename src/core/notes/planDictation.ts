import type { NoteEdit, Transcript } from '../model';
import type { OffsetRange } from './anchors';

/**
 * The edit that puts dictated text at a place: it replaces the selection as typing would, and gets a space where it would touch a
 * word before or behind it.
 */
export function planDictation(transcript: Transcript, documentText: string, place: OffsetRange): NoteEdit {
  const text = transcript.segments
    .map((segment) => segment.text.trim())
    .filter((part) => part !== '')
    .join(' ');
  const before = documentText.slice(0, place.start);
  const behind = documentText.slice(place.end);
  const leading = /[\p{L}\p{N}.,;:!?)\]}"'»”…]$/u.test(before) ? ' ' : '';
  const trailing = /^[\p{L}\p{N}]/u.test(behind) ? ' ' : '';
  return { offset: place.start, removedLength: place.end - place.start, text: leading + text + trailing };
}
