import { assert } from 'chai';
import fc from 'fast-check';
import { dialect, type FormField } from '../../../../src/core/endpoints/dialects';
import { SEED } from '../random';
import { promptOf, valuesOf } from './requests';
import { anyTerms, fieldsOf, SAID } from './dialectFields';

describe('the dialect of the embedded engine', () => {
  it('says everything that a request has, as OpenAI’s does', () => {
    const formats = dialect('embedded').formats;
    for (const format of formats) {
      assert.deepStrictEqual(fieldsOf('embedded', 'm', format, SAID), fieldsOf('openai', 'm', format, SAID));
    }
    assert.deepStrictEqual(formats, dialect('openai').formats);
  });

  it('lets a dictation go first, then a recording that grows', () => {
    const file = fieldsOf('embedded', 'm', 'json', SAID);
    const said = (wishes: object): FormField[] => fieldsOf('embedded', 'm', 'json', { ...SAID, ...wishes });
    assert.deepStrictEqual(said({ isUrgent: true }), [...file, ['priority', 'dictation']]);
    assert.deepStrictEqual(said({ isLive: true }), [...file, ['priority', 'live']]);
    assert.deepStrictEqual(said({ isUrgent: false, isLive: false }), file);
  });

  it('names the language that a translation is from, but not English', () => {
    const languages = (language: string): readonly string[] =>
      valuesOf(fieldsOf('embedded', 'm', 'json', { task: 'translate', language }), 'language');
    assert.deepStrictEqual([languages('de'), languages('en')], [['de'], []]);
  });
});

describe('the dialect of whisper.cpp’s server', () => {
  it('names no model, and asks it to find out the language, which would be English else', () => {
    assert.deepStrictEqual(fieldsOf('whisperCpp', 'm', 'words'), [
      ['response_format', 'verbose_json'],
      ['temperature', '0'],
      ['language', 'auto'],
      ['max_len', '10000'],
      ['no_language_probabilities', 'true'],
    ]);
  });

  it('says everything that a request has, for a translation also the language spoken', () => {
    assert.deepStrictEqual(fieldsOf('whisperCpp', 'm', 'json', { ...SAID, task: 'translate' }), [
      ['response_format', 'json'],
      ['temperature', '0.2'],
      ['language', 'de'],
      ['translate', 'true'],
      ['prompt', 'npm, Kubernetes.'],
      ['max_len', '10000'],
      ['no_language_probabilities', 'true'],
    ]);
    assert.deepStrictEqual(fieldsOf('whisperCpp', 'm', 'text')[0], ['response_format', 'text']);
  });
});

describe('the dialect of Mistral’s Voxtral', () => {
  it('asks for times by granularity, and for no format', () => {
    assert.deepStrictEqual(fieldsOf('voxtral', 'voxtral-mini-latest', 'segments'), [
      ['model', 'voxtral-mini-latest'],
      ['timestamp_granularities[]', 'segment'],
    ]);
    assert.deepStrictEqual(fieldsOf('voxtral', 'voxtral-mini-latest', 'json'), [['model', 'voxtral-mini-latest']]);
  });

  it('says everything that a request has, terms one by one', () => {
    assert.deepStrictEqual(fieldsOf('voxtral', 'm', 'json', { ...SAID, prompt: promptOf('Ada Lovelace', 'npm') }), [
      ['model', 'm'],
      ['temperature', '0.2'],
      ['language', 'de'],
      ['context_bias[]', 'Ada_Lovelace'],
      ['context_bias[]', 'npm'],
    ]);
    assert.deepStrictEqual(fieldsOf('voxtral', 'm', 'json', { temperature: 0 }), [['model', 'm']]);
  });

  it('sends version 3 phrases as they are, but for commas and line breaks', () => {
    const prompt = promptOf('Ada Lovelace', 'npm', ' Ada,  Countess\nof Lovelace ', ' , ');
    for (const model of [
      'voxtral-mini-transcribe-3',
      'voxtral-mini-transcribe-3-0',
      'voxtral-small-transcribe-3-0',
      'voxtral-small-transcribe-latest',
    ]) {
      const sent = valuesOf(fieldsOf('voxtral', model, 'json', { prompt }), 'context_bias[]');
      assert.deepStrictEqual(sent, ['Ada Lovelace', 'npm', 'Ada Countess of Lovelace'], model);
    }
    for (const model of [
      'voxtral-mini-latest',
      'voxtral-mini-2602',
      'voxtral-mini-transcribe-2507',
      'voxtral-mini-transcribe-25-07',
    ]) {
      const sent = valuesOf(fieldsOf('voxtral', model, 'json', { prompt }), 'context_bias[]');
      assert.deepStrictEqual(sent.slice(0, 3), ['Ada_Lovelace', 'npm', 'Ada_Countess_of_Lovelace'], model);
    }
  });

  it('keeps the last hundred terms, the most important', () => {
    const terms = Array.from({ length: 120 }, (_, i) => `term${i}`);
    const sent = valuesOf(fieldsOf('voxtral', 'm', 'json', { prompt: promptOf(...terms) }), 'context_bias[]');
    assert.deepStrictEqual(sent, terms.slice(20));
  });

  it('sends a hundred at most, none with a blank or a comma, whatever the terms are', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const sent = valuesOf(fieldsOf('voxtral', 'm', 'json', { prompt: { text: 'x', terms } }), 'context_bias[]');
        assert.isAtMost(sent.length, 100);
        for (const term of sent) assert.match(term, /^[^\s,]+$/);
      }),
      { seed: SEED },
    );
  });
});
