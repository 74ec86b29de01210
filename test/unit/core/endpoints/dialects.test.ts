import { assert } from 'chai';
import fc from 'fast-check';
import type { TranscriptionRequest } from '../../../../src/core/model';
import {
  dialect,
  dialectOf,
  type AnswerFormat,
  type DialectId,
  type FormField,
} from '../../../../src/core/endpoints/dialects';
import type { Provider } from '../../../../src/core/endpoints/endpoint';
import { SEED } from '../random';
import { promptOf, request, valuesOf } from './requests';

const IDS: readonly DialectId[] = ['openai', 'openaiUntimed', 'whisperCpp', 'voxtral', 'embedded'];
const SAID: Partial<TranscriptionRequest> = { language: 'de', temperature: 0.2, prompt: promptOf('npm', 'Kubernetes') };
/** Terms as nobody should have them, and as they come out of files all the same. */
const anyTerms = fc.array(
  fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('<', '>', ',', '\n', '\r', '\u2028', '\t', ' ', 'é', 'a') })),
  { maxLength: 150 },
);

function fieldsOf(
  id: DialectId,
  model: string,
  format: AnswerFormat,
  rest: Partial<TranscriptionRequest> = {},
): FormField[] {
  return dialect(id).fields(request(rest), model, format);
}

describe('dialectOf', () => {
  const expected: readonly (readonly [Provider, model: string, DialectId])[] = [
    ['groq', 'whisper-large-v3-turbo', 'openai'],
    ['groq', 'whisper-large-v3', 'openai'],
    ['openai', 'whisper-1', 'openai'],
    ['openai', 'gpt-transcribe', 'openaiUntimed'],
    ['openai', 'gpt-transcribe-2026-08-01', 'openaiUntimed'],
    ['openai', 'gpt-4o-transcribe', 'openaiUntimed'],
    ['openai', 'gpt-4o-mini-transcribe', 'openaiUntimed'],
    ['openai', 'gpt-4o-mini-transcribe-2025-12-15', 'openaiUntimed'],
    ['openai', 'gpt-4o-transcribe-diarize', 'openaiUntimed'],
    // Behind another address it is the same model.
    ['other', 'gpt-4o-transcribe', 'openaiUntimed'],
    ['other', 'gpt-transcriber', 'openai'],
    ['other', 'my-gpt-transcribe', 'openai'],
    ['mistral', 'voxtral-mini-latest', 'voxtral'],
    ['mistral', 'whatever-comes-next', 'voxtral'],
    ['other', 'voxtral-mini-2507', 'voxtral'],
    ['other', 'voxtral-mini-transcribe-2602', 'voxtral'],
    ['other', 'mistralai/Voxtral-Mini-3B-2507', 'openai'],
    ['other', 'Systran/faster-whisper-small', 'openai'],
    ['other', 'openai/whisper-large-v3', 'openai'],
    ['other', '', 'openai'],
    ['whisperCpp', 'whisper-large-v3', 'whisperCpp'],
    ['whisperCpp', 'gpt-transcribe', 'whisperCpp'],
    ['embedded', 'openai/whisper-base', 'embedded'],
    ['embedded', 'voxtral-mini-latest', 'embedded'],
  ];
  for (const [provider, model, id] of expected) {
    it(`speaks ${id} to ${model === '' ? 'a model without a name' : model} (${provider})`, () => {
      assert.strictEqual(dialectOf(provider, model), id);
    });
  }
});

describe('dialect', () => {
  it('is found by its own name, with formats from the richest to the poorest', () => {
    const formats: Readonly<Record<DialectId, readonly AnswerFormat[]>> = {
      openai: ['words', 'segments', 'json', 'text'],
      openaiUntimed: ['json'],
      whisperCpp: ['words', 'json', 'text'],
      voxtral: ['segments', 'json'],
      embedded: ['words', 'segments', 'json', 'text'],
    };
    for (const id of IDS) assert.deepInclude(dialect(id), { id, formats: formats[id] });
  });

  it('has an address for each task; whisper.cpp has one for both', () => {
    for (const id of IDS) {
      const { path } = dialect(id);
      const isOne = id === 'whisperCpp';
      assert.strictEqual(path('transcribe'), isOne ? '/inference' : '/audio/transcriptions', id);
      assert.strictEqual(path('translate'), isOne ? '/inference' : '/audio/translations', id);
    }
  });

  it('names the field of an address that the server fetches itself, where it can', () => {
    assert.deepStrictEqual(
      IDS.map((id) => dialect(id).urlField),
      ['url', undefined, undefined, 'file_url', undefined],
    );
  });

  it('knows who does one request at a time: whisper.cpp, and the embedded engine', () => {
    assert.deepStrictEqual(
      IDS.filter((id) => dialect(id).isSerial),
      ['whisperCpp', 'embedded'],
    );
  });

  it('sends compressed files as they are to all but those that read WAV', () => {
    assert.deepEqual(
      IDS.filter((id) => !dialect(id).takesFiles),
      ['whisperCpp', 'embedded'],
    );
  });
});

