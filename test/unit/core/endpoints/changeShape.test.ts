import { assert } from 'chai';
import fc from 'fast-check';
import { defined } from '../../../../src/core/async/defined';
import { changeRequest, changeShape, type Refusal } from '../../../../src/core/endpoints/changeShape';
import { dialect, type DialectId } from '../../../../src/core/endpoints/dialects';
import { requestFields, type RequestShape } from '../../../../src/core/endpoints/requestShape';
import { SEED } from '../random';
import { promptOf, request } from './requests';

const RICHEST: RequestShape = { dialect: 'openai', format: 'words', prompt: 'whole', upload: 'flac' };
const IDS: readonly DialectId[] = ['openai', 'openaiUntimed', 'whisperCpp', 'whisperCppOpenAi', 'voxtral'];

function refusal(message: string, code?: string, status = 400): Refusal {
  return defined({ status, message, code });
}

/** What servers said that knew a format or a granularity less. */
const FORMAT_REFUSALS: readonly Refusal[] = [
  refusal(
    "response_format 'verbose_json' is not compatible with model 'gpt-4o-transcribe'. Use 'json' or 'text' instead.",
    'unsupported_value',
  ),
  refusal('Unsupported value: timestamp_granularities', 'unsupported_value'),
  refusal('Currently do not support verbose_json for this model'),
  refusal('body.response_format: Input should be text or json', undefined, 422),
  refusal('Unrecognized request argument supplied: timestamp_granularities[]', 'unknown_parameter'),
  refusal('Word-level timestamps are not supported by this model.'),
  refusal('This model does not support word timestamps'),
  refusal('invalid value', 'invalid_response_format'),
];

/** What servers said that disliked the prompt. */
const PROMPT_REFUSALS: readonly Refusal[] = [
  refusal('The prompt is too long: 1,040 characters, 896 are allowed', 'invalid_prompt'),
  refusal('too long', 'invalid_prompt'),
  refusal('Prompt is not supported for this model', 'unsupported_value'),
  refusal('body.prompt: String should have at most 896 characters', undefined, 422),
];

/** What servers said that could not read the type of audio. */
const TYPE_REFUSALS: readonly Refusal[] = [
  refusal(
    'file must be one of the following types: [flac mp3 mp4 mpeg mpga m4a ogg opus wav webm]',
    'unsupported_audio_format',
  ),
  refusal('could not process file - is it a valid media file?', 'invalid_media_file'),
  refusal("Invalid file format. Supported formats: ['m4a', 'mp3', 'webm', 'mp4', 'mpga', 'wav', 'mpeg']"),
  refusal('failed to read audio data'),
  // whisper.cpp since March 2026: it gives no other reason.
  refusal('Invalid request'),
  refusal('Unsupported audio format: audio/flac', undefined, 415),
  refusal('Unsupported Media Type', undefined, 415),
  refusal('body.file: Only WAV is accepted', undefined, 422),
  refusal('prompt.wav is no audio', 'invalid_media_file'),
  // An old whisper.cpp, with a status of success.
  refusal('failed to read WAV file', undefined, 200),
  refusal('Failed to execute ffmpeg command.', undefined, 500),
  refusal('Error opening <_io.BytesIO object>: LibsndfileError: Format not recognised. soundfile', undefined, 500),
  refusal('file does not start with RIFF id', undefined, 500),
];

/** What servers said that disliked something else: the same again, however it is put, would fail again. */
const OTHER_REFUSALS: readonly Refusal[] = [
  refusal('Audio file is too short. Minimum audio length is 0.01 seconds.', 'audio_too_short'),
  refusal('language `xx` is not supported', 'unsupported_language'),
  refusal('The model `whisper-large-v3-turbo` does not support translations'),
  refusal('temperature must be between 0 and 1'),
  refusal('The keyword must not contain a line break'),
  refusal('promptness is no field'),
  refusal(''),
  // These name a word of ours, but their code says what it is about.
  refusal('The model `whisper-prompt` does not exist', 'model_not_found'),
  refusal('Language xx is unknown; the prompt should be in the language of the audio', 'unsupported_language'),
];

