import { isPreparedLayout, readWavHeader } from '../core/audio/wav';
import { ApiError } from './apiError';
import type { Form } from './readForm';
import type { Recogniser } from './recogniser';

export type ResponseFormat = 'json' | 'verbose_json' | 'text';

/** A request that can be answered. */
export interface TranscriptionJob {
  readonly pcm: Uint8Array;
  readonly format: ResponseFormat;
  readonly wantsSegments: boolean;
  readonly wantsWords: boolean;
}

/** Shortest audio that cloud endpoints take, in seconds. */
const SHORTEST_S = 0.01;

/** Reads a form as a transcription request. @throws ApiError 400 or 404 with the code that the API's clients know */
export function parseTranscription(form: Form, recogniser: Recogniser): TranscriptionJob {
  const one = (name: string): string | undefined => form.fields.get(name)?.at(-1);

  const model = one('model');
  if (model === undefined || model === '') throw new ApiError(400, 'missing_model', 'The field "model" is missing.');
  if (model !== recogniser.modelId) {
    throw new ApiError(404, 'model_not_found', `There is no model "${model}" here; there is "${recogniser.modelId}".`);
  }
  const language = one('language');
  if (language !== undefined && language !== '' && !recogniser.languages.includes(language.toLowerCase())) {
    const known = recogniser.languages.join(', ');
    throw new ApiError(400, 'unsupported_language', `The model knows ${known}, not "${language}".`);
  }
  const format = one('response_format') ?? 'json';
  if (format !== 'json' && format !== 'verbose_json' && format !== 'text') {
    throw new ApiError(400, 'invalid_response_format', 'response_format is one of json, verbose_json, text.');
  }
  const temperature = one('temperature') ?? '0';
  if (temperature.trim() === '' || !(Number(temperature) >= 0 && Number(temperature) <= 1)) {
    throw new ApiError(400, 'invalid_temperature', 'temperature lies between 0 and 1.');
  }
  const granularities = form.fields.get('timestamp_granularities[]') ?? [];
  if (granularities.length > 0 && format !== 'verbose_json') {
    throw new ApiError(400, 'invalid_granularity', 'timestamp_granularities needs response_format verbose_json.');
  }
  if (granularities.some((granularity) => granularity !== 'segment' && granularity !== 'word')) {
    throw new ApiError(400, 'invalid_granularity', 'timestamp_granularities are segment and word.');
  }
  if (!form.file) throw new ApiError(400, 'missing_file', 'The field "file" is missing.');
  return {
    pcm: readSamples(form.file),
    format,
    wantsSegments: granularities.length === 0 || granularities.includes('segment'),
    wantsWords: granularities.includes('word'),
  };
}

/** The samples of a 16 kHz mono 16-bit WAV. All other audio is prepared before it comes here. */
function readSamples(file: Uint8Array): Uint8Array {
  const header = readWavHeader(file, file.length);
  if (header.kind !== 'pcm' || !isPreparedLayout(header.layout)) {
    throw new ApiError(400, 'unsupported_audio_format', 'The file must be a WAV of 16 kHz, mono, 16 bit.');
  }
  const { dataOffsetBytes, dataBytes, sampleRateHz, frameBytes } = header.layout;
  const pcm = file.subarray(dataOffsetBytes, dataBytes === undefined ? undefined : dataOffsetBytes + dataBytes);
  if (pcm.length < SHORTEST_S * sampleRateHz * frameBytes) {
    throw new ApiError(400, 'audio_too_short', `The audio is shorter than ${SHORTEST_S} seconds.`);
  }
  return pcm;
}
