import type { SpeechFile } from '../../speech';
import { comparableWords } from '../wordErrorRate';
import { alignWords } from './alignWords';
import type { HeardWord } from './speechProgram';

/** What was heard of a recording, word by word. */
export interface HeardFile {
  readonly file: Pick<SpeechFile, 'reference' | 'wordTimes'>;
  readonly words: readonly HeardWord[];
}

/** Where a careful reader would look: this share of the words, the least probable ones. */
const READ_AGAIN = 0.2;

export interface Doubt {
  /** Share of all wrong words that lie among the least probable ones. */
  readonly found: number;
  /** Words heard that are not in the reference there: substituted or inserted. */
  readonly wrong: number;
  readonly words: number;
}

/** How well the words' probabilities find the wrong words, over all files pooled. */
export function rankDoubts(files: readonly HeardFile[], readAgain = READ_AGAIN): Doubt {
  const judged: { probability: number; isWrong: boolean }[] = [];
  for (const { file, words } of files) {
    const heard = comparable(words);
    const reference = comparableWords(file.reference ?? '');
    const texts = heard.map(({ text }) => text);
    for (const pair of alignWords(reference, texts)) {
      const one = pair.heard === undefined ? undefined : heard[pair.heard];
      if (!one) continue; // Left out: no word that could be doubted.
      const isWrong = pair.reference === undefined || reference[pair.reference] !== one.text;
      judged.push({ probability: one.word.probability, isWrong });
    }
  }
  judged.sort((a, b) => a.probability - b.probability);
  const wrong = judged.filter(({ isWrong }) => isWrong).length;
  const first = judged.slice(0, Math.round(readAgain * judged.length));
  return { found: first.filter(({ isWrong }) => isWrong).length / wrong, wrong, words: judged.length };
}

/** How far the starts of the words that were heard right lie from the manual times, in seconds, later positive. */
export function wordStartErrorsS(files: readonly HeardFile[]): number[] {
  return files.flatMap(({ file, words }) => {
    const heard = comparable(words);
    const timed = file.wordTimes.flatMap(({ word, start }) => comparableWords(word).map((text) => ({ text, start })));
    const pairs = alignWords(
      timed.map(({ text }) => text),
      heard.map(({ text }) => text),
    );
    return pairs.flatMap((pair) => {
      const said = pair.reference === undefined ? undefined : timed[pair.reference];
      const one = pair.heard === undefined ? undefined : heard[pair.heard];
      return said && one?.text === said.text ? [one.word.startS - said.start] : [];
    });
  });
}

/** A word may be several in the comparison ("e-mail"), or none ("uh"). */
function comparable(words: readonly HeardWord[]): { text: string; word: HeardWord }[] {
  return words.flatMap((word) => comparableWords(word.text).map((text) => ({ text, word })));
}
