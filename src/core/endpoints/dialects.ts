import type { SpeechTask, TranscriptionRequest } from '../model';
import type { Provider } from './endpoint';

/** One text field of a multipart form, in the order sent. A name may come twice. */
export type FormField = readonly [name: string, value: string];

/**
 * How much a request asks an answer to tell. `words`: `verbose_json` with times of words and segments; `segments`: `verbose_json` with
 * times of segments only; `json` and `text` have no times.
 */
export type AnswerFormat = 'words' | 'segments' | 'json' | 'text';

/** How a piece of prepared audio is packed for the way. `flac` has about half the bytes of `wav` and the same samples. */
export type UploadFormat = 'flac' | 'wav';

/** How requests to one kind of server differ from those to the others. The answers of all servers are read by the same parser. */
export interface Dialect {
  readonly id: DialectId;
  /** What comes behind the base address. */
  readonly path: (task: SpeechTask) => string;
  /** The formats that a request may ask for, the richest first. */
  readonly formats: readonly AnswerFormat[];
  /** The field for an address that the server fetches itself; absent where it cannot. */
  readonly urlField?: 'url' | 'file_url';
  /** What pieces of prepared audio may be sent as, the best first. */
  readonly uploads: readonly UploadFormat[];
  /** Whether the server reads compressed files. */
  readonly takesFiles: boolean;
  /** Whether the server is no quicker with several requests at a time. */
  readonly isSerial: boolean;
  readonly fields: (request: TranscriptionRequest, model: string, format: AnswerFormat) => FormField[];
}

/** The name of a dialect: one way to put a request and to answer it. */
export type DialectId = 'openai' | 'openaiUntimed' | 'whisperCpp' | 'whisperCppOpenAi' | 'voxtral' | 'embedded';

/** The dialect for a model. A model that is not known gets that of OpenAI's `whisper-1`, which Groq and most servers at home share. */
export function dialectOf(provider: Provider, model: string): DialectId {
  if (provider === 'whisperCpp' || provider === 'embedded') return provider;
  // Mistral's own names; vLLM serves open Voxtral weights under the names of the hub, in OpenAI's dialect.
  if (provider === 'mistral' || /^voxtral-(mini|small)(-transcribe)?-(latest|\d+(-\d+)?)$/.test(model))
    return 'voxtral';
  if (/^gpt-(4o-(mini-)?)?transcribe\b/.test(model)) return 'openaiUntimed';
  return 'openai';
}

/** Whether every term of a prompt is sent in a field of its own. */
export function sendsTermsApart(provider: Provider, model: string): boolean {
  return dialectOf(provider, model) === 'voxtral' || /^gpt-transcribe\b/.test(model);
}

/** Whether the server fetches audio at an address itself. OpenAI's own server does not, although its dialect has a field for it at others. */
export function fetchesUrls(provider: Provider, model: string): boolean {
  return provider !== 'openai' && dialect(dialectOf(provider, model)).urlField !== undefined;
}

/**
 * The largest file that is sent whole. Endpoints take uploads of 25 MiB (26,214,400 bytes were taken, 26,738,688 refused), of which the form's
 * other fields need a part.
 */
export const MAXIMUM_UPLOAD_BYTES = 25 * 1024 * 1024 - 16 * 1024;

/** Whether this is the name of a dialect. */
export function isDialectId(value: unknown): value is DialectId {
  return typeof value === 'string' && Object.hasOwn(DIALECTS, value);
}

/** The dialect of this name. */
export function dialect(id: DialectId): Dialect {
  return DIALECTS[id];
}

/** For servers elsewhere: small first, and what every server reads where that is refused. */
const SMALL_UPLOADS: readonly UploadFormat[] = ['flac', 'wav'];

const audioPath = (task: SpeechTask): string =>
  task === 'translate' ? '/audio/translations' : '/audio/transcriptions';

