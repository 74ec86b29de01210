import { MinutesError } from '../errors';
import { type SpeechJob, EMBEDDED, type EmbeddedEndpoint } from '../model';

/** Whose server it is, where that makes a difference. `whisperCpp` is told by the path of its one address; `embedded` is our engine. */
export type Provider = 'groq' | 'openai' | 'mistral' | 'whisperCpp' | 'embedded' | 'other';

/** A server that speaks the OpenAI-compatible speech-to-text API. */
export interface RemoteEndpoint {
  readonly kind: 'remote';
  /** Without a slash at its end. The dialect's path, such as `/audio/transcriptions`, is added to it. */
  readonly baseUrl: string;
  /** What the user is shown: the host, and the port where it is not the protocol's own. */
  readonly host: string;
  /** Whether audio stays on this machine. */
  readonly isLoopback: boolean;
  readonly provider: Provider;
  /** The model for each job where the user chose none. */
  readonly defaultModels: Readonly<Record<SpeechJob, string>>;
  /** Whether it is known to refuse requests without a key. A self-hosted server may want none. */
  readonly requiresKey: boolean;
}

/** Where requests go: to the engine on this machine, or to a server. */
export type Endpoint = EmbeddedEndpoint | RemoteEndpoint;

/** Names of Groq's Whisper models. Most self-hosted servers take these names, or ignore them. Turbo does not translate. */
const WHISPER_MODELS: RemoteEndpoint['defaultModels'] = {
  dictation: 'whisper-large-v3-turbo',
  meeting: 'whisper-large-v3-turbo',
  translation: 'whisper-large-v3',
};

function everywhere(model: string): RemoteEndpoint['defaultModels'] {
  return { dictation: model, meeting: model, translation: model };
}

/** The endpoints that are known by name. Addresses and models as in the providers' documentation of speech to text. */
const NAMED: ReadonlyMap<string, Pick<RemoteEndpoint, 'baseUrl' | 'provider' | 'defaultModels'>> = new Map([
  ['groq', { baseUrl: 'https://api.groq.com/openai/v1', provider: 'groq', defaultModels: WHISPER_MODELS }],
  // OpenAI's only model that answers verbose_json with segments and words.
  ['openai', { baseUrl: 'https://api.openai.com/v1', provider: 'openai', defaultModels: everywhere('whisper-1') }],
  [
    'mistral',
    { baseUrl: 'https://api.mistral.ai/v1', provider: 'mistral', defaultModels: everywhere('voxtral-mini-latest') },
  ],
]);

/**
 * Reads the setting `minutes.endpoint`: `embedded`, `groq`, `openai`, `mistral`, or a base address such as `http://localhost:8000/v1`.
 *
 * @throws MinutesError `endpointInvalid`, or `endpointInsecure` for http to anything but loopback: a key or a meeting must not
 * cross a network in the clear.
 */
export function parseEndpoint(setting: string): Endpoint {
  const wanted = setting.trim();
  if (wanted === '' || wanted.toLowerCase() === 'embedded') return EMBEDDED;
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

/** An address as it was written, without everything that may be a user's name or a password. */
function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1');
}

function remote(url: URL): RemoteEndpoint {
  const path = url.pathname.replace(/\/+$/, '');
  const common = { kind: 'remote', host: url.host, isLoopback: isLoopbackHost(url.hostname) } as const;
  if (path.endsWith('/inference')) {
    const baseUrl = url.origin + path.slice(0, -'/inference'.length);
    return { ...common, baseUrl, provider: 'whisperCpp', defaultModels: WHISPER_MODELS, requiresKey: false };
  }
  const base = path.replace(/\/+audio(\/(transcriptions|translations))?$/, '');
  // An address without a path nearly always means the API's usual path; one with a path is taken as it is.
  const baseUrl = url.origin + (path === '' ? '/v1' : base);
  // Known by its address as well as by its name.
  const known = [...NAMED.values()].find((named) => named.baseUrl === baseUrl);
  const { provider, defaultModels } = known ?? { provider: 'other', defaultModels: WHISPER_MODELS };
  return { ...common, baseUrl, provider, defaultModels, requiresKey: known !== undefined };
}

/** Whether a URL's host name can only mean this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The models that the user chose, by what they are for. */
export type ChosenModels = Readonly<Partial<Record<SpeechJob, string>>>;

/**
 * The endpoint's model for a job: the one that the user chose for this job, else the endpoint's default for it. Every endpoint has a
 * model of its own for translations, because most models do not translate.
 */
export function resolveModel({ defaultModels }: RemoteEndpoint, job: SpeechJob, chosen: ChosenModels = {}): string {
  return chosen[job] ?? defaultModels[job];
}
