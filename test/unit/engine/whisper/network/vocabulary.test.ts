import assert from 'node:assert/strict';
import { Vocabulary } from '../../../../../src/engine/whisper/network/vocabulary';
import { baseWithoutWeights } from '../../../../models';

describe('Vocabulary', () => {
  let vocabulary: Vocabulary;
  before(async () => {
    vocabulary = await Vocabulary.load(baseWithoutWeights());
  });

  for (const text of [
    ' And so, my fellow Americans: ask not.',
    ' user_id, src/index.ts, @types/node, C#, MyComponent',
    ' Größe, façade, 質問です。 我们 안녕하세요',
    ' 🙂 👩‍💻',
    '  two  blanks ',
  ]) {
    it(`makes tokens of "${text}" and the same of them`, () => {
      const tokens = vocabulary.encode(text);
      assert.ok(
        tokens.every((token) => token < 50_257),
        'nothing that steers',
      );
      assert.equal(vocabulary.decode(tokens), text);
    });
  }

  it('makes nothing of nothing', () => {
    assert.deepEqual(vocabulary.encode(''), []);
    assert.equal(vocabulary.decode([]), '');
  });

  it('marks what a character lacks', () => {
    const tokens = vocabulary.encode(' 🙂');
    assert.ok(tokens.length > 1);
    assert.ok(vocabulary.decode(tokens.slice(0, -1)).includes('\ufffd'));
  });

  it('knows how tokens are spelled', () => {
    const [underscore] = vocabulary.encode('_');
    const [blankUnderscore] = vocabulary.encode(' _');
    assert.deepEqual(
      [underscore, blankUnderscore].map((id) => vocabulary.spelling(id ?? NaN)),
      ['_', 'Ġ_'],
    );
    assert.equal(vocabulary.spelling(51_864), '<|30.00|>');
  });
});
