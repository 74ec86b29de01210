import { MinutesError } from '../../core/errors';
import type { Host } from '../../core/model';
import type { Provider } from '../../core/endpoints/endpoint';
import { readJson, readJsonLines } from '../../core/endpoints/readJson';
import type { HttpAnswer, TransportFailure } from '../http/transport';

/** A server that is ready for a request. */
export interface OpenServer {
  readonly baseUrl: string;
  /** What the user is shown. */
  readonly host: Host;
  readonly provider: Provider;
  readonly key?: string;
  /** To be called when the attempt has ended, with or without an answer. */
  readonly release: () => void;
  /** How long its answer may take; absent: as long as every server's. */
  readonly answerMs?: number;
  /** How often a request is sent at most; absent: as often as to every server. */
  readonly maximumAttempts?: number;
  /** The error for a connection that failed, or for an answer that tells of a failure, where the network is not the cause. */
  readonly broken?: (reason: string) => MinutesError;
  /** To be called when a connection to the server failed: it is not used again, and the next attempt opens another one. */
  readonly abandon?: () => void;
}

/** Text that a header can carry. Other keys, such as one pasted with curly quotes or a line break, are refused before they are sent. */
const HEADER_TEXT = /^[\x20-\x7e]+$/;

/** @throws MinutesError `keyRejected` where no header can carry the key */
export function authorizationOf({ host, key }: Pick<OpenServer, 'host' | 'key'>): { readonly authorization?: string } {
  if (key === undefined) return {};
  if (!HEADER_TEXT.test(key)) throw new MinutesError({ code: 'keyRejected', host });
  return { authorization: `Bearer ${key}` };
}

/** A shorter key, as servers at home take, is not a secret. Removing it would spoil their messages. */
const SHORTEST_SECRET = 8;

/** An answer that may be shown. The key is removed: some endpoints repeat the key that they refuse, in a text or in an address. */
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

/** The same JSON with each character in its shortest form: JSON can write every character in several ways. */
function plainJson(text: string): string {
  const json = readJson(text);
  if (json !== undefined) return JSON.stringify(json);
  return (
    readJsonLines(text)
      ?.map((line) => JSON.stringify(line))
      .join('\n') ?? text
  );
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
