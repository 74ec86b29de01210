import { assert } from 'chai';
import { joinTexts, meetWithoutBlank } from '../../../../src/core/text/blanks';

describe('joinTexts', () => {
  for (const [texts, expected] of [
    [['One.', 'Two.'], 'One. Two.'],
    [[' One.', '', ' \n', 'Two. '], 'One. Two.'],
    [['今日は', '晴れです。', '明日も。'], '今日は晴れです。明日も。'],
    [['你好!', '再见'], '你好!再见'],
    [['“你好”', '再见'], '“你好”再见'],
    [['สวัสดี', 'ครับ'], 'สวัสดีครับ'],
    [['안녕하세요.', '반갑습니다.'], '안녕하세요. 반갑습니다.'],
    [['नमस्ते।', 'आप कैसे हैं?'], 'नमस्ते। आप कैसे हैं?'],
    [['Deploy it.', '好的', 'OK'], 'Deploy it.好的OK'],
    [[], ''],
  ] as const) {
    it(`makes ${JSON.stringify(texts)} ${JSON.stringify(expected)}`, () => {
      assert.strictEqual(joinTexts(texts), expected);
    });
  }

  it('takes a time that is no more than proportional to the text', () => {
    const texts = Array.from({ length: 20_000 }, () => 'wörter und Zeichen');
    assert.strictEqual(joinTexts(texts), texts.join(' '));
  });
});

describe('meetWithoutBlank', () => {
  it('looks behind quotation marks and brackets for the script', () => {
    assert.isTrue(meetWithoutBlank('(你好)”', 'a'));
    assert.isTrue(meetWithoutBlank('a', '“你好'));
    assert.isTrue(meetWithoutBlank('word，', 'wide'));
    assert.isFalse(meetWithoutBlank('(so)”', 'a'));
    assert.isFalse(meetWithoutBlank('', ''));
  });
});