/**
 * Groq's and OpenAI's documentation of speech to text. Both list FLAC among the types of files. A temperature of 0 is every server's own, and is not sent. Nor is
 * `without_timestamps`, which makes speaches give each sentence a time of its own: it then loses what stands behind the last time that Whisper
 * wrote, up to a seventh of the words (tried by hand).
 */
const OPENAI: Dialect = {
  id: 'openai',
  path: audioPath,
  formats: ['words', 'segments', 'json', 'text'],
  urlField: 'url',
  uploads: SMALL_UPLOADS,
  takesFiles: true,
  isSerial: false,
  fields: (request, model, format) => [
    ['model', model],
    ['response_format', verbose(format)],
    ...granularities(format),
    ...when(chosenTemperature(request), 'temperature'),
    ...when(spokenLanguage(request), 'language'),
    ...when(request.prompt?.text, 'prompt'),
  ],
};

/**
 * OpenAI's newer models answer `json` only (its SDK's types). `gpt-transcribe` takes terms as `keywords[]` and free text as its prompt;
 * a keyword with an angle bracket or a line break makes it refuse the whole request. The `gpt-4o` models tell log-probabilities on
 * request. The one of them that tells speakers apart does not, and takes no prompt.
 */
const OPENAI_UNTIMED: Dialect = {
  id: 'openaiUntimed',
  path: audioPath,
  formats: ['json'],
  uploads: SMALL_UPLOADS,
  takesFiles: true,
  isSerial: false,
  fields: (request, model) => {
    const isOld = model.startsWith('gpt-4o');
    const tellsSpeakers = model.includes('diarize');
    const keywords = isOld ? [] : terms(request).map((term) => term.replace(/[<>\s]+/g, ' ').trim());
    return [
      ['model', model],
      ['response_format', 'json'],
      ...when(chosenTemperature(request), 'temperature'),
      ...when(spokenLanguage(request), isOld ? 'language' : 'languages[]'),
      ...keywords.flatMap((keyword) => when(keyword, 'keywords[]')),
      // A prompt without terms is a text of the user's own.
      ...(tellsSpeakers || (!isOld && terms(request).length > 0) ? [] : when(request.prompt?.text, 'prompt')),
      ...(isOld && !tellsSpeakers ? when('logprobs', 'include[]') : []),
      ...(tellsSpeakers ? when('auto', 'chunking_strategy') : []),
    ];
  },
};

/** Longer than a segment can be. whisper.cpp's server takes 60 signs where it is told none, and cuts there inside words. */
const LONGEST_SEGMENT_SIGNS = 10_000;

/**
 * whisper.cpp's server (its README and source). It has one address for both tasks, assumes English unless told otherwise, always puts
 * words inside the segments of `verbose_json`, and works on one request at a time. Unless it is told not to, it finds out the language
 * once more for `verbose_json`, which takes as long as the rest. Since 2025 it reads FLAC, MP3 and Ogg Vorbis beside WAV; before, WAV only.
 */
const WHISPER_CPP: Dialect = {
  id: 'whisperCpp',
  path: () => '/inference',
  formats: ['words', 'json', 'text'],
  uploads: SMALL_UPLOADS,
  takesFiles: true,
  isSerial: true,
  fields: (request, _model, format) => [
    ['response_format', verbose(format)],
    ['temperature', String(request.temperature ?? 0)],
    ['language', request.language ?? 'auto'],
    ...when(request.task === 'translate' ? 'true' : undefined, 'translate'),
    ...when(request.prompt?.text, 'prompt'),
    ['max_len', String(LONGEST_SEGMENT_SIGNS)],
    ['no_language_probabilities', 'true'],
  ],
};

/** The same server, started with `--inference-path /v1/audio/transcriptions`: that is its one address then, for translations too. */
const WHISPER_CPP_OPENAI: Dialect = {
  ...WHISPER_CPP,
  id: 'whisperCppOpenAi',
  path: () => audioPath('transcribe'),
};

