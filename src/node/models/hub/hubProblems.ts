import { MinutesError } from '../../../core/errors';
import type { HttpAnswer } from '../../http/transport';

/** The error for an answer that says no. */
export function hubRefusal(answer: HttpAnswer, host: string, model: string): MinutesError {
  const { status } = answer;
  // Who is no member is told 401 for what is secret and for what does not exist alike.
  if (status === 401 || status === 403 || status === 404)
    return new MinutesError({ code: 'modelUnknown', host, model });
  return new MinutesError({ code: 'hubFailed', host, status, reason: reasonIn(answer) });
}

/** What a refusal says of itself, short: the hub's header, its JSON's `error`, or where it sends us in vain. */
function reasonIn({ status, headers, body }: HttpAnswer): string {
  if (status >= 300 && status < 400) return `it redirects to ${(headers['location'] ?? 'nowhere').slice(0, 200)}`;
  const told = headers['x-error-message'] ?? /"error"\s*:\s*"((?:[^"\\]|\\.){1,200})/.exec(body)?.[1];
  return told?.slice(0, 200) ?? '';
}
