import { randomBytes } from 'node:crypto';

/** The header that every answer bears, by which a client can name it; OpenAI's and Groq's clients read it. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** An id in the form of Groq's: `req_` and 26 characters. */
export function newRequestId(): string {
  return `req_${randomBytes(13).toString('hex')}`;
}
