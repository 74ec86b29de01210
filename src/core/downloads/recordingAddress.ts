import { isLoopbackHost } from '../endpoints/endpoint';
import { MinutesError } from '../errors';

/** The address of a recording that may be downloaded. It may hold a permission: only its host is ever told. */
export interface RecordingAddress {
  readonly url: string;
  readonly host: string;
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean;
}

/**
 * Reads what the user typed.
 *
 * @throws MinutesError `urlInvalid` for anything but https (http to this machine only); `urlHasPassword`
 */
export function parseRecordingAddress(text: string): RecordingAddress {
  const wanted = text.trim();
  if (!URL.canParse(wanted)) throw new MinutesError({ code: 'urlInvalid', url: withoutSecrets(wanted) });
  const url = new URL(wanted);
  const isLoopback = isLoopbackHost(url.hostname);
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback);
  if (!isAllowed) throw new MinutesError({ code: 'urlInvalid', url: withoutSecrets(wanted) });
  if (url.username !== '' || url.password !== '') throw new MinutesError({ code: 'urlHasPassword', host: url.host });
  url.hash = '';
  return { url: url.href, host: url.host, isLoopback };
}

/**
 * An address as it was written, without what may be a secret: a user's name, a password, the query. A password that was not written as
 * addresses want it may hold any sign, so nothing is shown that stands before the last "@".
 */
function withoutSecrets(address: string): string {
  return address.replace(/^([a-z][a-z\d+.-]*:[/\\]*)?.*@/is, '$1…@').replace(/[?#].*$/s, '');
}
