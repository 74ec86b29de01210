import { defined } from '../../core/async/defined';
import { redirectTarget } from '../../core/downloads/redirectTarget';
import { TransportFailure, type AnswerSink, type HttpAnswer, type HttpTransport } from '../http/transport';

/** The outcome of a request, with the host that it came from: after a redirect this is not the host that was asked. */
export type RequestOutcome =
  | { readonly kind: 'answered'; readonly host: string; readonly answer: HttpAnswer }
  | { readonly kind: 'broken'; readonly host: string; readonly failure: TransportFailure };

/** A request for a file, or for facts about files. */
export interface FollowedRequest {
  readonly url: string;
  /** The first byte that is wanted. With 0 the whole file is asked for, without a range. */
  readonly fromByte?: number;
  /** Lower-case names. They go to every host that redirects lead to. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Gets the answer at the end of all redirects. */
  readonly sink?: AnswerSink;
}

/** Hubs need one or two, links that count listeners of podcasts up to four. More redirects mean a loop. */
const MAXIMUM_REDIRECTS = 8;

/**
 * Sends requests and follows their redirects, because large files are often kept on other hosts. (Redirects of endpoints are never
 * followed.) This is safe: no key or cookie is ever sent here, and {@link redirectTarget} keeps to https.
 */
export class FollowedRequests {
  constructor(
    private readonly transport: HttpTransport,
    private readonly userAgent: string,
  ) {}

  /** One attempt. @throws the sink's own error; the signal's reason when aborted */
  async send(
    { url, fromByte = 0, headers: more = {}, sink }: FollowedRequest,
    signal: AbortSignal,
  ): Promise<RequestOutcome> {
    const range = fromByte > 0 ? `bytes=${fromByte}-` : undefined;
    const headers = { ...more, ...defined({ 'user-agent': this.userAgent, range }) };
    let at = url;
    for (let hops = 0; ; hops++) {
      const { host } = new URL(at);
      try {
        const answer = await this.transport.send({ method: 'GET', url: at, headers, ...(sink && { sink }) }, signal);
        const next = isRedirect(answer.status) ? redirectTarget(at, answer.headers['location']) : undefined;
        if (next === undefined || hops === MAXIMUM_REDIRECTS) return { kind: 'answered', host, answer };
        at = next;
      } catch (error) {
        if (!(error instanceof TransportFailure)) throw error;
        return { kind: 'broken', host, failure: error };
      }
    }
  }

  async dispose(): Promise<void> {
    await this.transport.dispose();
  }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
