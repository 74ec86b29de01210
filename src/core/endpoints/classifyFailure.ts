import { MinutesError, type AudioKind, type Problem } from '../errors';
import type { SpeechTask, Host } from '../model';
import { canTranslate } from './knownModels';
import { parseErrorBody } from './parseErrorBody';

/** What is known of the request that failed. */
export interface FailedRequest {
  readonly host: Host;
  readonly model: string;
  readonly task: SpeechTask;
  readonly language?: string;
  readonly hasKey: boolean;
  readonly sizeBytes: number;
  readonly audioKind?: AudioKind;
  /** Whether the server is the user's own, and has never answered for this model. */
  readonly mayLackModel?: boolean;
}

/** An answer whose status is not 2xx. */
export interface FailedAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Statuses below 500 that pass by themselves: time-out, conflict, Groq's "capacity exceeded". */
const PASSING: ReadonlySet<number> = new Set([408, 409, 498]);

/** Codes for a fault of the file itself, as in Groq's answers. */
const FILE_CODES = /^(unsupported_audio_format|invalid_media_file|audio_too_short|invalid_audio|unsupported_file)/;
const FILE_WORDS =
  /\b(too short|could not process file|file must be one of|invalid file format|not a valid (media|audio) file|unsupported audio|failed to read audio|decod)/i;

/** OpenAI's codes for an account without credit: a 429 that no waiting ends. */
const QUOTA_CODES = /insufficient_quota|billing_hard_limit|billing_not_active/;

/** The words of web frameworks for a failure of the program behind them, which say nothing. */
const NO_REASON = /^(internal server error\W*)*$/i;

/** Cloudflare's own page, in plain text, for a client that it dislikes. */
const CLOUDFLARE_BLOCK = /error code: 10\d\d/i;

/** faster-whisper's error for a list of stretches to hear that is empty: the server's detector found no speech (speaches, issue 608). */
const NO_SPEECH_FOUND = /\bno clip timestamps found\b/i;

/**
 * Whether a failure only says that nobody speaks in the audio. The same words come where a server is set up to hear several stretches at
 * once but to look for none, and then for every audio of more than 30 s; so this holds for a shorter audio only.
 */
export function saysNoSpeech({ status, body }: FailedAnswer): boolean {
  return status >= 500 && NO_SPEECH_FOUND.test(parseErrorBody(body).whole);
}

/** The error for an answer whose status is not 2xx, by what the user can do about it. Statuses as in the endpoints' documentation. */
export function classifyFailure(answer: FailedAnswer, request: FailedRequest): MinutesError {
  return new MinutesError(problemFor(answer, request));
}

function problemFor({ status, headers, body }: FailedAnswer, request: FailedRequest): Problem {
  const { host, model, audioKind } = request;
  const audio = audioKind === undefined ? {} : { audioKind };
  const { message: reason, code = '', isMarkup } = parseErrorBody(body);
  const said = { status, reason: withoutStatus(reason, status) };
  if (status >= 300 && status < 400) return { code: 'redirected', host, location: headers['location'] ?? '' };
  if (status === 413) return { code: 'tooLarge', host, sizeBytes: request.sizeBytes, ...audio };
  if (CLOUDFLARE_BLOCK.test(reason) && status === 403) return { code: 'clientBlocked', host, reason };
  // An HTML page says nothing about the key: the program that made it does not know the key. Failures that pass, and addresses that a
  // server does not know, may come as a page too; they are classified by their status.
  if (status === 407 || (isMarkup && status < 500 && status !== 404 && status !== 429 && !PASSING.has(status))) {
    return { code: 'proxyAnswered', host, ...said };
  }
  switch (status) {
    case 401:
      return request.hasKey ? { code: 'keyRejected', host } : { code: 'keyMissing', host };
    case 403:
      return request.hasKey ? { code: 'forbidden', host, reason } : { code: 'keyMissing', host };
    case 404:
      return { code: 'notFound', host, model, reason };
    case 402:
      return { code: 'quotaExhausted', host, reason };
    case 429:
      return { code: QUOTA_CODES.test(code) ? 'quotaExhausted' : 'rateLimited', host, reason };
  }
  // faster-whisper-server answers so where it does not have the model.
  if (status === 500 && request.mayLackModel === true && NO_REASON.test(said.reason.trim()))
    return { code: 'endpointFailed', host, ...said, model };
  if (status >= 500 || PASSING.has(status)) return { code: 'endpointFailed', host, ...said };
  if (code === 'unsupported_language' && request.language !== undefined) {
    return { code: 'languageUnsupported', host, language: request.language };
  }
  if (code === 'unsupported_task' && request.task === 'translate') {
    return { code: 'translationUnsupported', host, model };
  }
  if (status === 400 && request.task === 'translate' && /translat/i.test(reason) && !canTranslate(model)) {
    return { code: 'translationUnsupported', host, model };
  }
  // whisper.cpp's server refuses nothing else with this status, and gives no reason.
  const isWhisperCpp = headers['server']?.startsWith('whisper.cpp') === true;
  if (status === 400 && (isWhisperCpp || FILE_CODES.test(code) || FILE_WORDS.test(reason)))
    return { code: 'fileRefused', host, reason, ...audio };
  return { code: 'requestRefused', host, ...said };
}

/** A message that begins with the status, without it, as in "502 Bad Gateway" or "error code: 524": what shows it names the status as well. */
function withoutStatus(message: string, status: number): string {
  return message.replace(new RegExp(`^(error code: )?${status}\\b\\W*`, 'i'), '');
}
