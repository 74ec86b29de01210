import type { TranscriptionRequest } from '../model';
import { requestFields, withPlainerUpload, withPoorerFormat, type RequestShape } from './requestShape';

/** What a refusal said, as far as it can lead to another request. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
}

/** Field names and values of the formats that a server may not know. */
const FORMAT_WORDS = /timestamp_granularit|granularit|response_format|verbose_json|\bword[- ]level|word timestamps/i;

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
  // whisper.cpp's server knows one path only, and says so in its own words.
  if (status === 404 && shape.dialect === 'openai' && message.startsWith('File Not Found (')) {
    return { ...shape, dialect: 'whisperCpp', format: 'words' };
  }
  if (UPLOAD_STATUSES.has(status)) return isAboutUpload(refusal) ? withPlainerUpload(shape) : undefined;
  if (status !== 400 && status !== 422) return undefined;
  const isAboutPrompt = code === 'invalid_prompt' || (/\bprompt\b/i.test(message) && !OTHER_CODES.test(code));
  if (FORMAT_WORDS.test(`${code} ${message}`)) return withPoorerFormat(shape);
  if (isAboutPrompt && shape.prompt === 'whole') return { ...shape, prompt: 'half' };
  if (isAboutPrompt && shape.prompt === 'half') return { ...shape, prompt: 'none' };
  return isAboutUpload(refusal) ? withPlainerUpload(shape) : undefined;
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
  const sayable = (put: RequestShape): string => JSON.stringify([requestFields(request, model, put), uploadOf(put)]);
  // A file goes as it is, and an address has no upload.
  const uploadOf = ({ upload }: RequestShape): string => (request.audio.kind === 'chunk' ? upload : '');
  const sent = sayable(shape);
  let next = changeShape(shape, refusal);
  while (next?.dialect === shape.dialect && sayable(next) === sent) {
    next = changeShape(next, refusal);
  }
  return next;
}
