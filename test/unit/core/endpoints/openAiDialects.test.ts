import { assert } from 'chai';
import fc from 'fast-check';
import { dialect, type AnswerFormat, type FormField } from '../../../../src/core/endpoints/dialects';
import { SEED } from '../random';
import { valuesOf } from './requests';
import { anyTerms, fieldsOf, SAID } from './dialectFields';

describe('the dialect of Groq and whisper-1', () => {
  it('asks for segments and words with their times', () => {
    assert.deepStrictEqual(fieldsOf('openai', 'whisper-1', 'words'), [
      ['model', 'whisper-1'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
    ]);
  });

  it('names no temperature of 0: faster-whisper would try no other one where a text is a loop', () => {
    for (const id of ['openai', 'embedded'] as const) {
      for (const temperature of [{}, { temperature: 0 }]) {
        assert.isEmpty(valuesOf(fieldsOf(id, 'm', 'words', temperature), 'temperature'), id);
      }
      assert.deepStrictEqual(valuesOf(fieldsOf(id, 'm', 'words', { temperature: 0.4 }), 'temperature'), ['0.4'], id);
    }
  });

  const poorer: readonly (readonly [AnswerFormat, FormField[]])[] = [
    [
      'segments',
      [
        ['response_format', 'verbose_json'],
        ['timestamp_granularities[]', 'segment'],
      ],
    ],
    ['json', [['response_format', 'json']]],
    ['text', [['response_format', 'text']]],
  ];
  for (const [format, expected] of poorer) {
    it(`asks for ${format} in the words of the API`, () => {
      assert.deepStrictEqual(fieldsOf('openai', 'm', format), [['model', 'm'], ...expected]);
    });
  }

  it('says everything that a request has', () => {
    assert.deepStrictEqual(fieldsOf('openai', 'm', 'json', SAID), [
      ['model', 'm'],
      ['response_format', 'json'],
      ['temperature', '0.2'],
      ['language', 'de'],
      ['prompt', 'npm, Kubernetes.'],
    ]);
  });

  it('names no language for a translation, whose only one is English', () => {
    assert.deepStrictEqual(fieldsOf('openai', 'm', 'json', { ...SAID, task: 'translate' }), [
      ['model', 'm'],
      ['response_format', 'json'],
      ['temperature', '0.2'],
      ['prompt', 'npm, Kubernetes.'],
    ]);
  });

  it('does not ask speaches for Whisper’s own times, behind the last of which it loses words', () => {
    for (const format of dialect('openai').formats) {
      assert.notInclude(
        fieldsOf('openai', 'm', format, SAID).map(([name]) => name),
        'without_timestamps',
      );
    }
  });

  it('sends no field without a value', () => {
    const fields = fieldsOf('openai', 'm', 'json', { language: '', prompt: { text: '', terms: [] } });
    assert.deepStrictEqual(
      fields.map(([name]) => name),
      ['model', 'response_format'],
    );
  });
});

describe('the dialect of OpenAI’s newer models', () => {
  it('gives gpt-transcribe terms and languages one by one', () => {
    assert.deepStrictEqual(fieldsOf('openaiUntimed', 'gpt-transcribe', 'json', SAID), [
      ['model', 'gpt-transcribe'],
      ['response_format', 'json'],
      ['temperature', '0.2'],
      ['languages[]', 'de'],
      ['keywords[]', 'npm'],
      ['keywords[]', 'Kubernetes'],
    ]);
  });

  for (const model of ['gpt-4o-transcribe', 'gpt-4o-mini-transcribe-2025-12-15']) {
    it(`gives ${model} a prompt, and asks how sure it is`, () => {
      assert.deepStrictEqual(fieldsOf('openaiUntimed', model, 'json', SAID), [
        ['model', model],
        ['response_format', 'json'],
        ['temperature', '0.2'],
        ['language', 'de'],
        ['prompt', 'npm, Kubernetes.'],
        ['include[]', 'logprobs'],
      ]);
    });
  }

  it('gives the one that tells speakers apart neither, but leaves the cutting to it', () => {
    assert.deepStrictEqual(fieldsOf('openaiUntimed', 'gpt-4o-transcribe-diarize', 'json', SAID), [
      ['model', 'gpt-4o-transcribe-diarize'],
      ['response_format', 'json'],
      ['temperature', '0.2'],
      ['language', 'de'],
      ['chunking_strategy', 'auto'],
    ]);
  });

  it('leaves temperature 0 to the model', () => {
    for (const temperature of [{}, { temperature: 0 }]) {
      assert.deepStrictEqual(fieldsOf('openaiUntimed', 'gpt-transcribe', 'json', temperature), [
        ['model', 'gpt-transcribe'],
        ['response_format', 'json'],
      ]);
    }
  });

  it('gives gpt-transcribe a text of the user’s own, which has no terms, as what it is', () => {
    const prompt = { text: 'A talk about birds.', terms: [] };
    const fields = fieldsOf('openaiUntimed', 'gpt-transcribe', 'json', { prompt });
    assert.deepStrictEqual(valuesOf(fields, 'prompt'), ['A talk about birds.']);
    assert.isEmpty(valuesOf(fields, 'keywords[]'));
  });

  it('takes out of keywords what would refuse the whole request', () => {
    const prompt = { text: '…', terms: ['<T>', 'Vec<u8>', 'two\r\nlines', ' a\u2028b ', '<>'] };
    const fields = fieldsOf('openaiUntimed', 'gpt-transcribe', 'json', { prompt });
    assert.deepStrictEqual(valuesOf(fields, 'keywords[]'), ['T', 'Vec u8', 'two lines', 'a b']);
  });

  it('sends no keyword with an angle bracket, a line break or nothing in it, whatever the terms are', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const fields = fieldsOf('openaiUntimed', 'gpt-transcribe', 'json', { prompt: { text: 'x', terms } });
        for (const keyword of valuesOf(fields, 'keywords[]')) assert.match(keyword, /^[^<>\r\n\u2028\u2029]+$/);
      }),
      { seed: SEED },
    );
  });
});
