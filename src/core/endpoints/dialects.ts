import type { SpeechTask, TranscriptionRequest } from '../model';
import type { Provider } from './endpoint';

/** One text field of a multipart form, in the order sent. A name may come twice. */
export type FormField = readonly [name: string, value: string];

/**
 * How much an answer is asked to tell: `words` and `segments` are `verbose_json` with times of words and segments, or of segments only;
 * `json` and `text` have no times.
 */
export type AnswerFormat = 'words' | 'segments' | 'json' | 'text';

/** How requests to one kind of server differ from everybody else's. Answers are read alike whoever gives them. */
export interface Dialect {
  readonly id: DialectId;
  /** What comes behind the base address. */
  readonly path: (task: SpeechTask) => string;
  /** What it can be asked for, the richest first. */
  readonly formats: readonly AnswerFormat[];
  /** The field for an address that the server fetches itself; absent where it cannot. */
  readonly urlField?: 'url' | 'file_url';
  /** Whether compressed files are read as they are. */
  readonly takesFiles: boolean;
  /** More than one request at a time makes it no quicker. */
  readonly isSerial: boolean;
  readonly fields: (request: TranscriptionRequest, model: string, format: AnswerFormat) => FormField[];
}

/** The name of a dialect: one way to put a request and to answer it. */
export type DialectId = 'openai' | 'openaiUntimed' | 'whisperCpp' | 'voxtral' | 'embedded';

/** Which dialect a model is spoken to in. Whatever is not known is like OpenAI's `whisper-1`, as Groq, speaches, vLLM and LocalAI are. */
export function dialectOf(provider: Provider, model: string): DialectId {
  if (provider === 'whisperCpp' || provider === 'embedded') return provider;
  // Mistral's own names; vLLM serves open Voxtral weights under the names of the hub, in OpenAI's dialect.
  if (provider === 'mistral' || /^voxtral-(mini|small)(-transcribe)?-(latest|\d+)$/.test(model)) return 'voxtral';
  return /^gpt-(4o-(mini-)?)?transcribe\b/.test(model) ? 'openaiUntimed' : 'openai';
}

/** Whether the terms of a prompt go one by one, in fields of their own. */
export function sendsTermsApart(provider: Provider, model: string): boolean {
  return dialectOf(provider, model) === 'voxtral' || /^gpt-transcribe\b/.test(model);
}

/** The dialect of this name. */
export function dialect(id: DialectId): Dialect {
  return DIALECTS[id];
}

const audioPath = (task: SpeechTask): string =>
  task === 'translate' ? '/audio/translations' : '/audio/transcriptions';

/** Groq's and OpenAI's documentation of speech to text. */
const OPENAI: Dialect = {
  id: 'openai',
  path: audioPath,
  formats: ['words', 'segments', 'json', 'text'],
  urlField: 'url',
  takesFiles: true,
  isSerial: false,
  fields: (request, model, format) => [
    ['model', model],
    ['response_format', verbose(format)],
    ...granularities(format),
    ['temperature', temperature(request)],
    ...when(spokenLanguage(request), 'language'),
    ...when(request.prompt?.text, 'prompt'),
  ],
};

/**
 * OpenAI's newer models answer `json` only (its SDK's types). `gpt-transcribe` takes terms as `keywords[]`, of which one with an angle
 * bracket or a line break refuses the whole request, and its prompt is free text; the `gpt-4o` ones tell log-probabilities on request,
 * except the one that tells speakers apart, which takes no prompt either.
 */
const OPENAI_UNTIMED: Dialect = {
  id: 'openaiUntimed',
  path: audioPath,
  formats: ['json'],
  takesFiles: true,
  isSerial: false,
  fields: (request, model) => {
    const isOld = model.startsWith('gpt-4o');
    const tellsSpeakers = model.includes('diarize');
    const keywords = isOld ? [] : terms(request).map((term) => term.replace(/[<>\s]+/g, ' ').trim());
    return [
      ['model', model],
      ['response_format', 'json'],
      ...when(request.temperature === 0 ? undefined : request.temperature?.toString(), 'temperature'),
      ...when(spokenLanguage(request), isOld ? 'language' : 'languages[]'),
      ...keywords.flatMap((keyword) => when(keyword, 'keywords[]')),
      // A prompt without terms is a text of the user's own.
      ...(tellsSpeakers || (!isOld && terms(request).length > 0) ? [] : when(request.prompt?.text, 'prompt')),
      ...(isOld && !tellsSpeakers ? when('logprobs', 'include[]') : []),
      ...(tellsSpeakers ? when('auto', 'chunking_strategy') : []),
    ];
  },
};

