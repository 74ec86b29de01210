import { assert } from 'chai';
import { parseResponse } from '../../../../src/core/endpoints/parseResponse';
import { problemThrownBy } from '../expectations';
import {
  DIARIZED,
  GPT_4O,
  GPT_TRANSCRIBE,
  GROQ,
  LOCAL_AI,
  OPENAI,
  SPEACHES,
  STREAM,
  streamOf,
  VLLM,
  VOXTRAL,
  WHISPER_CPP,
} from './answers';
import { MORNING, parse, QUALITY, START, SURE_WORDS, TEXT, WORDS } from './parsedAnswers';

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
});
