import type { ScriptedAnswer } from './scriptedServer';

/** Ready-made answers in the shapes that endpoints are known to send. */

/** A stretch of speech as a test says it. Times are seconds from the audio's start. */
export interface SpokenSegment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Spoken {
  readonly segments: readonly SpokenSegment[];
  /** What `language` is in the answer; each dialect has its own where absent. */
  readonly language?: string;
}

/** One sentence over the first seconds: enough for a test that only needs some answer. */
export function spoken(text: string, startS = 0, endS = 1): Spoken {
  return { segments: [{ start: startS, end: endS, text }] };
}

interface SpokenWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** A segment's words, its time divided evenly among them. */
function wordsOf({ start, end, text }: SpokenSegment): SpokenWord[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const step = (end - start) / Math.max(1, words.length);
  return words.map((word, i) => ({ word, start: start + i * step, end: start + (i + 1) * step }));
}

function textOf({ segments }: Spoken): string {
  return segments.map(({ text }) => text).join(' ');
}

function durationOf({ segments }: Spoken): number {
  return segments.at(-1)?.end ?? 0;
}

function json(body: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): ScriptedAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

const GROQ_HEADERS = {
  'x-ratelimit-limit-requests': '2000',
  'x-ratelimit-remaining-requests': '1999',
  'x-ratelimit-reset-requests': '43.2s',
  'x-ratelimit-limit-audio-seconds': '7200',
  'x-ratelimit-remaining-audio-seconds': '7190',
  'x-ratelimit-reset-audio-seconds': '5s',
  'x-request-id': 'req_01scripted',
};

/** Groq's `verbose_json` with both granularities. */
export function groqVerboseJson(said: Spoken): ScriptedAnswer {
  return json(
    {
      task: 'transcribe',
      language: said.language ?? 'English',
      duration: durationOf(said),
      text: ` ${textOf(said)}`,
      words: said.segments.flatMap(wordsOf),
      segments: said.segments.map(({ start, end, text }, id) => ({
        id,
        seek: 0,
        start,
        end,
        text: ` ${text}`,
        tokens: [50_365, 1013 + id],
        temperature: 0,
        avg_logprob: -0.25,
        compression_ratio: 1.2,
        no_speech_prob: 0,
      })),
      x_groq: { id: 'req_01scripted' },
    },
    GROQ_HEADERS,
  );
}

/** Groq's `json`. */
export function groqJson(said: Spoken): ScriptedAnswer {
  return json({ text: ` ${textOf(said)}`, x_groq: { id: 'req_01scripted' } }, GROQ_HEADERS);
}

/**
 * whisper.cpp's server: words inside segments, no compression ratio, a line break at the text's end.
 *
 * @param found the language that it found out beside the one that it writes in
 */
export function whisperCpp(said: Spoken, found: { readonly detected_language?: string } = {}): ScriptedAnswer {
  return json({
    ...found,
    task: 'transcribe',
    language: said.language ?? 'english',
    duration: durationOf(said),
    text: `${said.segments.map(({ text }) => ` ${text}`).join('\n')}\n`,
    segments: said.segments.map((segment, id) => ({
      id,
      text: ` ${segment.text}`,
      start: segment.start,
      end: segment.end,
      tokens: [1013 + id],
      words: wordsOf(segment).map(({ word, ...time }) => ({ word: ` ${word}`, ...time, t_dtw: -1, probability: 0.9 })),
      temperature: 0,
      avg_logprob: -0.3,
      no_speech_prob: 0.01,
    })),
  });
}

/** vLLM: the duration is a string, `words` and `no_speech_prob` are null. */
export function vllm(said: Spoken): ScriptedAnswer {
  return json({
    duration: String(durationOf(said)),
    language: said.language ?? 'en',
    text: textOf(said),
    segments: said.segments.map(({ start, end, text }, id) => ({
      id,
      seek: 0,
      start,
      end,
      text,
      tokens: [1013 + id],
      temperature: 0,
      avg_logprob: -0.3,
      compression_ratio: 1.1,
      no_speech_prob: null,
    })),
    words: null,
  });
}

