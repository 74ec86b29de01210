import { MinutesError } from '../errors';
import { parseErrorBody } from './parseResponse';

/** What is known of the request that failed. */
export interface FailedRequest {
  readonly host: string;
  readonly model: string;
  readonly language?: string;
  readonly hasKey: boolean;
}

/** Statuses below 500 that pass by themselves: time-out, conflict, Groq's "capacity exceeded". */
const PASSING: ReadonlySet<number> = new Set([408, 409, 498]);

/** The error for an answer whose status is not 2xx, by what the user can do about it. Statuses as in the endpoint's documentation. */
export function classifyFailure(status: number, body: string, request: FailedRequest): MinutesError {
  const { host } = request;
  const { message: reason, code } = parseErrorBody(body);
  switch (status) {
    case 401:
      return new MinutesError(request.hasKey ? { code: 'keyRejected', host } : { code: 'keyMissing', host });
    case 403:
      return new MinutesError({ code: 'forbidden', host, reason });
    case 404:
      return new MinutesError({ code: 'notFound', host, model: request.model, reason });
    case 429:
      return new MinutesError({ code: 'rateLimited', host, reason });
    default:
      if (code === 'unsupported_language' && request.language !== undefined) {
        return new MinutesError({ code: 'languageUnsupported', host, language: request.language });
      }
      return new MinutesError({
        code: status >= 500 || PASSING.has(status) ? 'endpointFailed' : 'requestRefused',
        host,
        status,
        reason,
      });
  }
}
