import type { TranscriptionRequest } from '../model';
import { dialect } from './dialects';
import { parseServerSigns } from './parseResponse';
import { requestFields, withPlainerUpload, withPoorerFormat, type RequestShape } from './requestShape';

/** What a refusal said, as far as it can lead to another request. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
}

/** Field names and values of the formats that a server may not know. */
const FORMAT_WORDS = /timestamp_granularit|granularit|response_format|verbose_json|\bword[- ]level|word timestamps/i;

/** The field of a prompt, and that of Mistral for its terms. */
const PROMPT_WORDS = /\b(prompt|context_bias)\b/i;

/** Codes of failures that are not about the prompt. Their messages may hold the word, for example in a file's or a model's name. */
const OTHER_CODES = /model|language|audio|media|file/i;

/** Codes and words of servers that do not read the type of audio they got, as in Groq's answers, and in those of Python's and C's decoders. */
const AUDIO_CODES = /^(unsupported_audio_format|invalid_media_file|invalid_audio|unsupported_(file|media))/i;
const AUDIO_WORDS = new RegExp(
  [
    /\b(flac|wav|wave|riff|sndfile|soundfile|ffmpeg|librosa)\b/,
    /\b(audio|media|file)[ -]?(type|format|extension|codec)/,
    /\b(not a|unsupported|invalid|unknown|unrecognized|could not (process|read|open|load)|failed to (process|read|open|load)) (a )?(valid )?(the )?(audio|media|file)/,
    /\bdecod/,
    // All that whisper.cpp's server says, since March 2026, of audio that it cannot read.
    /^invalid request$/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);
/** The audio is understood, and too short: it would be as short in another type. */
const TOO_SHORT = /too[ _]short/i;

/** Whether a refusal says that the server cannot read the type of audio. */
function isAboutUpload({ status, message, code = '' }: Refusal): boolean {
  if (TOO_SHORT.test(`${code} ${message}`)) return false;
  return status === 415 || AUDIO_CODES.test(code) || AUDIO_WORDS.test(message);
}

/**
 * Statuses that only a refused type of audio makes worth another request: 415 has no other meaning; some servers answer 500 when their
 * decoder fails, and an old whisper.cpp 200 with an error in place of a text.
 */
const UPLOAD_STATUSES: ReadonlySet<number> = new Set([200, 415, 500]);

/**
 * The next shape for the same request, after a refusal that names a format, a path, the prompt or the type of audio; undefined where the refusal is about
 * something else. Every step is poorer than the one before, so that the steps end.
 * Exported for its own tests.
 */
export function changeShape(shape: RequestShape, refusal: Refusal): RequestShape | undefined {
  const { status, message, code = '' } = refusal;
  if (status === 404 && message.startsWith('File Not Found (')) return elsewhere(shape, message);
  if (UPLOAD_STATUSES.has(status)) return isAboutUpload(refusal) ? withPlainerUpload(shape) : undefined;
  if (status !== 400 && status !== 422) return undefined;
  const isAboutPrompt = code === 'invalid_prompt' || (PROMPT_WORDS.test(message) && !OTHER_CODES.test(code));
  if (FORMAT_WORDS.test(`${code} ${message}`)) return withPoorerFormat(shape);
  if (isAboutPrompt && shape.prompt === 'whole') return { ...shape, prompt: 'half' };
  if (isAboutPrompt && shape.prompt === 'half') return { ...shape, prompt: 'none' };
  return isAboutUpload(refusal) ? withPlainerUpload(shape) : undefined;
}

/**
 * The shape for whisper.cpp's server, which knows one path only, and says so in its own words. Where OpenAI's path for translations is
 * unknown to it, that path may be OpenAI's other one; else it is most often its usual one.
 */
function elsewhere(shape: RequestShape, message: string): RequestShape | undefined {
  if (shape.dialect === 'openai') {
    const id = message.includes('/translations') ? 'whisperCppOpenAi' : 'whisperCpp';
    return { ...shape, dialect: id, format: 'words' };
  }
  return shape.dialect === 'whisperCppOpenAi' ? { ...shape, dialect: 'whisperCpp' } : undefined;
}

/** A good answer, as far as it can tell whose it is. */
export interface GoodAnswer {
  /** The header of this name. */
  readonly server?: string;
  readonly body: string;
}

/** A server that was taken for another one. */
export interface Recognition {
  readonly shape: RequestShape;
  /** Whether the answer holds although the request was put in another server's way. */
  readonly isSound: boolean;
}

/**
 * Recognises whisper.cpp's server by a good answer to a request in OpenAI's dialect. It takes such requests under an address of its
 * user's choice, and writes everything in English unless it is told otherwise, with line breaks inside words. Undefined for other servers.
 */
export function recogniseServer(
  request: Pick<TranscriptionRequest, 'language' | 'task'>,
  shape: RequestShape,
  { server = '', body }: GoodAnswer,
): Recognition | undefined {
  if (shape.dialect !== 'openai') return undefined;
  const { found, written, cutsWords } = parseServerSigns(body);
  if (!/^whisper\.cpp\b/i.test(server) && found === undefined) return undefined;
  const { formats } = dialect('whisperCppOpenAi');
  const format = formats.includes(shape.format) ? shape.format : 'words';
  const isRightLanguage = request.language !== undefined || (found !== undefined && found === written);
  return {
    shape: { ...shape, dialect: 'whisperCppOpenAi', format },
    isSound: request.task === 'transcribe' && isRightLanguage && !cutsWords,
  };
}

/**
 * The next shape that really changes this request. It skips steps that leave the request as it was, such as half a prompt where there
 * is none. So a refused request is never sent again.
 */
export function changeRequest(
  request: TranscriptionRequest,
  model: string,
  shape: RequestShape,
  refusal: Refusal,
): RequestShape | undefined {
  // A file goes as it is, and an address has no upload.
  const uploadOf = ({ upload }: RequestShape): string => (request.audio.kind === 'chunk' ? upload : '');
  const sentAs = (one: RequestShape): string =>
    JSON.stringify([dialect(one.dialect).path(request.task), requestFields(request, model, one), uploadOf(one)]);
  let next = changeShape(shape, refusal);
  while (next && sentAs(next) === sentAs(shape)) next = changeShape(next, refusal);
  return next;
}
