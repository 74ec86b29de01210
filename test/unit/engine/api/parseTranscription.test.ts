import assert from 'node:assert/strict';
import type { SpeechTask } from '../../../../src/core/model';
import { ApiError } from '../../../../src/engine/api/apiError';
import { parseTranscription, type TranscriptionJob } from '../../../../src/engine/api/parseTranscription';
import { preparedWav, wavFile, wavOf } from '../../node/wavFile';
import { FakeRecogniser } from './fakeRecogniser';

const WAV = preparedWav(1600, (at) => (at % 100) / 200);
const PREPARED = { format: 'int16', rateHz: 16_000, channelCount: 1 } as const;

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Before a recogniser that knows two languages and translates, unless another is given. */
function parse(
  fields: Fields = {},
  file: Uint8Array | undefined = WAV,
  task: SpeechTask = 'transcribe',
  recogniser = new FakeRecogniser(undefined, ['en', 'fr', 'yue'], true),
): TranscriptionJob {
  const given: Fields = { model: 'fake-model', ...fields };
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? [value] : value] as const],
  );
  return parseTranscription({ fields: new Map(entries), file }, task, recogniser);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual(JSON.parse(error.body), {
      error: { message: error.message, type: 'invalid_request_error', param: error.param, code: error.code },
    });
    return `${error.status} ${error.code} ${error.param ?? ''}`;
  }
  throw new assert.AssertionError({ message: 'it was taken' });
}

