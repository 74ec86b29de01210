import { assert } from 'chai';
import type { AnswerFormat } from '../../../../src/core/endpoints/dialects';
import { parseResponse } from '../../../../src/core/endpoints/parseResponse';
import { problemThrownBy } from '../expectations';
import { GROQ, PLAIN_JSON, WHISPER_CPP } from './answers';
import { parse, SURE_WORDS, TEXT } from './parsedAnswers';

describe('parseResponse', () => {
  it('reads plain text where that was asked for, whatever it looks like', () => {
    const texts = [TEXT, ` ${TEXT}\n`, '42', '"quoted"', 'null', 'true', '[]', '{"half', '<3', 'a < b > c', ''];
    for (const text of texts) {
      assert.deepStrictEqual(parseResponse(text, 'host', 'text'), { text: text.trim(), segments: [], words: [] });
    }
  });

  it('reads json where text was asked for, as some servers answer with nothing else', () => {
    assert.deepStrictEqual(parseResponse(JSON.stringify(PLAIN_JSON), 'host', 'text'), {
      text: TEXT,
      segments: [],
      words: [],
    });
    const { code } = problemThrownBy(() => parseResponse('{"error":"busy"}', 'host', 'text'));
    assert.strictEqual(code, 'responseUnreadable');
  });

  it('says that it was not the endpoint where a page comes as an answer, in whatever format', () => {
    const pages = [
      '<!DOCTYPE html><html><body>Sign in</body></html>',
      '\n <HTML>\n<head><style>p { color: red }</style></head><body>Sign in</body>',
      '<?xml version="1.0"?><Error>Sign in</Error>',
      '<body>Sign <b>in</b></body>',
    ];
    for (const format of ['words', 'segments', 'json', 'text'] satisfies AnswerFormat[]) {
      for (const page of pages) {
        assert.deepStrictEqual(
          problemThrownBy(() => parseResponse(page, 'host', format)),
          { code: 'proxyAnswered', host: 'host', status: 200, reason: 'Sign in' },
        );
      }
    }
  });

  it('looks for words inside segments where those of the whole are null', () => {
    assert.deepStrictEqual(parse({ ...WHISPER_CPP, words: null }).words, SURE_WORDS);
  });

  it('reads plain json, where there is text and nothing else', () => {
    assert.deepStrictEqual(parse(PLAIN_JSON), { text: TEXT, segments: [], words: [] });
  });

  it('takes the segments’ text where the whole is missing', () => {
    assert.strictEqual(parse({ ...GROQ, text: undefined }).text, TEXT);
  });

  it('takes an answer without words for what it is: nothing heard', () => {
    assert.deepStrictEqual(parse({ text: '' }), { text: '', segments: [], words: [] });
    assert.isEmpty(parse({ text: ' ', segments: [{ start: 0, end: 1, text: ' ' }] }).segments);
  });

  const languages: readonly (readonly [unknown, string | undefined])[] = [
    ['English', 'en'],
    ['german', 'de'],
    [' Chinese ', 'zh'],
    ['EN', 'en'],
    ['pt', 'pt'],
    ['Klingon', 'klingon'],
    ['constructor', 'constructor'],
    ['', undefined],
    [null, undefined],
    [7, undefined],
  ];
  for (const [said, expected] of languages) {
    it(`takes ${JSON.stringify(said)} for the language ${expected ?? 'that nobody told'}`, () => {
      assert.strictEqual(parse({ text: 'x', language: said }).language, expected);
    });
  }

  it('reads figures that are sent as strings', () => {
    const segment = { start: '1.5', end: '2', text: 'x', avg_logprob: '-0.5' };
    assert.deepStrictEqual(parse({ text: 'x', segments: [segment] }).segments, [
      { startS: 1.5, endS: 2, text: 'x', averageLogProbability: -0.5 },
    ]);
  });

  it('lets no segment end before it starts', () => {
    assert.deepInclude(parse({ text: 'x', segments: [{ start: 3, end: 1, text: 'x' }] }).segments[0], {
      startS: 3,
      endS: 3,
    });
  });

  it('keeps the text of a segment whose times cannot be read, where the one before it ended', () => {
    const segments = [
      { start: -0.02, end: 1, text: 'One.' },
      { start: null, end: null, text: 'Two.' },
      { start: 2, end: null, text: 'Three.' },
      { text: 'Four.' },
    ];
    assert.deepStrictEqual(parse({ text: 'One. Two. Three. Four.', segments }).segments, [
      { startS: 0, endS: 1, text: 'One.' },
      { startS: 1, endS: 1, text: 'Two.' },
      { startS: 2, endS: 2, text: 'Three.' },
      { startS: 2, endS: 2, text: 'Four.' },
    ]);
  });

  it('leaves out words without times: nothing can be placed by them', () => {
    assert.isEmpty(parse({ text: 'x', words: [{ word: 'x' }, { word: '', start: 0, end: 1 }, null, 'x'] }).words);
  });

  it('calls an answer without text unreadable, and shows how it begins on one line', () => {
    const bodies: readonly (readonly [string, string])[] = [
      ['[]', '[]'],
      ['42', '42'],
      ['text', 'text'],
      ['{"error":"busy"}', '{"error":"busy"}'],
      ['{"text":7}', '{"text":7}'],
      ['{"text":"half', '{"text":"half'],
    ];
    for (const [body, reason] of bodies) {
      assert.deepStrictEqual(
        problemThrownBy(() => parseResponse(body, 'host')),
        { code: 'responseUnreadable', host: 'host', reason },
      );
    }
  });

  it('shows no more than 200 characters of an unreadable answer', () => {
    const problem = problemThrownBy(() => parseResponse('x'.repeat(10_000), 'host'));
    assert.strictEqual('reason' in problem && problem.reason, 'x'.repeat(199) + '…');
  });
});
