import { MinutesError } from '../../../core/errors';
import type { HttpAnswer } from '../../http/transport';

/** The error for an answer that refuses the request. */
export function hubRefusal(answer: HttpAnswer, host: string, model: string): MinutesError {
  const { status } = answer;
  // Without a log-in the hub answers 401 for private models and for models that do not exist.
  if (status === 401 || status === 403 || status === 404)
    return new MinutesError({ code: 'modelUnknown', host, model });
  return new MinutesError({ code: 'hubFailed', host, status, reason: reasonIn(answer) });
}

/** The reason of a refusal, shortened: the hub's header, the `error` in its JSON, or the target of a redirect that is not followed. */
function reasonIn({ status, headers, body }: HttpAnswer): string {
  if (status >= 300 && status < 400) return `it redirects to ${(headers['location'] ?? 'nowhere').slice(0, 200)}`;
  const told = headers['x-error-message'] ?? /"error"\s*:\s*"((?:[^"\\]|\\.){1,200})/.exec(body)?.[1];
  return told?.slice(0, 200) ?? '';
}