/**
 * whisper.cpp's server: one address for both tasks, English unless told otherwise, words inside the segments of `verbose_json` without
 * asking, one request at a time, WAV only unless it was started with `--convert`, which nobody is told (its README and source).
 */
const WHISPER_CPP: Dialect = {
  id: 'whisperCpp',
  path: () => '/inference',
  formats: ['words', 'json', 'text'],
  takesFiles: false,
  isSerial: true,
  fields: (request, _model, format) => [
    ['response_format', verbose(format)],
    ['temperature', temperature(request)],
    ['language', request.language ?? 'auto'],
    ...when(request.task === 'translate' ? 'true' : undefined, 'translate'),
    ...when(request.prompt?.text, 'prompt'),
  ],
};

/** At most so many of Mistral's `context_bias` terms (its documentation). */
const MAXIMUM_BIAS_TERMS = 100;

/** Mistral's Voxtral: no formats but times by granularity; terms one by one, without blanks or commas (its documentation). */
const VOXTRAL: Dialect = {
  id: 'voxtral',
  path: audioPath,
  formats: ['segments', 'json'],
  urlField: 'file_url',
  takesFiles: true,
  isSerial: false,
  fields: (request, model, format) => [
    ['model', model],
    ...when(format === 'segments' ? 'segment' : undefined, 'timestamp_granularities[]'),
    ...when(request.temperature === 0 ? undefined : request.temperature?.toString(), 'temperature'),
    ...when(spokenLanguage(request), 'language'),
    ...terms(request)
      .slice(-MAXIMUM_BIAS_TERMS)
      .flatMap((term) => when(term.trim().replace(/[\s,]+/g, '_'), 'context_bias[]')),
  ],
};

/**
 * The engine that comes with Minutes (src/engine/parseTranscription.ts): as OpenAI's, but for audio that is prepared here, and with
 * fields of its own. Someone's dictation goes before the files in its queue; a translation is told which language is spoken, but for
 * English, which the field means the text's language by.
 */
const EMBEDDED: Dialect = {
  id: 'embedded',
  path: audioPath,
  formats: OPENAI.formats,
  takesFiles: false,
  isSerial: true,
  fields: (request, model, format) => [
    ...OPENAI.fields(request, model, format),
    ...when(request.task === 'translate' && request.language !== 'en' ? request.language : undefined, 'language'),
    ...when(request.isUrgent === true ? 'high' : undefined, 'priority'),
  ],
};

const DIALECTS: Readonly<Record<DialectId, Dialect>> = {
  openai: OPENAI,
  openaiUntimed: OPENAI_UNTIMED,
  whisperCpp: WHISPER_CPP,
  voxtral: VOXTRAL,
  embedded: EMBEDDED,
};

function verbose(format: AnswerFormat): string {
  return format === 'words' || format === 'segments' ? 'verbose_json' : format;
}

/** The key is sent twice for both. */
function granularities(format: AnswerFormat): FormField[] {
  const wanted = format === 'words' ? ['segment', 'word'] : format === 'segments' ? ['segment'] : [];
  return wanted.map((granularity) => ['timestamp_granularities[]', granularity]);
}

function temperature(request: TranscriptionRequest): string {
  return String(request.temperature ?? 0);
}

/** Translations go into English, the only value that the field may have there: it is left out. */
function spokenLanguage({ task, language }: TranscriptionRequest): string | undefined {
  return task === 'transcribe' ? language : undefined;
}

function terms(request: TranscriptionRequest): readonly string[] {
  return request.prompt?.terms ?? [];
}

function when(value: string | undefined, name: string): FormField[] {
  return value === undefined || value === '' ? [] : [[name, value]];
}
