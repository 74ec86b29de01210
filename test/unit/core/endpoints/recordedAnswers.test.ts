import { assert } from 'chai';
import { parse } from './parsedAnswers';
import {
  FASTER_WHISPER_SERVER_KOREAN,
  SPEACHES_READING,
  WHISPER_CPP_KOREAN,
  WHISPER_CPP_SILENCE,
} from './recordedAnswers';

describe('answers that real servers gave', () => {
  it('speaches: its one segment becomes one for each sentence, with the words’ times', () => {
    const { text, language, segments, words } = parse(SPEACHES_READING);
    assert.strictEqual(language, 'en');
    assert.deepStrictEqual(
      segments.map(({ startS, endS, text: said }) => [startS, endS, said.slice(0, 20), said.slice(-16)]),
      [
        [0, 12.96, 'produced the block b', 'art of printing.'],
        [13.26, 21.06, 'Printing then, for o', 'able types. Now.'],
      ],
    );
    assert.strictEqual(segments.map((segment) => segment.text).join(' '), text);
    for (const segment of segments) assert.strictEqual(segment.noSpeechProbability, 0.001781973522156477);
    assert.lengthOf(words, 59);
    assert.deepInclude(words[40], { text: 'then,', startS: 13.72, endS: 13.96 });
  });

  it('faster-whisper-server: each word once, with its probability', () => {
    const { language, segments, words } = parse(FASTER_WHISPER_SERVER_KOREAN);
    assert.strictEqual(language, 'ko');
    assert.deepStrictEqual(
      segments.map(({ text }) => text),
      ['그는 1위절이 피하면서 길 한 옆으로 걸어갔다.'],
    );
    assert.lengthOf(words, 7);
    assert.deepStrictEqual(words[0], { startS: 0, endS: 0.94, text: '그는', probability: 0.7352 });
  });

  it('whisper.cpp: its syllables become words', () => {
    const { language, segments, words } = parse(WHISPER_CPP_KOREAN);
    assert.strictEqual(language, 'ko');
    assert.lengthOf(segments, 1);
    assert.deepStrictEqual(
      words.map(({ text }) => text),
      ['그는', '1위절이', '피하면서', '길', '한', '옆으로', '걸어갔다.'],
    );
    assert.deepInclude(words[1], { startS: 0.67, endS: 1.48, text: '1위절이' });
    assert.closeTo(words[1]?.probability ?? 0, (0.8845 + 0.5988 + 0.481 + 0.9499) / 4, 1e-9);
  });

  it('whisper.cpp: silence is nothing that was said', () => {
    const { text, segments, words } = parse(WHISPER_CPP_SILENCE);
    assert.deepStrictEqual({ text, segments, words }, { text: '', segments: [], words: [] });
  });
});
