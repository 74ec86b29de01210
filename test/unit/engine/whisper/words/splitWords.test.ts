import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitWords, type TokenWord } from '../../../../../src/engine/whisper/words/splitWords';

/** Splits a text whose tokens are these pieces: text, or bytes of a character. */
function split(pieces: readonly (string | readonly number[])[], language = 'en'): readonly TokenWord[] {
  const bytes = pieces.map((piece) => Buffer.from(piece as string));
  const decode = (tokens: readonly number[]): string =>
    Buffer.concat(tokens.map((token) => bytes[token] ?? Buffer.alloc(0))).toString('utf8');
  return splitWords([...pieces.keys()], decode, language);
}

const texts = (words: readonly TokenWord[]): readonly string[] => words.map(({ text }) => text);

describe('splitWords', () => {
  it('begins a word at a blank', () => {
    assert.deepEqual(split([' And', ' so', ' Amer', 'icans', ' ask']), [
      { text: ' And', from: 0, to: 1 },
      { text: ' so', from: 1, to: 2 },
      { text: ' Americans', from: 2, to: 4 },
      { text: ' ask', from: 4, to: 5 },
    ]);
    assert.deepEqual(texts(split(['Well', ' then'])), ['Well', ' then']);
  });

  it('keeps punctuation with the word that it touches', () => {
    assert.deepEqual(texts(split([' Yes', ',', ' no', '?!', ' End', '.', '"'])), [' Yes,', ' no?!', ' End."']);
    assert.deepEqual(texts(split([' She', ' said', ' "', 'Stop', '"', ' once'])), [
      ' She',
      ' said',
      ' "Stop"',
      ' once',
    ]);
    assert.deepEqual(texts(split([' ¿', 'Qué', '?', ' (', 'sic', ')'], 'es')), [' ¿Qué?', ' (sic)']);
    assert.deepEqual(texts(split([' «', ' Oui', ' »', ' dit'], 'fr')), [' « Oui »', ' dit']);
    assert.deepEqual(texts(split([' one', ' -', ' two', ' …'])), [' one -', ' two …']);
  });

  it('makes each character a word where there are no blanks', () => {
    assert.deepEqual(texts(split(['你', '好', '。', '我', '们'], 'zh')), ['你', '好。', '我', '们']);
    assert.deepEqual(texts(split(['他', '说', '「', '好', '」', '。'], 'zh')), ['他', '说', '「好」。']);
    assert.deepEqual(texts(split(['今日', 'は'], 'ja')), ['今日', 'は']);
  });

  it('joins the tokens of one character', () => {
    const [first, second, third] = Buffer.from('繁');
    assert.deepEqual(split(['好', [first ?? 0, second ?? 0], [third ?? 0], '。'], 'zh'), [
      { text: '好', from: 0, to: 1 },
      { text: '繁。', from: 1, to: 4 },
    ]);
    const emoji = Buffer.from('🙂');
    assert.deepEqual(texts(split([' Fine', ...Array.from(emoji, (byte) => [byte])])), [' Fine🙂']);
  });

  it('keeps what a cut character leaves at the end', () => {
    const words = split([' Fine', [0xf0, 0x9f]]);
    assert.equal(words.at(-1)?.to, 2);
  });

  it('takes no tokens', () => {
    assert.deepEqual(split([]), []);
  });

  it('loses no token, and uses none twice', () => {
    const piece = fc.constantFrom(
      ' a',
      'b',
      ' 你',
      '好',
      '.',
      ' "',
      '"',
      ' (',
      ')',
      ',',
      ' -',
      '「',
      '」',
      ' ',
      '¿',
      ' c',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), fc.constantFrom('en', 'zh'), (pieces, language) => {
        const words = split(pieces, language);
        const bare = texts(words).join('').trim();
        assert.equal(bare, pieces.join('').trim());
        let next = words[0]?.from ?? pieces.length;
        for (const { from, to } of words) {
          assert.equal(from, next, JSON.stringify(words));
          next = to;
        }
        assert.equal(next, pieces.length);
      }),
      { seed: 6, numRuns: 500 },
    );
  });
});
