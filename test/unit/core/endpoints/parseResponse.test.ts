import { assert } from 'chai';
import fc from 'fast-check';
import { problemOf } from '../../../../src/core/errors';
import type { ParsedResponse } from '../../../../src/core/model';
import type { AnswerFormat } from '../../../../src/core/endpoints/dialects';
import { parseErrorBody, parseModels, parseResponse } from '../../../../src/core/endpoints/parseResponse';
import { problemThrownBy } from '../expectations';
import { SEED, seededRandom } from '../random';
import {
  DIARIZED,
  GPT_4O,
  GPT_TRANSCRIBE,
  GROQ,
  LOCAL_AI,
  OPENAI,
  PLAIN_JSON,
  SPEACHES,
  STREAM,
  streamOf,
  VLLM,
  VOXTRAL,
  WHISPER_CPP,
} from './answers';
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
/** As whisper.cpp tells them. */
const SURE_WORDS = WORDS.map((word) => ({ ...word, probability: 0.9 }));

describe('parseResponse', () => {
  it('reads Groq’s and OpenAI’s answer whole', () => {
    for (const answer of [GROQ, OPENAI]) {
      assert.deepStrictEqual(parse(answer), {
        text: TEXT,
        language: 'en',
        durationS: 4.5,
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
      durationS: 4.5,
      segments: [
        { ...MORNING, averageLogProbability, noSpeechProbability },
        { ...START, averageLogProbability, noSpeechProbability },
      ],
      words: SURE_WORDS,
    });
  });

  it('reads vLLM: words null, a null among the figures, the duration a string', () => {
    const { averageLogProbability, compressionRatio } = QUALITY;
    const { segments, words, durationS } = parse(VLLM);
    assert.strictEqual(durationS, 4.5);
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

  it('reads Voxtral: times of segments, a language that is null', () => {
    assert.deepStrictEqual(parse(VOXTRAL), { text: TEXT, segments: [MORNING, START], words: [] });
    assert.deepStrictEqual(parse({ ...VOXTRAL, segments: [] }), { text: TEXT, segments: [], words: [] });
  });

  it('reads gpt-transcribe: the first of the languages, of which there may be none', () => {
    assert.deepStrictEqual(parse(GPT_TRANSCRIBE), { text: TEXT, language: 'en', segments: [], words: [] });
    assert.deepStrictEqual(parse({ ...GPT_TRANSCRIBE, languages: ['German', 'en'] }).language, 'de');
    for (const languages of [[], null, [null], [''], 'en']) {
      assert.notProperty(parse({ ...GPT_TRANSCRIBE, languages }), 'language');
    }
  });

  it('reads the embedded engine: where somebody spoke and no words were found', () => {
    const unheard = [
      { start: 1, end: 3.5 },
      { start: '4', end: '6.5' },
    ];
    assert.deepStrictEqual(parse({ ...GROQ, unheard }).unheard, [
      { startS: 1, endS: 3.5 },
      { startS: 4, endS: 6.5 },
    ]);
    assert.deepStrictEqual(parse({ text: '', unheard: [{ start: 0, end: 2 }] }), {
      text: '',
      segments: [],
      words: [],
      unheard: [{ startS: 0, endS: 2 }],
    });
  });

  it('leaves out a stretch without words that is none', () => {
    const none = [null, 7, 'x', [], {}, { start: 1 }, { end: 1 }, { start: 'x', end: 2 }, { start: 2, end: 2 }];
    const wrong = [...none, { start: 3, end: 2 }, { start: -1, end: 2 }, { start: 0, end: null }];
    assert.deepStrictEqual(parse({ ...GROQ, unheard: [...wrong, { start: 1, end: 2 }] }).unheard, [
      { startS: 1, endS: 2 },
    ]);
    for (const unheard of [wrong, [], null, 'x', {}, 7]) assert.notProperty(parse({ ...GROQ, unheard }), 'unheard');
  });

  it('reads gpt-4o-transcribe: the mean of its tokens’ log-probabilities', () => {
    assert.deepStrictEqual(parse(GPT_4O), { text: TEXT, averageLogProbability: -0.25, segments: [], words: [] });
    for (const logprobs of [[], null, [null, {}, { logprob: 'x' }]]) {
      assert.notProperty(parse({ ...GPT_4O, logprobs }), 'averageLogProbability');
    }
  });

  it('tells no mean that is no figure, however large its parts are', () => {
    const logprobs = [{ logprob: -1.5e308 }, { logprob: -1.5e308 }];
    assert.isTrue(Number.isFinite(parse({ text: 'x', logprobs }).averageLogProbability));
  });

  it('reads gpt-4o-transcribe-diarize: segments with names in place of numbers', () => {
    assert.deepStrictEqual(parse(DIARIZED), { text: TEXT, durationS: 4.5, segments: [MORNING, START], words: [] });
  });

  for (const [eol, name] of [
    ['\n', 'line feeds'],
    ['\r\n', 'both marks'],
  ] as const) {
    it(`reads the last event of a stream that nobody asked for, its lines ended by ${name}`, () => {
      const expected = { text: TEXT, segments: [], words: [] };
      assert.deepStrictEqual(parseResponse(streamOf(STREAM, eol), 'host', 'json'), expected);
      const named = `event: transcript.text.done${eol}${streamOf(STREAM.slice(-1), eol)}data: [DONE]${eol}${eol}`;
      assert.deepStrictEqual(parseResponse(named, 'host', 'json'), expected);
    });
  }

  it('takes the whole text of a stream that gave it segment by segment before', () => {
    const body = streamOf([...DIARIZED.segments, ...STREAM]);
    assert.strictEqual(parseResponse(body, 'host', 'json').text, TEXT);
  });

  it('takes a stream’s log-probabilities from its last event, too', () => {
    const { averageLogProbability } = parseResponse(streamOf([...STREAM.slice(0, 2), GPT_4O]), 'host', 'json');
    assert.strictEqual(averageLogProbability, -0.25);
  });

  it('calls a stream that broke off before its last event unreadable: part of a text is none', () => {
    for (const body of [streamOf(STREAM.slice(0, 2)), streamOf(STREAM).slice(0, -20), 'data: [DONE]\n\n', 'data:']) {
      const { code } = problemThrownBy(() => parseResponse(body, 'host', 'json'));
      assert.strictEqual(code, 'responseUnreadable', body);
    }
  });

  it('reads plain text where that was asked for, whatever it looks like', () => {
    const texts = [
      TEXT,
      ` ${TEXT}\n`,
      '42',
      '"quoted"',
      'null',
      'true',
      '[Music]',
      '[]',
      '{"half',
      '<3',
      'a < b > c',
      '',
    ];
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
      ['', ''],
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

  it('survives any text in place of an answer', () => {
    const words = fc.constantFrom(
      'data:',
      'event:',
      '{',
      '}',
      '"text"',
      ':',
      '"x"',
      '<html>',
      '\n',
      '[',
      ']',
      ',',
      'null',
      '1',
    );
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.array(words).map((parts) => parts.join('')),
    );
    const format = fc.constantFrom<AnswerFormat>('words', 'segments', 'json', 'text');
    fc.assert(
      fc.property(body, format, (text, asked) => {
        try {
          assertSound(parseResponse(text, 'host', asked));
        } catch (error) {
          assert.include(['responseUnreadable', 'proxyAnswered'], problemOf(error)?.code, String(error));
        }
        assert.isString(parseErrorBody(text).message);
        for (const name of parseModels(text)) assert.notStrictEqual(name.trim(), '');
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('survives 10,000 damaged answers: a readable response with sound times, or responseUnreadable', () => {
    const random = seededRandom();
    const answers = [GROQ, WHISPER_CPP, VLLM, LOCAL_AI, VOXTRAL, GPT_TRANSCRIBE, GPT_4O, DIARIZED];
    const formats: readonly AnswerFormat[] = ['words', 'segments', 'json'];
    let readable = 0;
    for (let n = 0; n < 10_000; n++) {
      const body = mutate(JSON.stringify(answers[n % answers.length]), random);
      try {
        assertSound(parseResponse(body, 'host', formats[n % formats.length]));
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
  const bodies: readonly (readonly [
    why: string,
    body: string,
    expected: { message: string; code?: string; isMarkup?: boolean },
  ])[] = [
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
      { message: '502 Bad Gateway', isMarkup: true },
    ],
    ['takes a firewall’s plain text as it is', 'error code: 1010', { message: 'error code: 1010' }],
    ['leaves out a code that is no word', '{"error":{"message":"no","code":400}}', { message: 'no' }],
    [
      'reads FastAPI’s list of what is wrong with which field',
      '{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"},{"loc":["body","file"],"msg":"Field required"}]}',
      { message: 'body.model: Field required' },
    ],
    [
      'reads vLLM’s, whose code is a number',
      '{"object":"error","message":"no such model","type":"NotFoundError","param":null,"code":404}',
      { message: 'no such model' },
    ],
    ['reads a code beside the message', '{"message":"no","code":"busy"}', { message: 'no', code: 'busy' }],
    ['takes a text with a sign in it for no page', 'a < b', { message: 'a < b' }],
    ['knows a page without a head', '\n<h1>Sorry</h1>', { message: 'Sorry', isMarkup: true }],
    ['shows a shape it does not know', '{"detail":[{"loc":["body"]}]}', { message: '{"detail":[{"loc":["body"]}]}' }],
    ['says nothing where nothing was said', '', { message: '' }],
  ];
  for (const [why, body, expected] of bodies) {
    it(why, () => {
      const told = parseErrorBody(body);
      assert.deepStrictEqual(told, { isMarkup: false, whole: told.whole, ...expected });
    });
  }

  it('keeps the whole message beside the shortened one', () => {
    const message = `${'Rate limit reached. '.repeat(20)}Please try again in 9m6s.`;
    assert.strictEqual(parseErrorBody(JSON.stringify({ error: { message } })).whole, message);
  });

  it('shortens a long message and puts it on one line', () => {
    const { message } = parseErrorBody(JSON.stringify({ error: { message: 'word\n\n'.repeat(100) } }));
    assert.lengthOf(message, 200);
    assert.match(message, /^word word .*…$/);
  });
});

describe('parseModels', () => {
  const lists: readonly (readonly [why: string, body: unknown, expected: readonly string[]])[] = [
    [
      'reads OpenAI’s and Groq’s list, those for speech first',
      {
        object: 'list',
        data: [{ id: 'llama-4' }, { id: 'whisper-large-v3' }, { id: 'gpt-5' }, { id: 'gpt-4o-transcribe' }],
      },
      ['whisper-large-v3', 'gpt-4o-transcribe', 'llama-4', 'gpt-5'],
    ],
    ['reads a list of names', ['small', 'whisper-1'], ['whisper-1', 'small']],
    ['reads a list below another name', { models: [{ name: 'Voxtral-Mini' }, 'base'] }, ['Voxtral-Mini', 'base']],
    ['leaves out what has no name', { data: [null, {}, { id: 7 }, { id: ' ' }, { id: 'asr' }] }, ['asr']],
    ['is empty where nothing is listed', { data: [] }, []],
    ['is empty for what is no list', { error: 'no' }, []],
    ['is empty for a number', 7, []],
  ];
  for (const [why, body, expected] of lists) {
    it(why, () => {
      assert.deepStrictEqual(parseModels(JSON.stringify(body)), expected);
    });
  }

  it('is empty for what is no JSON', () => {
    for (const body of ['', '<html></html>', '404 page not found']) assert.isEmpty(parseModels(body));
  });
});

function parse(answer: unknown): ParsedResponse {
  return parseResponse(JSON.stringify(answer), 'host');
}

function assertSound({ text, language, durationS = 0, averageLogProbability = 0, ...rest }: ParsedResponse): void {
  assert.isString(text);
  if (language !== undefined) assert.isString(language);
  assert.isTrue(Number.isFinite(durationS) && durationS >= 0);
  assert.isTrue(Number.isFinite(averageLogProbability));
  for (const { startS, endS, text: part, ...figures } of [...rest.segments, ...rest.words]) {
    assert.isTrue(typeof part === 'string' && part !== '');
    assert.isTrue(Number.isFinite(startS) && Number.isFinite(endS) && startS >= 0 && endS >= startS);
    for (const figure of Object.values(figures)) assert.isTrue(Number.isFinite(figure));
  }
}
