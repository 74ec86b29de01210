import { assert } from 'chai';
import { problemOf } from '../../../../src/core/errors';
import type { ParsedResponse } from '../../../../src/core/model';
import { parseErrorBody, parseResponse } from '../../../../src/core/speech/parseResponse';
import { problemThrownBy } from '../expectations';
import { seededRandom } from '../random';
import { GROQ, LOCAL_AI, OPENAI, PLAIN_JSON, SPEACHES, VLLM, WHISPER_CPP } from './answers';
import { mutate } from './mutate';

const QUALITY = { averageLogProbability: -0.25, compressionRatio: 1.2, noSpeechProbability: 0.01 };
const TEXT = 'Good morning. Shall we start?';
const MORNING = { startS: 0, endS: 1.5, text: 'Good morning.' };
const START = { startS: 2, endS: 4.5, text: 'Shall we start?' };
const WORDS = [
  { startS: 0, endS: 0.5, text: 'Good' },
  { startS: 0.5, endS: 1.5, text: 'morning.' },
  { startS: 2, endS: 2.5, text: 'Shall' },
  { startS: 2.5, endS: 3, text: 'we' },
  { startS: 3, endS: 4.5, text: 'start?' },
];

describe('parseResponse', () => {
  it('reads Groq’s and OpenAI’s answer whole', () => {
    for (const answer of [GROQ, OPENAI]) {
      assert.deepStrictEqual(parse(answer), {
        text: TEXT,
        language: 'en',
        segments: [
          { ...MORNING, ...QUALITY },
          { ...START, ...QUALITY },
        ],
        words: WORDS,
      });
    }
  });

  it('reads whisper.cpp: words inside segments, no compression ratio, a line break at the end', () => {
    const { averageLogProbability, noSpeechProbability } = QUALITY;
    assert.deepStrictEqual(parse(WHISPER_CPP), {
      text: 'Good morning.\n Shall we start?',
      language: 'en',
      segments: [
        { ...MORNING, averageLogProbability, noSpeechProbability },
        { ...START, averageLogProbability, noSpeechProbability },
      ],
      words: WORDS,
    });
  });

  it('reads vLLM: words null, a null among the figures, the duration a string', () => {
    const { averageLogProbability, compressionRatio } = QUALITY;
    const { segments, words } = parse(VLLM);
    assert.deepStrictEqual(segments, [
      { ...MORNING, averageLogProbability, compressionRatio },
      { ...START, averageLogProbability, compressionRatio },
    ]);
    assert.isEmpty(words);
  });

  it('reads LocalAI: a word’s text is called text', () => {
    assert.deepStrictEqual(parse(LOCAL_AI), { text: TEXT, language: 'en', segments: [MORNING, START], words: WORDS });
  });

  it('reads speaches: words null unless asked for', () => {
    const { segments, words } = parse(SPEACHES);
    assert.lengthOf(segments, 2);
    assert.isEmpty(words);
  });

  it('looks for words inside segments where those of the whole are null', () => {
    assert.deepStrictEqual(parse({ ...WHISPER_CPP, words: null }).words, WORDS);
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
      ...{ startS: 3, endS: 3 },
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
      ['', ''],
      ['<html>\n  <body>Sign in', '<html> <body>Sign in'],
      ['[]', '[]'],
      ['"text"', '"text"'],
      ['null', 'null'],
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

  it('survives 10,000 damaged answers: a readable response with sound times, or responseUnreadable', () => {
    const random = seededRandom();
    const answers = [GROQ, WHISPER_CPP, VLLM, LOCAL_AI];
    let readable = 0;
    for (let n = 0; n < 10_000; n++) {
      const body = mutate(JSON.stringify(answers[n % answers.length]), random);
      try {
        assertSound(parseResponse(body, 'host'));
        readable++;
      } catch (error) {
        const isExpected = problemOf(error)?.code === 'responseUnreadable';
        if (!isExpected) throw new Error(`number ${n}: ${body}`, { cause: error });
      }
    }
    // Else the damage was so great that nothing was tested.
    assert.isAbove(readable, 5000);
    assert.isBelow(readable, 10_000);
  }).timeout(20_000);
});

describe('parseErrorBody', () => {
  const bodies: readonly (readonly [why: string, body: string, expected: { message: string; code?: string }])[] = [
    [
      'reads message and code of the API’s own shape',
      '{"error":{"message":"Too long","type":"invalid_request_error","code":"invalid_prompt"}}',
      { message: 'Too long', code: 'invalid_prompt' },
    ],
    [
      'reads an error that is a string',
      '{"error":"failed to read audio data"}',
      { message: 'failed to read audio data' },
    ],
    ['reads FastAPI’s detail', '{"detail":"Model not found"}', { message: 'Model not found' }],
    ['reads a bare message', '{"message":"Unauthorized"}', { message: 'Unauthorized' }],
    [
      'reads a proxy’s page without its markup',
      '<html><head><style>h1 {\n color: red }</style><script>if (a < b) x()</script></head>\n<body><h1>502</h1>\n<p>Bad Gateway</p></body></html>',
      { message: '502 Bad Gateway' },
    ],
    ['takes a firewall’s plain text as it is', 'error code: 1010', { message: 'error code: 1010' }],
    ['leaves out a code that is no word', '{"error":{"message":"no","code":400}}', { message: 'no' }],
    ['shows a shape it does not know', '{"detail":[{"loc":["body"]}]}', { message: '{"detail":[{"loc":["body"]}]}' }],
    ['says nothing where nothing was said', '', { message: '' }],
  ];
  for (const [why, body, expected] of bodies) {
    it(why, () => {
      assert.deepStrictEqual(parseErrorBody(body), expected);
    });
  }

  it('shortens a long message and puts it on one line', () => {
    const { message } = parseErrorBody(JSON.stringify({ error: { message: 'word\n\n'.repeat(100) } }));
    assert.lengthOf(message, 200);
    assert.match(message, /^word word .*…$/);
  });
});

function parse(answer: unknown): ParsedResponse {
  return parseResponse(JSON.stringify(answer), 'host');
}

function assertSound({ text, language, segments, words }: ParsedResponse): void {
  assert.isString(text);
  if (language !== undefined) assert.isString(language);
  for (const { startS, endS, text: part, ...figures } of [...segments, ...words]) {
    assert.isTrue(typeof part === 'string' && part !== '');
    assert.isTrue(Number.isFinite(startS) && Number.isFinite(endS) && startS >= 0 && endS >= startS);
    for (const figure of Object.values(figures)) assert.isTrue(Number.isFinite(figure));
  }
}
