import { expect } from 'chai';
import { alignWords } from '../../../bench/engine/alignWords';
import type { HeardWord } from '../../../bench/engine/speechProgram';
import { rankDoubts, wordStartErrorsS } from '../../../bench/engine/wordFigures';
import { wordErrors } from '../../../bench/wordErrorRate';
import { seededRandom } from '../../core/random';

const word = (text: string, probability = 1, startS = 0): HeardWord => ({
  text,
  probability,
  startS,
  endS: startS + 0.1,
});

describe('alignWords', () => {
  it('has as many errors as the shortest distance, and both lists in order', () => {
    const random = seededRandom();
    const words = (): string[] =>
      Array.from({ length: Math.floor(12 * random()) }, () => 'abc'[Math.floor(3 * random())] ?? '');
    for (let i = 0; i < 300; i++) {
      const [reference, heard] = [words(), words()];
      const pairs = alignWords(reference, heard);
      const isRight = (pair: (typeof pairs)[number]): boolean =>
        pair.reference !== undefined && pair.heard !== undefined && reference[pair.reference] === heard[pair.heard];
      expect(pairs.filter((pair) => !isRight(pair)).length).to.equal(wordErrors(reference, heard));
      expect(pairs.flatMap((pair) => pair.reference ?? [])).to.deep.equal([...reference.keys()]);
      expect(pairs.flatMap((pair) => pair.heard ?? [])).to.deep.equal([...heard.keys()]);
    }
  });
});

describe('rankDoubts', () => {
  it('counts the wrong words among the least probable of all files together', () => {
    const files = [
      {
        file: { reference: 'one two three four five', wordTimes: [] },
        // Two is substituted and improbable; an inserted word is probable; five is left out and cannot be doubted.
        words: [word('One', 0.9), word('to', 0.1), word('three,', 0.8), word('hey', 0.95), word('four.', 0.7)],
      },
      {
        file: { reference: 'six seven eight nine ten', wordTimes: [] },
        words: [word('six', 0.2), word('seven'), word('eight'), word('nine'), word('ten')],
      },
    ];
    expect(rankDoubts(files)).to.deep.equal({ found: 0.5, wrong: 2, words: 10 });
  });

  it('takes every part of a word that is several in the comparison, and none of a filler', () => {
    const files = [
      { file: { reference: 'an e-mail', wordTimes: [] }, words: [word('uh'), word('an'), word('E-Mail.')] },
    ];
    expect(rankDoubts(files)).to.include({ wrong: 0, words: 3 });
  });
});

describe('wordStartErrorsS', () => {
  it('compares the words that were heard right', () => {
    const said = (text: string, start: number): { word: string; start: number; end: number } => ({
      word: text,
      start,
      end: start + 0.2,
    });
    const file = { reference: '', wordTimes: [said('Okay', 1), said('um', 1.3), said('well', 1.5), said('begin', 2)] };
    const words = [word('Okay,', 1, 1.25), word('we', 1, 1.5), word('begin.', 1, 1.75)];
    expect(wordStartErrorsS([{ file, words }])).to.deep.equal([0.25, -0.25]);
  });
});
