import { assert } from 'chai';
import fc from 'fast-check';
import type { Word } from '../../../../src/core/model';
import { joinTokens } from '../../../../src/core/endpoints/joinTokens';
import { SEED } from '../random';
import { parse } from './parsedAnswers';

/** Tokens of a second each. */
function tokens(...texts: readonly string[]): Word[] {
  return texts.map((text, i) => ({ startS: i, endS: i + 1, text, probability: 0.5 }));
}

function joined(...texts: readonly string[]): string[] {
  return joinTokens(tokens(...texts), texts.join('')).map(({ text }) => text);
}

describe('joinTokens', () => {
  const examples: readonly (readonly [why: string, tokens: readonly string[], words: readonly string[]])[] = [
    ['whole words', [' Good', ' morning'], [' Good', ' morning']],
    ['parts of words', [' ih', 'res', ' Pro', 'jek', 'ts'], [' ihres', ' Projekts']],
    ['punctuation, figures and signs', [' 3', '.', '5', '%', ',', ' ok', '?'], [' 3.5%,', ' ok?']],
    ['an opening quotation mark', [' "', 'Hello', '"', ' said'], [' "Hello"', ' said']],
    ['a blank behind a token', [' Good ', 'morning'], [' Good ', 'morning']],
    ['a token of blanks alone', [' a', ' ', 'b'], [' a ', 'b']],
    ['Chinese, where each token is a word', ['你', '好', '。', '世界', '！'], ['你', '好。', '世界！']],
    ['an opening bracket before Chinese', ['说', '「', '你好', '」'], ['说', '「你好」']],
    ['Chinese beside English', ['用', ' Vi', 'te', '吧'], ['用', ' Vite', '吧']],
    ['signs that stand above another', ['ກ', '\u0eb4', 'ນ'], ['ກ\u0eb4', 'ນ']],
    ['Korean, which has blanks', [' 안', '녕', '하세요', ' 네'], [' 안녕하세요', ' 네']],
    ['nothing', [], []],
  ];
  for (const [why, given, expected] of examples) {
    it(`joins ${why}`, () => {
      assert.deepStrictEqual(joined(...given), expected);
    });
  }

  it('gives a word the time of all its tokens, and their mean probability', () => {
    const given: Word[] = [
      { startS: 1, endS: 1.2, text: ' ih', probability: 0.9 },
      { startS: 1.2, endS: 1.5, text: 'res', probability: 0.5 },
      { startS: 1.5, endS: 1.5, text: ',' },
    ];
    assert.deepStrictEqual(joinTokens(given, ' ihres,'), [{ startS: 1, endS: 1.5, text: ' ihres,', probability: 0.7 }]);
    const unsure = given.map(({ startS, endS, text }) => ({ startS, endS, text }));
    assert.deepStrictEqual(joinTokens(unsure, ' ihres,'), [{ startS: 1, endS: 1.5, text: ' ihres,' }]);
  });

  it('takes a letter that was cut between tokens from the text', () => {
    const texts = (given: readonly Word[], text: string): string[] => joinTokens(given, text).map((word) => word.text);
    assert.deepStrictEqual(texts(tokens(' caf', '\ufffd', '\ufffd', ' 🎙'), ' café 🎙'), [' café', ' 🎙']);
    assert.deepStrictEqual(texts(tokens(' ok', ' \ufffd', '\ufffd'), ' ok 🎙️'), [' ok', ' 🎙️']);
    assert.deepStrictEqual(texts(tokens('\ufffd', '\ufffd', '好'), '你好'), ['你', '好']);
  });

  it('leaves words alone that are not the text, piece by piece', () => {
    for (const [given, text] of [
      [tokens('Good', 'morning'), 'Good morning'],
      [tokens(' a', 'b'), ' a c'],
      [tokens(' a', 'b'), ' abc'],
      [tokens(' a', 'b'), ''],
      [tokens('\ufffd', ' a', 'b'), ' ac'],
    ] as const) {
      assert.strictEqual(joinTokens(given, text), given);
    }
  });

  it('loses no sign, and begins no word later than its token', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '.', '你', '。', '(', '\u0eb4') });
    fc.assert(
      fc.property(fc.array(part), (texts) => {
        const given = tokens(...texts);
        const words = joinTokens(given, texts.join(''));
        assert.strictEqual(words.map(({ text }) => text).join(''), texts.join(''));
        const starts = new Set(given.map(({ startS }) => startS));
        for (const { startS, endS } of words) assert.isTrue(starts.has(startS) && endS > startS);
      }),
      { seed: SEED },
    );
  });
});

describe('parseResponse, of whisper.cpp’s tokens', () => {
  const token = (word: string, start: number): object => ({
    word,
    start,
    end: start + 0.5,
    t_dtw: -1,
    probability: 0.8,
  });

  it('gives words', () => {
    const segment = (text: string, words: readonly object[], start: number): object => ({
      text,
      words,
      start,
      end: start + 2,
    });
    const answer = {
      text: ' Der Stand ihres Projekts.\n Gut.\n',
      segments: [
        segment(
          ' Der Stand ihres Projekts.',
          [
            token(' Der', 0),
            token(' Stand', 0.5),
            token(' ih', 1),
            token('res', 1.5),
            token(' Projekts', 2),
            token('.', 2.5),
          ],
          0,
        ),
        segment(' Gut.', [token(' Gut', 3), token('.', 3.5)], 3),
      ],
    };
    assert.deepStrictEqual(
      parse(answer).words.map(({ text, startS, endS }) => [text, startS, endS]),
      [
        ['Der', 0, 0.5],
        ['Stand', 0.5, 1],
        ['ihres', 1, 2],
        ['Projekts.', 2, 3],
        ['Gut.', 3, 4],
      ],
    );
  });

  it('gives no word for a mark in several tokens', () => {
    const words = [' [', 'BL', 'ANK', '_', 'AUDIO', ']'].map((word, i) => token(word, i));
    const answer = parse({ text: ' [BLANK_AUDIO]', segments: [{ text: ' [BLANK_AUDIO]', start: 0, end: 6, words }] });
    assert.deepStrictEqual([answer.text, answer.segments, answer.words], ['', [], []]);
  });
});
