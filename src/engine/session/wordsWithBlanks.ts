import type { Recognition } from '../api/recogniser';
import type { HeardWord } from './agreement';

/** The words of a recognition, each with what stands before it in the text: a blank, or nothing. */
export function wordsWithBlanks({ segments, words }: Recognition): readonly HeardWord[] {
  const text = segments.map((segment) => segment.text).join('');
  let end = 0;
  return words.map(({ word, start, end: endS }) => {
    const at = text.indexOf(word, end);
    const hasBlank = at < 0 || /\s/.test(text[at - 1] ?? '');
    if (at >= 0) end = at + word.length;
    return { text: hasBlank ? ` ${word}` : word, startS: start, endS };
  });
}
