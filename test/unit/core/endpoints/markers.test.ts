import { assert } from 'chai';
import { cleanText, isMarker, taggedLanguage } from '../../../../src/core/endpoints/markers';

describe('isMarker', () => {
  const markers = [
    ...[
      '[BLANK_AUDIO]',
      ' [ Silence ]',
      '[MUSIC PLAYING]',
      '[Musik]',
      '[Música de fondo]',
      '[音楽]',
      '［音乐］',
      '[музыка]',
    ],
    ...['(music)', '(upbeat music)', '(Applaus)', '(Rires)', '（笑）', '(audience laughing)', '(Musik.)', '(cisza)'],
    ...['*music*', '**Musik**', '* laughs *', '♪', '♪♪♪', ' ♫ ♪ ', '🎵', '🎼'],
    ...['[Music] [Applause]', '♪ [Music] ♪', '[Music].', '- [Laughter]', '(music) *applause*'],
  ];
  for (const text of markers) {
    it(`is so for ${text}`, () => {
      assert.isTrue(isMarker(text));
    });
  }

  const said = [
    ...[
      '',
      '...',
      '-',
      'Music',
      'Hello.',
      '[1]',
      '[x, y]',
      '[]',
      '[ ]',
      '[_]',
      '[Music',
      'a[i]',
      '[Music] Hello.',
      '[3.5]',
    ],
    ...[
      '(I think so)',
      '(the music)',
      '(playing)',
      '(see below)',
      '()',
      '(music',
      'music)',
      '*important*',
      '**',
      '*very loud*',
    ],
    ...['♪ La la la ♪', '♪ 1', '# Music', '_music_', `[${'long '.repeat(20)}]`],
  ];
  for (const text of said) {
    it(`is not so for ${text === '' ? 'nothing' : text}`, () => {
      assert.isFalse(isMarker(text));
    });
  }

  it('takes as long as a text is', () => {
    for (const sign of ['[', '(', '*', '[a', '( ', '* a']) assert.isFalse(isMarker(`${sign.repeat(200_000)}x`));
  });
});

describe('cleanText', () => {
  const texts: readonly (readonly [read: string, said: string])[] = [
    ['<|startoftranscript|><|en|><|0.00|> Hello there.<|2.00|><|endoftext|>', 'Hello there.'],
    ['Hello there.<|2.00|><|2.00|> And on.', 'Hello there. And on.'],
    ['Hello there.<|2.00|> <|2.00|> And on.', 'Hello there. And on.'],
    ['Hello there.<|en|><|EMO_UNKNOWN|>And on.', 'Hello there. And on.'],
    ['<|zh|><|NEUTRAL|>你好。<|zh|><|HAPPY|>世界', '你好。世界'],
    ['你好。<|en|>Hello.', '你好。Hello.'],
    ['a < b | c > d <| e', 'a < b | c > d <| e'],
    [' Real text. [BLANK_AUDIO]', 'Real text.'],
    ['Real [ blank_audio ] text', 'Real text'],
    ['One.\r\nTwo.\rThree.\n', 'One.\nTwo.\nThree.'],
    ['Half \ud83d and \udc00, whole 🎙️', 'Half \ufffd and \ufffd, whole 🎙️'],
    ['<|nospeech|>', ''],
  ];
  for (const [read, said] of texts) {
    it(`makes ${JSON.stringify(said)} of ${JSON.stringify(read)}`, () => {
      assert.strictEqual(cleanText(read), said);
    });
  }

  it('takes as long as a text is', () => {
    for (const part of ['<|', '<|a', '<|a|>', '<|a|> ', ' [', '[ BLANK', ' ']) {
      assert.isString(cleanText(`x${part.repeat(200_000)}x`));
    }
  });
});

describe('taggedLanguage', () => {
  it('is the first tag that names one', () => {
    assert.strictEqual(taggedLanguage('<|startoftranscript|><|en|><|de|>'), 'en');
    assert.strictEqual(taggedLanguage('<|HAPPY|><|yue|>你好'), 'yue');
    for (const text of ['', 'en', '<|xx|>', '<|nospeech|>', '<|0.00|>', '<|en'])
      assert.isUndefined(taggedLanguage(text));
  });
});
