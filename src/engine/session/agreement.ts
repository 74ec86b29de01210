import { wordKey } from '../../core/text/wordKey';

/** A word that two hearings may agree on. Times count from the same moment in both. */
export interface HeardWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
}

/** The same word in two hearings of growing speech is at most so far apart: the alignment moves it while its end is missing. A choice. */
const SAME_WORD_S = 1;

/**
 * How many words at the start of a hearing are those of the hearing before ("local agreement": Macháček et al. 2023, Turning Whisper into
 * real-time transcription system). Capitals and punctuation do not count, since they change with what follows.
 */
export function agreement(before: readonly HeardWord[], now: readonly HeardWord[]): number {
  const differs = now.findIndex((word, i) => {
    const other = before[i];
    return !other || !isSame(word, other);
  });
  return differs < 0 ? now.length : differs;
}

/**
 * Where a last hearing of the whole speech goes on behind words that are settled: the place of the first word that is new. The last
 * settled words are looked for in it; where none is found, the times decide.
 */
export function firstNewWord(settled: readonly HeardWord[], all: readonly HeardWord[]): number {
  for (let back = 1; back <= Math.min(settled.length, LOOKED_FOR); back++) {
    const word = settled[settled.length - back];
    if (!word) break;
    const at = all.findLastIndex((other) => isSame(word, other));
    // The words behind the one that was found were heard as others, but as many.
    if (at >= 0) return Math.min(all.length, at + back);
  }
  const endS = settled.at(-1)?.endS ?? 0;
  const behind = all.findIndex((word) => (word.startS + word.endS) / 2 > endS);
  return settled.length === 0 ? 0 : behind < 0 ? all.length : behind;
}

/** How many of the last settled words are looked for. */
const LOOKED_FOR = 3;

function isSame(one: HeardWord, other: HeardWord): boolean {
  return keyOf(one.text) === keyOf(other.text) && Math.abs(one.startS - other.startS) <= SAME_WORD_S;
}

/** Letters and digits in lower case; a word without any as it is. */
function keyOf(text: string): string {
  const key = wordKey(text);
  return key === '' ? text.trim() : key;
}
