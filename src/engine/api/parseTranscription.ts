import { defined } from '../../core/async/defined';
import { BYTES_PER_SAMPLE, samplesToSeconds } from '../../core/audio/pcm';
import { isPreparedLayout, readWavHeader } from '../../core/audio/wav';
import type { SpeechTask } from '../../core/model';
import { languageCode } from '../../core/endpoints/languages';
import { ApiError } from './apiError';
import type { Form } from './readForm';
import type { Recogniser, RecognitionJob } from './recogniser';

/** Every form of an answer that the API has. */
const RESPONSE_FORMATS = ['json', 'text', 'verbose_json', 'srt', 'vtt'] as const;
/** One of {@link RESPONSE_FORMATS}. */
export type ResponseFormat = (typeof RESPONSE_FORMATS)[number];

/** A valid request: the recogniser's job, and the format of the answer. */
export interface TranscriptionJob {
  readonly recognition: RecognitionJob;
  readonly durationS: number;
  readonly format: ResponseFormat;
  readonly wantsSegments: boolean;
}

/** Shortest audio that cloud endpoints take, in seconds. */
const SHORTEST_S = 0.01;
const LARGEST_SEED = 2 ** 32 - 1;

type ReadField = (name: string) => string | undefined;

/** Reads a form as a transcription request. @throws ApiError 400 or 404 with the code that the API's clients know */
export function parseTranscription(form: Form, task: SpeechTask, recogniser: Recogniser): TranscriptionJob {
  const one: ReadField = (name) => form.fields.get(name)?.at(-1);
  const model = one('model') ?? '';
  if (model === '') throw new ApiError(400, 'missing_model', 'The field "model" is missing.', 'model');
  requireModel(model, recogniser);
  if (task === 'translate' && !recogniser.canTranslate) {
    throw new ApiError(400, 'unsupported_task', `The model "${recogniser.modelId}" cannot translate.`, 'model');
  }
  refuseUnsupported(one);
  const language = readLanguage(one('language'), task, recogniser);
  const format = readChoice('response_format', one, RESPONSE_FORMATS);
  const granularities = readGranularities(form.fields.get('timestamp_granularities[]') ?? [], format);
  const prompt = one('prompt')?.trim() ?? '';
  const promptScope = readChoice('prompt_scope', one, ['every_window', 'first_window']);
  const temperature = readNumber('temperature', one('temperature') ?? '0', 1);
  const seed = readNumber('seed', one('seed') ?? '0', LARGEST_SEED);
  if (!Number.isInteger(seed)) throw new ApiError(400, 'invalid_seed', 'seed is a whole number.', 'seed');
  const priority = readChoice('priority', one, ['file', 'live', 'dictation']);
  const isUngated = readChoice('gate', one, ['on', 'off']) === 'off';
  if (!form.file) throw new ApiError(400, 'missing_file', 'The field "file" is missing.', 'file');
  const pcm = readSamples(form.file);
  return {
    recognition: defined({
      pcm,
      task,
      temperature,
      seed,
      priority,
      isUrgent: priority === 'dictation',
      language,
      prompt: prompt === '' ? undefined : prompt,
      isUngated: isUngated ? true : undefined,
      promptScope: promptScope === 'every_window' ? 'everyWindow' : 'firstWindow',
      wantsWords: granularities.includes('word'),
    }),
    durationS: samplesToSeconds(pcm.length / BYTES_PER_SAMPLE),
    format,
    wantsSegments: granularities.length === 0 || granularities.includes('segment'),
  };
}

/** @throws ApiError 404 `model_not_found` where the recogniser runs another model */
export function requireModel(model: string, { modelId }: Recogniser): void {
  if (model === modelId) return;
  throw new ApiError(404, 'model_not_found', `There is no model "${model}" here; there is "${modelId}".`, 'model');
}

/** Refuses what cloud endpoints can do and this engine cannot: an answer that ignores it would be wrong. */
function refuseUnsupported(read: ReadField): void {
  // Python's clients may write "False".
  if (!/^(|0|false)$/i.test(read('stream') ?? '')) {
    const advice = 'Leave it out: the whole text is answered at once.';
    throw new ApiError(400, 'unsupported_parameter', `stream is not supported here. ${advice}`, 'stream');
  }
  if ((read('url') ?? '') !== '') {
    const advice = 'The engine fetches nothing: send the audio itself in the field "file".';
    throw new ApiError(400, 'unsupported_parameter', `url is not supported here. ${advice}`, 'url');
  }
}

/**
 * The language of a request: a code, or a name as in answers. "auto" is whisper.cpp's value for no language. A translation's language is
 * the spoken one. Only "en" is ignored there, since cloud endpoints take it for the language of the text.
 */
function readLanguage(given: string | undefined, task: SpeechTask, { languages }: Recogniser): string | undefined {
  const language = languageCode(given ?? '');
  if (language === '' || language === 'auto' || (task === 'translate' && language === 'en')) return undefined;
  if (languages.includes(language)) return language;
  const message = `The model knows ${languages.join(', ')}, not "${given ?? ''}".`;
  throw new ApiError(400, 'unsupported_language', message, 'language');
}

/** The field's value, which must be one of these; the first of them where the field is absent. */
function readChoice<Value extends string>(name: string, read: ReadField, values: readonly [Value, ...Value[]]): Value {
  const given = read(name) ?? values[0];
  const chosen = values.find((value) => value === given);
  if (chosen !== undefined) return chosen;
  throw new ApiError(400, `invalid_${name}`, `${name} is one of ${values.join(', ')}.`, name);
}

function readNumber(name: string, given: string, largest: number): number {
  const value = Number(given);
  if (given.trim() !== '' && value >= 0 && value <= largest) return value;
  throw new ApiError(400, `invalid_${name}`, `${name} lies between 0 and ${largest}.`, name);
}

function readGranularities(given: readonly string[], format: ResponseFormat): readonly string[] {
  const param = 'timestamp_granularities';
  if (given.length > 0 && format !== 'verbose_json') {
    throw new ApiError(400, 'invalid_granularity', `${param} needs response_format verbose_json.`, param);
  }
  if (given.some((granularity) => granularity !== 'segment' && granularity !== 'word')) {
    throw new ApiError(400, 'invalid_granularity', `${param} are segment and word.`, param);
  }
  return given;
}

/** The samples of a 16 kHz mono 16-bit WAV. Clients have to convert all other audio before they send it. */
function readSamples(file: Uint8Array): Uint8Array {
  const header = readWavHeader(file, file.length);
  if (header.kind !== 'pcm' || !isPreparedLayout(header.layout)) {
    throw new ApiError(400, 'unsupported_audio_format', 'The file must be a WAV of 16 kHz, mono, 16 bit.', 'file');
  }
  const { dataOffsetBytes, dataBytes, sampleRateHz, frameBytes } = header.layout;
  const pcm = file.subarray(dataOffsetBytes, dataBytes === undefined ? undefined : dataOffsetBytes + dataBytes);
  if (pcm.length < SHORTEST_S * sampleRateHz * frameBytes) {
    throw new ApiError(400, 'audio_too_short', `The audio is shorter than ${SHORTEST_S} seconds.`, 'file');
  }
  return pcm;
}
