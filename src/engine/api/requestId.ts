import { randomBytes } from 'node:crypto';

/** The header with the request's id in every answer. OpenAI's and Groq's clients read it. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** An id in the form of Groq's: `req_` and 26 characters. */
export function newRequestId(): string {
  return `req_${randomBytes(13).toString('hex')}`;
}
