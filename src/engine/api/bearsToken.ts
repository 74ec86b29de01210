import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether the request has the token. The scheme's case does not matter, and any number of blanks may follow it (RFC 9110, 11.1 and 11.4). */
export function bearsToken({ headers }: IncomingMessage, token: string): boolean {
  const [, given] = /^bearer +(.*)$/i.exec(headers.authorization ?? '') ?? [];
  // Digests have the same length, so the time to compare them tells nothing about the token.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
