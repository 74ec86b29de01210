import { MinutesError } from '../errors';
import { isLoopbackHost } from '../endpoints/endpoint';

/** Where models are fetched from. */
export interface HubAddress {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** What the user is shown. */
  readonly host: string;
}

const PUBLIC_HUB = 'https://huggingface.co';

/**
 * Reads the setting `minutes.embedded.hub`.
 *
 * @param setting empty: `customary` counts, or the public hub where that is empty too
 * @param customary the value of the environment's HF_ENDPOINT
 * @throws MinutesError `hubInvalid`, also for http to anything but loopback: somebody on the way could replace what is fetched
 */
export function parseHub(setting: string, customary = ''): HubAddress {
  const wanted = [setting.trim(), customary.trim(), PUBLIC_HUB].find((text) => text !== '') ?? PUBLIC_HUB;
  let url: URL;
  try {
    url = new URL(wanted);
  } catch {
    throw new MinutesError({ code: 'hubInvalid', hub: withoutUser(wanted) });
  }
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (!isAllowed || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new MinutesError({ code: 'hubInvalid', hub: withoutUser(wanted) });
  }
  return { baseUrl: url.origin + url.pathname.replace(/\/+$/, ''), host: url.host };
}

/** An address as it was written, without everything that may be a user's name or a password. */
function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
}
