import { assert } from 'chai';
import type { AnswerFormat } from '../../../../src/core/endpoints/dialects';
import { parseResponse } from '../../../../src/core/endpoints/parseResponse';
import { problemThrownBy } from '../expectations';
import { GROQ } from './answers';
import { parse } from './parsedAnswers';

const NOTHING = { text: '', segments: [], words: [] };
const MARK = { start: 0, end: 2, text: ' [Musik]' };

describe('parseResponse', () => {
  it('takes an answer that says nothing for one to silence', () => {
    const bodies = [
      '',
      ' \r\n',
      '\ufeff',
      'null',
      '{}',
      '{"text":null}',
      '{"text":null,"segments":[]}',
      '{"segments":[]}',
    ];
    for (const body of [...bodies, '{"text":"","error":null}', '{"text":NaN}', '{"segments":[{"text":" "}]}']) {
      for (const format of ['words', 'segments', 'json'] satisfies AnswerFormat[]) {
        assert.deepStrictEqual(parseResponse(body, 'host', format), NOTHING, body);
      }
    }
    for (const body of ['', '\n', '{}', '{"text":null}']) {
      assert.deepStrictEqual(parseResponse(body, 'host', 'text'), NOTHING, body);
    }
  });

  it('keeps what such an answer tells besides', () => {
    const { language, duration } = GROQ;
    assert.deepStrictEqual(parse({ text: null, segments: [], language, duration }), {
      ...NOTHING,
      language: 'en',
      durationS: 4.5,
    });
  });

  it('takes no error for silence, and shows what the server says', () => {
    for (const answer of [
      { error: { message: 'model is loading' } },
      { error: 'model is loading', text: null },
      { error: 'model is loading', text: '', segments: [] },
      { segments: [], error: { message: 'model is loading' } },
      { message: 'model is loading' },
      { segments: [{ transcript: 'model is loading' }] },
    ]) {
      const body = JSON.stringify(answer);
      assert.deepStrictEqual(
        problemThrownBy(() => parse(answer)),
        { code: 'responseUnreadable', host: 'host', reason: body },
      );
    }
    assert.strictEqual(parse({ error: 'a warning', text: 'Hello.' }).text, 'Hello.');
  });

  it('drops marks of sounds, and does not take them from the text again', () => {
    assert.deepStrictEqual(parse({ text: ' [Musik]', segments: [MARK] }), NOTHING);
    assert.deepStrictEqual(parse({ segments: [MARK, { ...MARK, text: '♪' }] }), NOTHING);
    const said = { start: 2, end: 4, text: ' Guten Tag.' };
    for (const text of [' [Musik] Guten Tag. [Applaus]', ' Guten Tag.', undefined]) {
      assert.deepStrictEqual(
        parse({ text, segments: [MARK, said, { ...MARK, text: '[Applaus]' }] }).segments,
        [{ startS: 2, endS: 4, text: 'Guten Tag.' }],
        text,
      );
    }
    assert.strictEqual(parse({ segments: [MARK, said] }).text, 'Guten Tag.');
    // The sentence is in the text only.
    assert.deepStrictEqual(parse({ text: '[Musik] Guten Tag.', segments: [MARK], duration: 4 }).segments, [
      { startS: 2, endS: 4, text: 'Guten Tag.' },
    ]);
  });

  it('takes a text without segments that is a mark for no text, in every format', () => {
    for (const format of ['words', 'json', 'text'] satisfies AnswerFormat[]) {
      assert.deepStrictEqual(parseResponse('{"text":"[BLANK_AUDIO]"}', 'host', format), NOTHING);
    }
    for (const text of ['[Music]', '(music)\n', '♪'])
      assert.deepStrictEqual(parseResponse(text, 'host', 'text'), NOTHING);
    assert.strictEqual(parse({ text: '[Laughs] Hello. [BLANK_AUDIO]' }).text, '[Laughs] Hello.');
  });

  it('takes tags out of text, segments and words, and the language from them where nothing else tells it', () => {
    const answer = {
      text: '<|de|><|0.00|> Guten Tag.<|2.00|>',
      segments: [
        { start: 0, end: 2, text: '<|0.00|> Guten Tag.<|2.00|>' },
        { start: 2, end: 2, text: '<|endoftext|>' },
      ],
      words: [
        { word: '<|0.00|>', start: 0, end: 0 },
        { word: ' Guten', start: 0, end: 1 },
        { word: ' Tag.<|2.00|>', start: 1, end: 2 },
        { word: '[BLANK_AUDIO]', start: 2, end: 2 },
      ],
    };
    const read = {
      text: 'Guten Tag.',
      language: 'de',
      segments: [{ startS: 0, endS: 2, text: 'Guten Tag.' }],
      words: [
        { startS: 0, endS: 1, text: 'Guten' },
        { startS: 1, endS: 2, text: 'Tag.' },
      ],
    };
    assert.deepStrictEqual(parse(answer), read);
    assert.deepStrictEqual(parse({ ...answer, language: 'unknown' }), read);
    assert.strictEqual(parse({ ...answer, language: 'nl' }).language, 'nl');
    assert.strictEqual(parse({ segments: [{ ...MARK, text: '<|de|>Guten Tag.' }] }).language, 'de');
    assert.strictEqual(parseResponse('<|de|>Guten Tag.', 'host', 'text').language, 'de');
  });
});
