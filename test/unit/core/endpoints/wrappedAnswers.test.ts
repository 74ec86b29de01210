import { assert } from 'chai';
import { defined } from '../../../../src/core/async/defined';
import type { ParsedResponse } from '../../../../src/core/model';
import { parseResponse, type AnswerFacts } from '../../../../src/core/endpoints/parseResponse';
import { problemThrownBy } from '../expectations';
import { DIARIZED, GROQ, PLAIN_JSON } from './answers';
import { MORNING, parse, QUALITY, START, TEXT, WORDS } from './parsedAnswers';

const SEGMENTS = [
  { ...MORNING, ...QUALITY },
  { ...START, ...QUALITY },
];

function lines(...values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function read(body: string, facts?: AnswerFacts, format: 'words' | 'text' = 'words'): ParsedResponse {
  return parseResponse(body, 'host', format, facts);
}

describe('parseResponse', () => {
  it('finds an answer below data or result, or in a list, with all that it tells', () => {
    const whole = parse(GROQ);
    for (const wrapped of [{ data: GROQ }, { success: true, result: GROQ }, [GROQ], { data: [GROQ] }]) {
      assert.deepStrictEqual(parse(wrapped), whole);
      assert.deepStrictEqual(read(JSON.stringify(wrapped), {}, 'text'), whole);
    }
  });

  it('finds no answer where there is none, and shows what there is', () => {
    const others = [
      { data: {} },
      { success: false, errors: [{ message: 'busy' }], result: {} },
      { success: false, result: null },
      { data: { data: PLAIN_JSON } },
      { error: 'busy', data: PLAIN_JSON },
      [PLAIN_JSON, { error: 'busy' }],
      [PLAIN_JSON, { error: 'busy', text: 'Part.' }],
      { object: 'list', data: [{ id: 'whisper-1' }] },
      [PLAIN_JSON, 'text'],
      ['text'],
      [{}],
      [[PLAIN_JSON]],
      42,
      true,
    ];
    for (const other of others) {
      const body = JSON.stringify(other);
      assert.deepStrictEqual(
        problemThrownBy(() => read(body)),
        { code: 'responseUnreadable', host: 'host', reason: body },
      );
    }
  });

  it('joins the texts of several answers, one a line or in a list', () => {
    const parts = [
      { text: ' Good morning. ', segments: GROQ.segments.slice(0, 1), language: 'en', words: GROQ.words.slice(0, 2) },
      { text: null },
      { text: ' Shall we start?', segments: GROQ.segments.slice(1), words: GROQ.words.slice(2) },
      { done: true },
    ];
    for (const body of [lines(...parts), JSON.stringify(parts), lines(...parts).replaceAll('1.2', 'NaN')]) {
      const { text, language, segments, words } = read(body);
      assert.deepStrictEqual([text, language, words], [TEXT, 'en', WORDS]);
      assert.deepStrictEqual(
        segments.map(({ startS, endS, text: said }) => ({ startS, endS, text: said })),
        [MORNING, START],
      );
    }
    assert.deepStrictEqual(read(lines({ text: null }, { text: null })), { text: '', segments: [], words: [] });
  });

  it('takes answers that have a time for segments', () => {
    for (const body of [lines(...GROQ.segments), JSON.stringify(GROQ.segments)]) {
      assert.deepStrictEqual(read(body), { text: TEXT, segments: SEGMENTS, words: [] });
    }
    const [first] = GROQ.segments;
    assert.deepStrictEqual(parse([first]).segments, SEGMENTS.slice(0, 1));
  });

  it('keeps the segments of an answer that has a time itself', () => {
    for (const answer of [
      { ...GROQ, start: 0, end: 4.5 },
      [{ ...GROQ, start: 0, end: 4.5 }],
      [{ ...GROQ, start: 0 }, { text: null }],
    ]) {
      assert.deepStrictEqual(parse(answer).segments, SEGMENTS);
    }
  });

  it('does not take the names of speakers for speech', () => {
    const segments = DIARIZED.segments.map((segment) => ({ ...segment, speaker: 'agent' }));
    const text = 'Agent: Good morning.\nAgent: Shall we start?';
    assert.deepStrictEqual(parse({ ...DIARIZED, text, segments }).segments, [MORNING, START]);
  });

  it('calls lines unreadable of which the last broke off: part of a text is none', () => {
    const body = lines(PLAIN_JSON, PLAIN_JSON).slice(0, -5);
    for (const contentType of ['application/x-ndjson', 'text/plain']) {
      assert.strictEqual(problemThrownBy(() => read(body, { contentType })).code, 'responseUnreadable');
    }
  });

  it('takes segments by their keys, and chunks, whose times are pairs, for segments', () => {
    const [one, two] = GROQ.segments;
    assert.deepStrictEqual(parse({ ...GROQ, segments: { 1: two, 0: one } }).segments, SEGMENTS);
    const chunks = GROQ.segments.map(({ start, end, ...rest }) => ({ ...rest, timestamp: [start, end] }));
    assert.deepStrictEqual(parse({ text: GROQ.text, chunks }).segments, SEGMENTS);
    assert.deepStrictEqual(parse({ chunks, segments: [] }), { text: TEXT, segments: SEGMENTS, words: [] });
    const open = { text: 'Open end.', timestamp: [2.5, null] };
    assert.deepStrictEqual(parse({ chunks: [open] }).segments, [{ startS: 2.5, endS: 2.5, text: 'Open end.' }]);
  });

  it('takes a JSON string for a text, but where a text was asked for', () => {
    assert.deepStrictEqual(read('"Hello \\"there\\"."'), { text: 'Hello "there".', segments: [], words: [] });
    assert.strictEqual(read('"Hello."', {}, 'text').text, '"Hello."');
  });

  it('takes a text in place of JSON for one where the server calls it so', () => {
    const plain = { contentType: 'text/plain; charset=utf-8' };
    for (const text of [TEXT, '[Laughs] Hello.', 'NaN is not a number.']) {
      assert.deepStrictEqual(read(`${text}\n`, plain), { text, segments: [], words: [] });
      for (const contentType of [undefined, 'application/json', 'text/html', 'text/plainer']) {
        assert.strictEqual(problemThrownBy(() => read(text, defined({ contentType }))).code, 'responseUnreadable');
      }
    }
    for (const body of ['{"text":" Hello th', '[{"text":" Hello th', '["Hello', 'data: {"type":"x"}\n\n', '42', '[]']) {
      assert.strictEqual(problemThrownBy(() => read(body, plain)).code, 'responseUnreadable', body);
    }
    assert.strictEqual(problemThrownBy(() => read('<html>Sign in</html>', plain)).code, 'proxyAnswered');
  });
});