describe('parseTranscription', () => {
  it('takes the least that a client may send', () => {
    const job = parse();
    assert.deepEqual([job.format, job.wantsSegments, job.durationS], ['json', true, 0.1]);
    const { pcm, ...asked } = job.recognition;
    assert.ok(WAV.subarray(44).equals(pcm));
    assert.deepEqual(asked, {
      task: 'transcribe',
      promptScope: 'everyWindow',
      temperature: 0,
      seed: 0,
      wantsWords: false,
      priority: 'file',
      isUrgent: false,
    });
  });

  it('takes all that Minutes sends', () => {
    const job = parse({
      language: 'fr',
      prompt: 'useEffect.',
      temperature: '0.2',
      response_format: 'verbose_json',
      priority: 'dictation',
      seed: '4294967295',
      prompt_scope: 'first_window',
      'timestamp_granularities[]': ['segment', 'word'],
    });
    assert.deepEqual([job.format, job.wantsSegments], ['verbose_json', true]);
    const { pcm, ...asked } = job.recognition;
    assert.equal(pcm.length, 3200);
    assert.deepEqual(asked, {
      task: 'transcribe',
      language: 'fr',
      prompt: 'useEffect.',
      promptScope: 'firstWindow',
      temperature: 0.2,
      seed: 4_294_967_295,
      wantsWords: true,
      priority: 'dictation',
      isUrgent: true,
    });
  });

  it('gives segments, words or both, as asked', () => {
    const wants = (...granularities: readonly string[]): boolean[] => {
      const job = parse({ response_format: 'verbose_json', 'timestamp_granularities[]': granularities });
      return [job.wantsSegments, job.recognition.wantsWords];
    };
    assert.deepEqual(wants(), [true, false]);
    assert.deepEqual(wants('segment'), [true, false]);
    assert.deepEqual(wants('word'), [false, true]);
    assert.deepEqual(wants('word', 'segment', 'word'), [true, true]);
  });

  for (const [what, fields, expected] of [
    ['no model', { model: undefined }, '400 missing_model model'],
    ['an empty model', { model: '' }, '400 missing_model model'],
    ['another model', { model: 'whisper-1' }, '404 model_not_found model'],
    ['another language', { language: 'de' }, '400 unsupported_language language'],
    ['another format', { response_format: 'ass' }, '400 invalid_response_format response_format'],
    ['a temperature above 1', { temperature: '1.01' }, '400 invalid_temperature temperature'],
    ['a negative temperature', { temperature: '-0.1' }, '400 invalid_temperature temperature'],
    ['an empty temperature', { temperature: ' ' }, '400 invalid_temperature temperature'],
    ['a temperature in words', { temperature: 'warm' }, '400 invalid_temperature temperature'],
    ['a seed below 0', { seed: '-1' }, '400 invalid_seed seed'],
    ['a seed between two', { seed: '1.5' }, '400 invalid_seed seed'],
    ['a seed beyond 32 bits', { seed: '4294967296' }, '400 invalid_seed seed'],
    ['another scope of the prompt', { prompt_scope: 'last_window' }, '400 invalid_prompt_scope prompt_scope'],
    ['another priority', { priority: 'highest' }, '400 invalid_priority priority'],
    [
      'granularities with cues',
      { response_format: 'srt', 'timestamp_granularities[]': ['word'] },
      '400 invalid_granularity timestamp_granularities',
    ],
    [
      'granularities without times',
      { 'timestamp_granularities[]': ['word'] },
      '400 invalid_granularity timestamp_granularities',
    ],
    [
      'an unknown granularity',
      { response_format: 'verbose_json', 'timestamp_granularities[]': ['segment', 'letter'] },
      '400 invalid_granularity timestamp_granularities',
    ],
    ['a stream', { stream: 'true' }, '400 unsupported_parameter stream'],
    ['a stream in Python', { stream: 'True' }, '400 unsupported_parameter stream'],
    ['a stream in numbers', { stream: '1' }, '400 unsupported_parameter stream'],
    ['an address', { url: 'https://example.com/a.wav' }, '400 unsupported_parameter url'],
    ['bytes as an address', { url: 'data:audio/wav;base64,UklGRg==' }, '400 unsupported_parameter url'],
  ] satisfies (readonly [string, Fields, string])[]) {
    it(`refuses ${what}: ${expected}`, () => {
      assert.equal(
        refusal(() => parse(fields)),
        expected,
      );
    });
  }

  for (const [given, expected] of [
    ['EN', 'en'] as const,
    [' fr ', 'fr'] as const,
    ['French', 'fr'] as const,
    ['fr-CA', 'fr'] as const,
    ['Cantonese', 'yue'] as const,
    ['', undefined] as const,
    ['auto', undefined] as const,
  ] as const) {
    it(`reads the language "${given}" as ${expected ?? 'none'}`, () => {
      assert.equal(parse({ language: given }).recognition.language, expected);
    });
  }

  it('takes a translation’s language for that of the speech, but "en" for that of the text', () => {
    const language = (given: string): string | undefined =>
      parse({ language: given }, WAV, 'translate').recognition.language;
    assert.deepEqual([language('fr'), language('en'), language('English')], ['fr', undefined, undefined]);
    assert.equal(
      refusal(() => language('de')),
      '400 unsupported_language language',
    );
  });

  it('takes a translation where the model can, and says so where it cannot', () => {
    assert.equal(parse({}, WAV, 'translate').recognition.task, 'translate');
    assert.equal(
      refusal(() => parse({}, WAV, 'translate', new FakeRecogniser())),
      '400 unsupported_task model',
    );
  });

  it('takes a prompt of any length, and an empty one for none', () => {
    const prompt = 'parseTranscription, '.repeat(5000);
    assert.equal(parse({ prompt }).recognition.prompt, prompt.trim());
    for (const none of ['', ' \n']) assert.ok(!('prompt' in parse({ prompt: none }).recognition));
  });

  it('says what to do in place of a stream or an address', () => {
    assert.throws(() => parse({ stream: 'true' }), { message: /stream is not supported here\. Leave it out/ });
    assert.throws(() => parse({ url: 'https://example.com/a.wav' }), {
      message: /send the audio itself in the field "file"/,
    });
  });

  it('speaks of an address where it comes in place of a file', () => {
    const fields = new Map([
      ['model', ['fake-model']],
      ['url', ['https://example.com/a.wav']],
    ]);
    assert.equal(
      refusal(() => parseTranscription({ fields, file: undefined }, 'transcribe', new FakeRecogniser())),
      '400 unsupported_parameter url',
    );
  });

  for (const stream of ['false', 'False', '0', '']) {
    it(`takes "${stream}" for no stream, and an empty address for none`, () => {
      assert.equal(parse({ stream, url: '' }).format, 'json');
    });
  }

  it('refuses a request without a file', () => {
    const fields = new Map([['model', ['fake-model']]]);
    assert.equal(
      refusal(() => parseTranscription({ fields, file: undefined }, 'transcribe', new FakeRecogniser())),
      '400 missing_file file',
    );
  });

  for (const [what, file] of Object.entries({
    'an empty file': Buffer.alloc(0),
    'an MP3': Buffer.from('ID3\x04\0\0\0\0\0\0'),
    'another rate': wavOf(Buffer.alloc(3200), { ...PREPARED, rateHz: 44_100 }),
    'two channels': wavOf(Buffer.alloc(3200), { ...PREPARED, channelCount: 2 }),
    'other samples': wavFile({ ...PREPARED, format: 'float32', sampleCount: 800, sample: () => 0 }),
    'a header alone': WAV.subarray(0, 40),
  })) {
    it(`refuses ${what}: 400 unsupported_audio_format`, () => {
      assert.equal(
        refusal(() => parse({}, file)),
        '400 unsupported_audio_format file',
      );
    });
  }

  it('refuses less than 0.01 s, and takes that much', () => {
    assert.equal(
      refusal(() => parse({}, wavOf(Buffer.alloc(318), PREPARED))),
      '400 audio_too_short file',
    );
    assert.equal(parse({}, wavOf(Buffer.alloc(320), PREPARED)).recognition.pcm.length, 320);
  });

  it('takes the data alone, and what is there where the size is a placeholder', () => {
    const tail = Buffer.from('LIST\x04\0\0\0abcd', 'latin1');
    assert.equal(parse({}, wavOf(Buffer.alloc(640), { ...PREPARED, tail })).recognition.pcm.length, 640);
    assert.equal(
      parse({}, wavOf(Buffer.alloc(640), { ...PREPARED, declaredBytes: 0xffff_ffff })).recognition.pcm.length,
      640,
    );
  });
});
