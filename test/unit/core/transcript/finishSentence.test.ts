import { assert } from 'chai';
import { finishSentence, isBareWords } from '../../../../src/core/transcript/finishSentence';

describe('isBareWords', () => {
  it('knows a recogniser’s words without capitals and marks', () => {
    for (const text of [
      'good morning',
      "it's a well-known fact",
      'über die brücke',
      'добрый день',
      '3 people',
      'naïve “quote”',
    ]) {
      assert.isTrue(isBareWords(text), text);
    }
  });

  it('leaves alone what has a capital or a mark anywhere', () => {
    for (const text of [
      'Good morning',
      'hello npm.',
      'so, yes',
      'what?',
      'the API',
      'wait…',
      'one: two',
      'ok!',
      'ǅep',
    ]) {
      assert.isFalse(isBareWords(text), text);
    }
  });

  it('takes scripts without capitals for written, also with a foreign word among them', () => {
    for (const text of ['', '123', '今日は', 'مرحبا', 'नमस्ते', 'git を使います。', '我们用npm安装', 'זה npm']) {
      assert.isFalse(isBareWords(text), text);
    }
  });
});

describe('finishSentence', () => {
  it('puts a capital before and a full stop behind', () => {
    assert.strictEqual(finishSentence('good morning'), 'Good morning.');
    assert.strictEqual(finishSentence('éric arrive '), 'Éric arrive.');
    assert.strictEqual(finishSentence('добрый день'), 'Добрый день.');
  });

  it('finds the first letter behind a quotation mark or an apostrophe', () => {
    assert.strictEqual(finishSentence("'twas late"), "'Twas late.");
    assert.strictEqual(finishSentence('“so” he said'), '“So” he said.');
  });

  it('capitalises no word behind a number', () => {
    assert.strictEqual(finishSentence('3 people came'), '3 people came.');
  });
});
