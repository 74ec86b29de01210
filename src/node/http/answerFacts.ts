import { defined } from '../../core/async/defined';
import type { HttpAnswer } from './transport';

/** The endpoint's own id of a request, for the log: its support asks for it. It comes from the header, or from the body, where Groq repeats it. */
export function requestIdOf({ headers, body }: HttpAnswer): { readonly requestId?: string } {
  const requestId = headers['x-request-id'] ?? headers['request-id'] ?? /"id"\s*:\s*"(req_\w{1,80})"/.exec(body)?.[1];
  return requestId === undefined ? {} : { requestId };
}

/** What an endpoint says is left of its quota: requests of the day, audio seconds of the hour (Groq's documentation). */
export function remainingQuota(headers: HttpAnswer['headers']): {
  readonly remaining?: { readonly requests?: number; readonly audioS?: number };
} {
  const requests = figure(headers['x-ratelimit-remaining-requests']);
  const audioS = figure(headers['x-ratelimit-remaining-audio-seconds']);
  if (requests === undefined && audioS === undefined) return {};
  return {
    remaining: defined({ requests, audioS }),
  };
}

function figure(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
