import { assert } from 'chai';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { withinQuotes, yamlList, yamlText } from '../../../../../src/core/notes/meeting/yamlText';

describe('yamlText', () => {
  it('leaves what every reader takes for text as it is', () => {
    for (const text of [
      'Weekly',
      'Planung für März',
      '日本語の会議',
      'a-b/c',
      '2026-11-28-1645-meeting.wav',
      'en',
      '00:36:12',
    ])
      assert.strictEqual(yamlText(text), text);
  });

  it('leaves dates dates', () => {
    for (const text of ['2026-11-28', '2026-11-28T16:45']) assert.strictEqual(yamlText(text), text);
  });

  it('puts into quotes what means something else to some reader', () => {
    for (const text of [
      '',
      'no',
      'Yes',
      'null',
      '~',
      '12',
      '1e3',
      '0x1f',
      '1_000',
      '36:12',
      '.5',
      '- a',
      '@me',
      'a: b',
      'a:',
      'a #b',
      '[a',
      '{a}',
      ' a',
      'a ',
      '"a"',
      "'a'",
      '*a',
      '&a',
      '!a',
      '|',
      '>',
      '%a',
      '`a`',
      '?',
    ])
      assert.strictEqual(yamlText(text), JSON.stringify(text));
  });

  it('is read as the same text, alone and in a list, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom(...Array.from(':#-,[]{}"\'\\&*!|>%@`?~ \t\n\u0085\u2028\ufeffaN0.1e')),
        maxLength: 8,
      }),
    );
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        if (/^\d{4}-\d\d-\d\d/.test(a)) return;
        assert.deepEqual(load(`key: ${yamlText(a)}`), { key: a });
        assert.deepEqual(load(`key: ${yamlList([a, b])}`), { key: [a, b] });
        assert.deepEqual(load(`key: "x${withinQuotes(a)}y"`), { key: `x${a}y` });
      }),
      { seed: 15, numRuns: 3000 },
    );
  });

  it('makes half a character readable', () => {
    assert.deepEqual(load(`key: ${yamlText('a\ud800')}`), { key: 'a\ufffd' });
  });
});