describe('changeShape', () => {
  for (const said of FORMAT_REFUSALS) {
    it(`asks for less: ${said.message.slice(0, 60)}`, () => {
      assert.deepStrictEqual(changeShape(RICHEST, said), { ...RICHEST, format: 'segments' });
      assert.deepStrictEqual(changeShape({ ...RICHEST, format: 'segments' }, said), { ...RICHEST, format: 'json' });
      assert.isUndefined(changeShape({ ...RICHEST, format: 'text' }, said));
    });
  }

  for (const said of PROMPT_REFUSALS) {
    it(`says less: ${said.message.slice(0, 60)}`, () => {
      assert.deepStrictEqual(changeShape(RICHEST, said), { ...RICHEST, prompt: 'half', upload: 'flac' });
      assert.deepStrictEqual(changeShape({ ...RICHEST, prompt: 'half', upload: 'flac' }, said), {
        ...RICHEST,
        prompt: 'none',
        upload: 'flac',
      });
      assert.isUndefined(changeShape({ ...RICHEST, prompt: 'none', upload: 'flac' }, said));
    });
  }

  for (const said of OTHER_REFUSALS) {
    it(`leaves it at that: ${said.message === '' ? 'nothing said' : said.message.slice(0, 60)}`, () => {
      assert.isUndefined(changeShape(RICHEST, said));
    });
  }

  for (const said of TYPE_REFUSALS) {
    it(`sends WAV, and FLAC no more: ${said.status}, ${said.message.slice(0, 60)}`, () => {
      for (const id of IDS) {
        const sent = { dialect: id, format: 'json', prompt: 'none', upload: 'flac' } as const;
        assert.deepStrictEqual(changeShape(sent, said), { ...sent, upload: 'wav' });
        assert.isUndefined(changeShape({ ...sent, upload: 'wav' }, said));
      }
      assert.isUndefined(changeShape({ ...RICHEST, dialect: 'embedded', upload: 'wav' }, said));
    });
  }

  it('says less where terms are refused that are sent one by one', () => {
    const shape = { dialect: 'voxtral', format: 'json', prompt: 'whole', upload: 'flac' } as const;
    for (const said of [
      refusal('body.context_bias.3: String should match pattern', undefined, 422),
      refusal('bad context_bias[]'),
    ]) {
      assert.deepStrictEqual(changeShape(shape, said), { ...shape, prompt: 'half', upload: 'flac' });
    }
  });

  it('asks whisper.cpp’s server at its own address, where it says that it knows no other', () => {
    const said = refusal('File Not Found (/v1/audio/transcriptions)', undefined, 404);
    const half = { ...RICHEST, format: 'json', prompt: 'half', upload: 'flac' } as const;
    const own = { dialect: 'whisperCpp', format: 'words', prompt: 'half', upload: 'flac' } as const;
    assert.deepStrictEqual(changeShape(half, said), own);
    for (const id of IDS.filter(
      (other) => other === 'openaiUntimed' || other === 'whisperCpp' || other === 'voxtral',
    )) {
      assert.isUndefined(changeShape({ dialect: id, format: 'json', prompt: 'whole', upload: 'flac' }, said), id);
    }
    for (const message of [
      'Not Found',
      'The model does not exist',
      'The file was not found (/v1)',
      '404 page not found',
    ]) {
      assert.isUndefined(changeShape(RICHEST, refusal(message, undefined, 404)), message);
    }
  });

  it('asks whisper.cpp’s server for a translation at OpenAI’s other address, then at its own', () => {
    const said = (path: string): Refusal => refusal(`File Not Found (/v1/audio/${path})`, undefined, 404);
    const next = { ...RICHEST, dialect: 'whisperCppOpenAi' } as const;
    assert.deepStrictEqual(changeShape({ ...RICHEST, format: 'segments' }, said('translations')), next);
    assert.deepStrictEqual(changeShape(next, said('transcriptions')), { ...RICHEST, dialect: 'whisperCpp' });
  });

  it('changes nothing after any other status, whatever it says', () => {
    for (const status of [200, 302, 401, 403, 404, 413, 424, 429, 500, 501, 503]) {
      for (const { message, code } of [...FORMAT_REFUSALS, ...PROMPT_REFUSALS]) {
        assert.isUndefined(changeShape(RICHEST, refusal(message, code, status)), `${status} ${message}`);
      }
    }
  });

  it('comes to an end from every shape, whatever is said', () => {
    const shape = fc.constantFrom(...IDS).chain((id) =>
      fc.record({
        dialect: fc.constant(id),
        format: fc.constantFrom(...dialect(id).formats),
        prompt: fc.constantFrom('whole' as const, 'half' as const, 'none' as const),
        upload: fc.constantFrom(...dialect(id).uploads),
      }),
    );
    const recorded = [...FORMAT_REFUSALS, ...PROMPT_REFUSALS, ...TYPE_REFUSALS, ...OTHER_REFUSALS];
    const words = fc.constantFrom(
      'prompt',
      'verbose_json',
      'response_format',
      'granularity',
      'File Not Found (',
      ' ',
      'x',
    );
    const said = fc.oneof(
      fc.constantFrom(...recorded),
      fc.record({
        status: fc.constantFrom(400, 404, 422, 500),
        message: fc.oneof(
          fc.string(),
          fc.array(words).map((parts) => parts.join(' ')),
        ),
        code: fc.oneof(fc.string(), words),
      }),
    );
    fc.assert(
      fc.property(shape, fc.array(said, { minLength: 30, maxLength: 30 }), (first, refusals) => {
        const seen = new Set<string>();
        let current: RequestShape = first;
        for (const one of refusals) {
          const next = changeShape(current, one);
          if (!next) continue;
          assert.include(dialect(next.dialect).formats, next.format);
          seen.add(JSON.stringify(current));
          assert.isFalse(seen.has(JSON.stringify(next)), 'no request is put twice in the same way');
          current = next;
        }
        assert.isAtMost(seen.size, 11);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});

describe('changeRequest', () => {
  const about = refusal('The prompt is too long', 'invalid_prompt');

  it('changes what the refusal is about', () => {
    const asked = request({ prompt: promptOf('npm', 'Kubernetes') });
    const half = { ...RICHEST, prompt: 'half', upload: 'flac' } as const;
    assert.deepStrictEqual(changeRequest(asked, 'm', RICHEST, about), half);
    assert.deepStrictEqual(changeRequest(asked, 'm', half, about), { ...RICHEST, prompt: 'none', upload: 'flac' });
    assert.deepStrictEqual(changeRequest(asked, 'm', RICHEST, refusal('no verbose_json')), {
      ...RICHEST,
      format: 'segments',
    });
  });

  it('does not send the same again without a prompt, or without more of it', () => {
    assert.isUndefined(changeRequest(request(), 'm', RICHEST, about));
    const short = request({ prompt: promptOf('npm') });
    assert.deepStrictEqual(changeRequest(short, 'm', RICHEST, about), { ...RICHEST, prompt: 'half', upload: 'flac' });
    assert.isUndefined(changeRequest(short, 'm', { ...RICHEST, prompt: 'half', upload: 'flac' }, about));
  });

  it('does not send it again to a model that takes no prompt', () => {
    const asked = request({ prompt: promptOf('npm', 'Kubernetes') });
    const shape = { dialect: 'openaiUntimed', format: 'json', prompt: 'whole', upload: 'flac' } as const;
    assert.isUndefined(changeRequest(asked, 'gpt-4o-transcribe-diarize', shape, about));
  });

  it('sends a piece in another type, but a file and an address as they are', () => {
    const said = refusal('Invalid file format.');
    assert.deepStrictEqual(changeRequest(request(), 'm', RICHEST, said), { ...RICHEST, upload: 'wav' });
    assert.isUndefined(changeRequest(request(), 'm', { ...RICHEST, upload: 'wav' }, said));
    const mediaType = { ending: 'flac', contentType: 'audio/flac' } as const;
    for (const audio of [
      { kind: 'file', path: '/a.flac', sizeBytes: 9, mediaType },
      { kind: 'url', url: 'https://example.org/a.flac' },
    ] as const) {
      assert.isUndefined(changeRequest(request({ audio }), 'm', RICHEST, said));
    }
  });

  it('goes to another address with the same fields', () => {
    const said = refusal('File Not Found (/v1/audio/transcriptions)', undefined, 404);
    assert.deepStrictEqual(changeRequest(request(), 'm', RICHEST, said), { ...RICHEST, dialect: 'whisperCpp' });
  });

  it('never gives the fields that were refused', () => {
    const terms = fc.array(fc.constantFrom('npm', '<>', 'Ada Lovelace'), { maxLength: 4 });
    const models = fc.constantFrom('m', 'gpt-transcribe', 'gpt-4o-transcribe', 'gpt-4o-transcribe-diarize');
    const said = fc.constantFrom(...FORMAT_REFUSALS, ...PROMPT_REFUSALS);
    fc.assert(
      fc.property(fc.constantFrom(...IDS), terms, models, fc.array(said), (id, some, model, refusals) => {
        const asked = request({ prompt: promptOf(...some) });
        let shape: RequestShape = {
          dialect: id,
          format: dialect(id).formats[0] ?? 'json',
          prompt: 'whole',
          upload: 'flac',
        };
        const sent = new Set([JSON.stringify(requestFields(asked, model, shape))]);
        for (const one of refusals) {
          const next = changeRequest(asked, model, shape, one);
          if (!next) continue;
          shape = next;
          const fields = JSON.stringify(requestFields(asked, model, shape));
          assert.isFalse(sent.has(fields), fields);
          sent.add(fields);
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});
