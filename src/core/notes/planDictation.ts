import type { NoteEdit, Transcript } from '../model';
import { joinTexts, meetWithoutBlank } from '../text/blanks';
import type { OffsetRange } from './trackRanges';

/**
 * The end of a word, a number, an amount or a clause, or a dash with a blank before it. A vowel sign of Hindi is a mark; a word may end with
 * a sign without width, such as a joiner.
 */
const ENDS_WORD =
  /(?:[\p{L}\p{M}\p{N}\p{Term}\p{Pe}…%‰°\p{Extended_Pictographic}]|[\p{L}\p{N}][+#]+|\p{N}\s?\p{Sc}|\S\s[–—])\p{Cf}*$/u;
/** "%" opens a block in templates. */
const OPENS_BLOCK = /[{<]%$/;
/**
 * The same mark opens a quotation in one language and closes it in another. A mark closes where it follows the end of a word or clause.
 * Hebrew has two of its own, of which one also ends words that are shortened.
 */
const QUOTES = /[\u00a0\u202f]?["'“”‘’«»‹›\u05f3\u05f4]{1,2}$/u;
/** A mark of Markdown that both opens and closes. */
const MARKUP = /([`*_~])\1*$/;
const BEGINS_WORD = /^[\p{L}\p{N}]/u;

/** How much before the caret is looked at: a line's end that is long enough to hold the mark that a closing one belongs to. */
const BEFORE = 1000;

/**
 * The edit that puts dictated text at a place. The text replaces the selection as typing would, and gets a blank where it would touch a
 * word before or behind it, unless the script has none. Where nothing was said, the edit changes nothing.
 */
export function planDictation(transcript: Transcript, documentText: string, place: OffsetRange): NoteEdit {
  const text = joinTexts(transcript.segments.map((segment) => segment.text));
  if (text === '') return { offset: place.start, removedLength: 0, text };
  const before = documentText.slice(Math.max(0, place.start - BEFORE), place.start).replace(/^.*[\r\n]/s, '');
  const behind = documentText.slice(place.end, place.end + 2);
  const leading = endsWord(before) && !meetWithoutBlank(before, text) ? ' ' : '';
  const trailing = BEGINS_WORD.test(behind) && !meetWithoutBlank(text, behind) ? ' ' : '';
  return { offset: place.start, removedLength: place.end - place.start, text: leading + text + trailing };
}

/** Whether a line ends with something that a word behind it has to keep away from, be it within quotation marks or markup. */
function endsWord(line: string): boolean {
  if (ENDS_WORD.test(line)) return !OPENS_BLOCK.test(line);
  const inner = line.replace(QUOTES, '');
  if (inner !== line) return endsWord(inner);
  const mark = MARKUP.exec(line)?.[0];
  return mark !== undefined && isClosing(mark, line) && endsWord(line.slice(0, -mark.length));
}

/** Whether the mark at a line's end belongs to one before it. A mark between blanks is none: it begins a list, or multiplies. */
function isClosing(mark: string, line: string): boolean {
  const marks =
    line
      .split(/(?<=^|\s)[*_~]+(?=\s)/)
      .join('')
      .split(mark).length - 1;
  return marks % 2 === 0;
}