/** Mistral takes at most this many `context_bias` terms (its documentation). */
const MAXIMUM_BIAS_TERMS = 100;

/** Version 3 takes phrases. Names of the versions before it end in a year and a month, such as `2602`. */
const TAKES_PHRASES = /-transcribe-(latest|[3-9](-\d+)?)$/;

/**
 * Mistral's Voxtral (its documentation): no choice of format, only of the times' granularity. One field for each term, without commas, and
 * before version 3 without blanks.
 */
const VOXTRAL: Dialect = {
  id: 'voxtral',
  path: audioPath,
  formats: ['segments', 'json'],
  urlField: 'file_url',
  uploads: SMALL_UPLOADS,
  takesFiles: true,
  isSerial: false,
  fields: (request, model, format) => [
    ['model', model],
    ...when(format === 'segments' ? 'segment' : undefined, 'timestamp_granularities[]'),
    ...when(chosenTemperature(request), 'temperature'),
    ...when(spokenLanguage(request), 'language'),
    ...terms(request)
      .slice(-MAXIMUM_BIAS_TERMS)
      .map((term) => term.replace(/[\s,]+/g, ' ').trim())
      .flatMap((term) => when(TAKES_PHRASES.test(model) ? term : term.replaceAll(' ', '_'), 'context_bias[]')),
  ],
};

/**
 * The engine that comes with Minutes (src/engine/api/parseTranscription.ts): OpenAI's dialect for prepared audio, with fields of its
 * own. Its connections never leave this machine, so that smaller uploads would gain nothing. A
 * dictation is heard before live speech, and that before files. A translation's `language` names the spoken language; English is left out, because
 * there the field would mean the language of the text.
 */
const EMBEDDED: Dialect = {
  id: 'embedded',
  path: audioPath,
  formats: OPENAI.formats,
  uploads: ['wav'],
  takesFiles: false,
  isSerial: true,
  fields: (request, model, format) => [
    ...OPENAI.fields(request, model, format),
    ...when(request.task === 'translate' && request.language !== 'en' ? request.language : undefined, 'language'),
    ...when(priorityOf(request), 'priority'),
  ],
};

const DIALECTS: Readonly<Record<DialectId, Dialect>> = {
  openai: OPENAI,
  openaiUntimed: OPENAI_UNTIMED,
  whisperCpp: WHISPER_CPP,
  whisperCppOpenAi: WHISPER_CPP_OPENAI,
  voxtral: VOXTRAL,
  embedded: EMBEDDED,
};

/** Undefined for a file, which has no field. */
function priorityOf({ isUrgent, isLive }: TranscriptionRequest): string | undefined {
  if (isUrgent === true) return 'dictation';
  return isLive === true ? 'live' : undefined;
}

function verbose(format: AnswerFormat): string {
  return tellsTimes(format) ? 'verbose_json' : format;
}

function tellsTimes(format: AnswerFormat): format is 'words' | 'segments' {
  return format === 'words' || format === 'segments';
}

/** For both granularities the field is sent twice. */
function granularities(format: AnswerFormat): FormField[] {
  const wanted = format === 'words' ? ['segment', 'word'] : format === 'segments' ? ['segment'] : [];
  return wanted.map((granularity) => ['timestamp_granularities[]', granularity]);
}

/** The temperature, where it is not 0, which every server takes for itself. */
function chosenTemperature({ temperature = 0 }: TranscriptionRequest): string | undefined {
  return temperature === 0 ? undefined : String(temperature);
}

/** Left out for a translation: there the field can only mean English, the language of the text. */
function spokenLanguage({ task, language }: TranscriptionRequest): string | undefined {
  return task === 'transcribe' ? language : undefined;
}

function terms(request: TranscriptionRequest): readonly string[] {
  return request.prompt?.terms ?? [];
}

function when(value: string | undefined, name: string): FormField[] {
  return value === undefined || value === '' ? [] : [[name, value]];
}
