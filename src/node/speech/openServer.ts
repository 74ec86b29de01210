import { MinutesError, type Host } from '../../core/errors';
import type { Provider } from '../../core/endpoints/endpoint';
import type { HttpAnswer, TransportFailure } from '../http/transport';

/** A server that can be asked now. */
export interface OpenServer {
  readonly baseUrl: string;
  /** What the user is shown. */
  readonly host: Host;
  readonly provider: Provider;
  readonly key?: string;
  /** The attempt is over, well or badly. */
  readonly release: () => void;
  /** How long its answer may take, where that is longer than elsewhere. */
  readonly answerMs?: number;
  /** How often a request is sent at most, where that is less than elsewhere. */
  readonly maximumAttempts?: number;
  /** The error for a connection that failed, or an answer that it did, where it is not the network's. */
  readonly broken?: (reason: string) => MinutesError;
  /** A connection to it failed: it is not to be used again, and the next that is opened is another. */
  readonly abandon?: () => void;
}

/** Other text, such as curly quotes or a line break that came along when a key was pasted, is refused before it is sent. */
const HEADER_TEXT = /^[\x20-\x7e]+$/;

/** @throws MinutesError `keyRejected` where no header can carry the key */
export function authorizationOf({ host, key }: Pick<OpenServer, 'host' | 'key'>): { readonly authorization?: string } {
  if (key === undefined) return {};
  if (!HEADER_TEXT.test(key)) throw new MinutesError({ code: 'keyRejected', host });
  return { authorization: `Bearer ${key}` };
}

/** A shorter word, as servers at home take for a key, is no secret; taking it out would spoil what they say. */
const SHORTEST_SECRET = 8;

/** An answer as it may be shown: some endpoints repeat the key that they refuse, in words or in an address. */
export function withoutKey(answer: HttpAnswer, key: string | undefined): HttpAnswer {
  const secret = key?.trim() ?? '';
  if (secret.length < SHORTEST_SECRET) return answer;
  const spellings = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  const clean = (text: string): string => spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '…'), text);
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, clean(value)] as const);
  const plain = plainJson(answer.body);
  const body = clean(plain);
  return { ...answer, headers: Object.fromEntries(headers), body: body === plain ? answer.body : body };
}

/** JSON can spell every character in several ways; this gives each the shortest. */
function plainJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The error for a request without an answer. */
export function brokenConnection(server: Pick<OpenServer, 'host' | 'broken'>, failure: TransportFailure): MinutesError {
  const { host } = server;
  const { problem, reason } = failure;
  if (server.broken) return Object.assign(server.broken(reason), { cause: failure });
  const options = { cause: failure };
  switch (problem) {
    case 'certificate':
      return new MinutesError({ code: 'certificateUntrusted', host, reason }, options);
    case 'timeout':
      return new MinutesError({ code: 'endpointTimedOut', host, reason }, options);
    case 'answerTooLarge':
      return new MinutesError({ code: 'responseUnreadable', host, reason }, options);
    case 'unreachable':
    case 'reset':
      return new MinutesError({ code: 'endpointUnreachable', host, reason }, options);
  }
}
