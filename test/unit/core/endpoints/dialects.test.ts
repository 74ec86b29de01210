import { assert } from 'chai';
import { dialect, dialectOf, type AnswerFormat, type DialectId } from '../../../../src/core/endpoints/dialects';
import type { Provider } from '../../../../src/core/endpoints/endpoint';
import { valuesOf } from './requests';
import { fieldsOf, IDS, SAID } from './dialectFields';

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
    ['other', 'voxtral-mini-transcribe-3', 'voxtral'],
    ['other', 'voxtral-small-transcribe-3-0', 'voxtral'],
    ['other', 'voxtral-mini-transcribe-latest', 'voxtral'],
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
      whisperCppOpenAi: ['words', 'json', 'text'],
      voxtral: ['segments', 'json'],
      embedded: ['words', 'segments', 'json', 'text'],
    };
    for (const id of IDS) assert.deepInclude(dialect(id), { id, formats: formats[id] });
  });

  it('has an address for each task; whisper.cpp has one for both', () => {
    for (const id of IDS) {
      const { path } = dialect(id);
      const transcriptions = id === 'whisperCpp' ? '/inference' : '/audio/transcriptions';
      assert.strictEqual(path('transcribe'), transcriptions, id);
      assert.strictEqual(path('translate'), id.startsWith('whisperCpp') ? transcriptions : '/audio/translations', id);
    }
  });

  it('names the field of an address that the server fetches itself, where it can', () => {
    assert.deepStrictEqual(
      IDS.map((id) => dialect(id).urlField),
      ['url', undefined, undefined, undefined, 'file_url', undefined],
    );
  });

  it('knows who does one request at a time: whisper.cpp, and the embedded engine', () => {
    assert.deepStrictEqual(
      IDS.filter((id) => dialect(id).isSerial),
      ['whisperCpp', 'whisperCppOpenAi', 'embedded'],
    );
  });

  it('sends compressed files as they are to all but the one that reads WAV', () => {
    assert.deepEqual(
      IDS.filter((id) => !dialect(id).takesFiles),
      ['embedded'],
    );
  });

  it('sends pieces as FLAC, and as WAV where that is refused; the embedded engine gets WAV', () => {
    for (const id of IDS) {
      assert.deepStrictEqual(dialect(id).uploads, id === 'embedded' ? ['wav'] : ['flac', 'wav'], id);
    }
  });
});

it('nobody but the embedded engine hears of urgency', () => {
  for (const id of IDS.filter((other) => other !== 'embedded')) {
    assert.deepStrictEqual(fieldsOf(id, 'm', 'json', { isUrgent: true }), fieldsOf(id, 'm', 'json'));
  }
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
    for (const [id, format] of cases.filter(([other]) => !other.startsWith('whisperCpp') && other !== 'embedded')) {
      const fields = fieldsOf(id, 'gpt-transcribe', format, { ...SAID, task: 'translate' });
      assert.isEmpty([...valuesOf(fields, 'language'), ...valuesOf(fields, 'languages[]')], id);
    }
  });
});
