import type { RecognisedWord } from './recognise';

/** A silence this long between two words ends a segment: where listeners hear the end of a phrase. */
export const SEGMENT_PAUSE_S = 0.6;

/** Cuts words into segments at pauses. */
export function segmentWords(words: readonly RecognisedWord[]): RecognisedWord[][] {
  const segments: RecognisedWord[][] = [];
  let last: RecognisedWord | undefined;
  for (const word of words) {
    const current = segments.at(-1);
    if (current && last && word.startS - last.endS < SEGMENT_PAUSE_S) current.push(word);
    else segments.push([word]);
    last = word;
  }
  return segments;
}
