import type { TranscriptionRequest } from '../model';
import { dialect } from './dialects';
import { requestFields, withPoorerFormat, type RequestShape } from './requestShape';

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

/**
 * The next shape for the same request, after a refusal that names a format, a path or the prompt; undefined where the refusal is about
 * something else. Every step is poorer than the one before, so that the steps end.
 * Exported for its own tests.
 */
export function changeShape(shape: RequestShape, { status, message, code = '' }: Refusal): RequestShape | undefined {
  // whisper.cpp's server knows one path only, and says so in its own words.
  const isUnknownServer = shape.dialect === 'openai' || shape.dialect === 'compatible';
  if (status === 404 && isUnknownServer && message.startsWith('File Not Found (')) {
    return { ...shape, dialect: 'whisperCpp', format: 'words' };
  }
  if (status !== 400 && status !== 422) return undefined;
  if (shape.dialect === 'compatible' && /\bwithout_timestamps\b/.test(message)) return { ...shape, dialect: 'openai' };
  const isAboutPrompt = code === 'invalid_prompt' || (PROMPT_WORDS.test(message) && !OTHER_CODES.test(code));
  if (FORMAT_WORDS.test(`${code} ${message}`)) return withPoorerFormat(shape);
  if (isAboutPrompt && shape.prompt === 'whole') return { ...shape, prompt: 'half' };
  if (isAboutPrompt && shape.prompt === 'half') return { ...shape, prompt: 'none' };
  return undefined;
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
  const sentAs = (one: RequestShape): string =>
    JSON.stringify([dialect(one.dialect).path(request.task), requestFields(request, model, one)]);
  let next = changeShape(shape, refusal);
  while (next && sentAs(next) === sentAs(shape)) next = changeShape(next, refusal);
  return next;
}