describe('the dialect of Groq, whisper-1 and most servers at home', () => {
  it('asks for segments and words with their times, at temperature 0', () => {
    assert.deepStrictEqual(fieldsOf('openai', 'whisper-1', 'words'), [
      ['model', 'whisper-1'],
      ['response_format', 'verbose_json'],
      ['timestamp_granularities[]', 'segment'],
      ['timestamp_granularities[]', 'word'],
      ['temperature', '0'],
    ]);
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
      assert.deepStrictEqual(fieldsOf('openai', 'm', format), [['model', 'm'], ...expected, ['temperature', '0']]);
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

  it('sends no field without a value', () => {
    const fields = fieldsOf('openai', 'm', 'json', { language: '', prompt: { text: '', terms: [] } });
    assert.deepStrictEqual(
      fields.map(([name]) => name),
      ['model', 'response_format', 'temperature'],
    );
  });
});

describe('the dialect of the embedded engine', () => {
  it('says everything that a request has, as OpenAI’s does', () => {
    const formats = dialect('embedded').formats;
    for (const format of formats) {
      assert.deepStrictEqual(fieldsOf('embedded', 'm', format, SAID), fieldsOf('openai', 'm', format, SAID));
    }
    assert.deepStrictEqual(formats, dialect('openai').formats);
  });

  it('lets a dictation go first', () => {
    const said = (isUrgent: boolean): FormField[] => fieldsOf('embedded', 'm', 'json', { ...SAID, isUrgent });
    assert.deepStrictEqual(said(true), [...said(false), ['priority', 'high']]);
    assert.deepStrictEqual(said(false), fieldsOf('embedded', 'm', 'json', SAID));
  });

  it('names the language that a translation is from, but not English', () => {
    const languages = (language: string): readonly string[] =>
      valuesOf(fieldsOf('embedded', 'm', 'json', { task: 'translate', language }), 'language');
    assert.deepStrictEqual([languages('de'), languages('en')], [['de'], []]);
  });
});

it('nobody but the embedded engine hears of urgency', () => {
  for (const id of IDS.filter((other) => other !== 'embedded')) {
    assert.deepStrictEqual(fieldsOf(id, 'm', 'json', { isUrgent: true }), fieldsOf(id, 'm', 'json'));
  }
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

describe('the dialect of whisper.cpp’s server', () => {
  it('names no model, and asks it to find out the language, which would be English else', () => {
    assert.deepStrictEqual(fieldsOf('whisperCpp', 'm', 'words'), [
      ['response_format', 'verbose_json'],
      ['temperature', '0'],
      ['language', 'auto'],
    ]);
  });

  it('says everything that a request has, for a translation also the language spoken', () => {
    assert.deepStrictEqual(fieldsOf('whisperCpp', 'm', 'json', { ...SAID, task: 'translate' }), [
      ['response_format', 'json'],
      ['temperature', '0.2'],
      ['language', 'de'],
      ['translate', 'true'],
      ['prompt', 'npm, Kubernetes.'],
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

describe('every dialect', () => {
  const cases = IDS.flatMap((id) => dialect(id).formats.map((format) => [id, format] as const));
  for (const [id, format] of cases) {
    it(`sends text, and no field twice but lists: ${id}, ${format}`, () => {
      for (const model of ['m', 'gpt-transcribe', 'gpt-4o-transcribe', 'gpt-4o-transcribe-diarize']) {
        const fields = fieldsOf(id, model, format, SAID);
        for (const [, value] of fields) assert.isTrue(value !== '' && value !== 'undefined');
        const single = fields.map(([name]) => name).filter((name) => !name.endsWith('[]'));
        assert.lengthOf(new Set(single), single.length);
      }
    });
  }

  it('names no language for a translation, but where it means the one spoken', () => {
    for (const [id, format] of cases.filter(([other]) => other !== 'whisperCpp' && other !== 'embedded')) {
      const fields = fieldsOf(id, 'gpt-transcribe', format, { ...SAID, task: 'translate' });
      assert.isEmpty([...valuesOf(fields, 'language'), ...valuesOf(fields, 'languages[]')], id);
    }
  });
});
