import type { TranscriptionRequest } from '../model';
import { requestFields, withPoorerFormat, type RequestShape } from './requestShape';

/** What a refusal said, as far as it can lead to another request. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: string;
}

/** Field names and values of the formats that a server may not know. */
const FORMAT_WORDS = /timestamp_granularit|granularit|response_format|verbose_json|\bword[- ]level|word timestamps/i;

/** Codes of what has nothing to do with the prompt, though the message may mention one, be it in a file's or a model's name. */
const OTHER_CODES = /model|language|audio|media|file/i;

/**
 * Another way to put the same request after a refusal that names what it disliked; undefined where the refusal is about something
 * else. Every step is poorer than the one before, so that the steps end.
 */
export function changeShape(shape: RequestShape, { status, message, code = '' }: Refusal): RequestShape | undefined {
  // whisper.cpp's server knows one path only, and says so in its own words.
  if (status === 404 && shape.dialect === 'openai' && message.startsWith('File Not Found (')) {
    return { ...shape, dialect: 'whisperCpp', format: 'words' };
  }
  if (status !== 400 && status !== 422) return undefined;
  const isAboutPrompt = code === 'invalid_prompt' || (/\bprompt\b/i.test(message) && !OTHER_CODES.test(code));
  if (FORMAT_WORDS.test(`${code} ${message}`)) return withPoorerFormat(shape);
  if (isAboutPrompt && shape.prompt === 'whole') return { ...shape, prompt: 'half' };
  if (isAboutPrompt && shape.prompt === 'half') return { ...shape, prompt: 'none' };
  return undefined;
}

/**
 * The same for one request: steps that leave it as it was, such as less of a prompt that it does not have, are passed over. What was
 * refused is never sent again.
 */
export function changeRequest(
  request: TranscriptionRequest,
  model: string,
  shape: RequestShape,
  refusal: Refusal,
): RequestShape | undefined {
  const sent = JSON.stringify(requestFields(request, model, shape));
  let next = changeShape(shape, refusal);
  while (next?.dialect === shape.dialect && JSON.stringify(requestFields(request, model, next)) === sent) {
    next = changeShape(next, refusal);
  }
  return next;
}
