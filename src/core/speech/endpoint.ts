import { MinutesError } from '../errors';

/** The engine that comes with Minutes, on this machine. */
export interface EmbeddedEndpoint {
  readonly kind: 'embedded';
}

/** A server that speaks the OpenAI-compatible speech-to-text API. */
export interface RemoteEndpoint {
  readonly kind: 'remote';
  /** Without a slash at its end; `/audio/transcriptions` comes behind it. */
  readonly baseUrl: string;
  /** Host and, where it is not the protocol's own, port: what the user is shown. */
  readonly host: string;
  /** Whether audio stays on this machine. */
  readonly isLoopback: boolean;
  readonly defaultModel: string;
  /** Whether it is known to refuse requests without a key; a server of one's own may want none. */
  readonly requiresKey: boolean;
}

export type Endpoint = EmbeddedEndpoint | RemoteEndpoint;

/** The endpoints that are known by name. Addresses and models as in the providers' documentation of speech to text. */
const NAMED: ReadonlyMap<string, { readonly baseUrl: string; readonly defaultModel: string }> = new Map([
  ['groq', { baseUrl: 'https://api.groq.com/openai/v1', defaultModel: 'whisper-large-v3-turbo' }],
  // The one model of OpenAI's that answers verbose_json with segments and words.
  ['openai', { baseUrl: 'https://api.openai.com/v1', defaultModel: 'whisper-1' }],
]);

/** What most self-hosted servers take, or ignore. */
const COMPATIBLE_DEFAULT_MODEL = 'whisper-large-v3-turbo';

/**
 * Reads the setting `minutes.endpoint`: `embedded`, `groq`, `openai`, or a base address such as `http://localhost:8000/v1`.
 *
 * @throws MinutesError `endpointInvalid`, or `endpointInsecure` for http to anything but loopback: a key or a meeting must not
 * cross a network in the clear.
 */
export function parseEndpoint(setting: string): Endpoint {
  const wanted = setting.trim();
  if (wanted === '' || wanted.toLowerCase() === 'embedded') return { kind: 'embedded' };
  const named = NAMED.get(wanted.toLowerCase());
  if (named) return remote(new URL(named.baseUrl));

  let url: URL;
  try {
    url = new URL(wanted);
  } catch {
    throw new MinutesError({ code: 'endpointInvalid', endpoint: withoutUser(wanted) });
  }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.username !== '' || url.password !== '') {
    throw new MinutesError({ code: 'endpointInvalid', endpoint: withoutUser(wanted) });
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new MinutesError({ code: 'endpointInsecure', endpoint: url.origin });
  }
  return remote(url);
}

/** An address as it was written, but for everything that may be a name or a password. */
function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
}

function remote(url: URL): RemoteEndpoint {
  const path = url.pathname.replace(/\/+$/, '').replace(/\/+audio(\/(transcriptions|translations))?$/, '');
  // A bare origin nearly always means the API's usual place.
  const baseUrl = url.origin + (path === '' ? '/v1' : path);
  // Known by its address as well as by its name.
  const known = [...NAMED.values()].find((named) => named.baseUrl === baseUrl);
  return {
    kind: 'remote',
    baseUrl,
    host: url.host,
    isLoopback: isLoopbackHost(url.hostname),
    defaultModel: known?.defaultModel ?? COMPATIBLE_DEFAULT_MODEL,
    requiresKey: known !== undefined,
  };
}

/** Whether a URL's host name can only mean this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