/** LocalAI: a word's text is called `text`, and no quality is told. */
export function localAi(said: Spoken): ScriptedAnswer {
  return json({
    segments: said.segments.map(({ start, end, text }, id) => ({ id, start, end, text, tokens: [1013 + id] })),
    words: said.segments.flatMap(wordsOf).map(({ word, ...time }) => ({ text: word, ...time })),
    text: textOf(said),
  });
}

/** OpenAI's `json`: text and what it cost, no times at all. */
export function openAiJson(said: Spoken): ScriptedAnswer {
  return json({ text: textOf(said), usage: { type: 'duration', seconds: Math.ceil(durationOf(said)) } });
}

/** OpenAI's `gpt-4o-transcribe` where it was asked for log-probabilities: one for each token. */
export function openAiLogprobs(said: Spoken, logprobs: readonly number[]): ScriptedAnswer {
  const tokens = logprobs.map((logprob, i) => ({ token: ` t${i}`, bytes: [32, 116, 48 + i], logprob }));
  return json({ text: textOf(said), logprobs: tokens, usage: { type: 'tokens', total_tokens: tokens.length } });
}

/** OpenAI's `gpt-transcribe`: the languages that it heard, no times. */
export function openAiLanguages(said: Spoken): ScriptedAnswer {
  return json({ text: textOf(said), languages: [said.language ?? 'en'], usage: { type: 'tokens', total_tokens: 9 } });
}

/** Mistral's Voxtral with segments: the language is null where none was named. */
export function voxtral(said: Spoken): ScriptedAnswer {
  return json({
    model: 'voxtral-mini-2507',
    text: textOf(said),
    language: said.language ?? null,
    segments: said.segments.map(({ start, end, text }) => ({ text, start, end, type: 'transcription_segment' })),
    usage: { prompt_audio_seconds: Math.ceil(durationOf(said)), total_tokens: 9 },
  });
}

/** A server whose audio held nothing. */
export function silence(): ScriptedAnswer {
  return json(
    { task: 'transcribe', language: 'English', duration: 0, text: '', segments: [], words: [] },
    GROQ_HEADERS,
  );
}

export interface ErrorFacts {
  readonly message?: string;
  readonly type?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal in the API's own shape. */
export function error(status: number, { message, type, code, headers }: ErrorFacts = {}): ScriptedAnswer {
  return json(
    { error: { message: message ?? `Scripted error ${status}.`, type: type ?? 'invalid_request_error', code } },
    headers,
    status,
  );
}

/** Groq's refusal for too much audio in an hour. */
export function rateLimited(wait = '9m6s', retryAfterS = 546): ScriptedAnswer {
  return error(429, {
    message: `Rate limit reached for model \`whisper-large-v3-turbo\` on seconds of audio per hour (ASPH): Limit 7200, Used 5956, Requested 2336. Please try again in ${wait}.`,
    type: 'seconds',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': String(retryAfterS) },
  });
}

/** whisper.cpp and others: the error is a string. */
export function stringError(status: number, message: string): ScriptedAnswer {
  return json({ error: message }, {}, status);
}

/** A proxy's page in place of an answer. */
export function htmlError(status: number, title: string): ScriptedAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html', server: 'nginx' },
    body: `<html>\r\n<head><title>${title}</title><style>body { color: red }</style></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  };
}

/** Cloudflare's refusal of a request whose User-Agent is missing or disliked. */
export function cloudflare1010(): ScriptedAnswer {
  return {
    status: 403,
    headers: { 'content-type': 'text/plain; charset=UTF-8', server: 'cloudflare' },
    body: 'error code: 1010',
  };
}

/** Sends the request elsewhere. */
export function redirect(location: string, status = 307): ScriptedAnswer {
  return { status, headers: { location } };
}
