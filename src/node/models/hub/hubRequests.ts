import { defined } from '../../../core/async/defined';
import { redirectTarget } from '../../../core/models/hubAddress';
import { TransportFailure, type AnswerSink, type HttpAnswer, type HttpTransport } from '../../http/transport';

/** What became of a request, and at which host, since that may not be the one that was asked. */
export type HubOutcome =
  | { readonly kind: 'answered'; readonly host: string; readonly answer: HttpAnswer }
  | { readonly kind: 'broken'; readonly host: string; readonly failure: TransportFailure };

/** A request to the hub. */
export interface HubRequest {
  readonly url: string;
  /** From this byte on; 0: all of it, without asking for a part. */
  readonly fromByte?: number;
  /** Asked at the end of all redirects only. */
  readonly sink?: AnswerSink;
}

/** The hub needs one or two. More is a circle. */
const MAXIMUM_REDIRECTS = 5;

/**
 * Asks a hub, and whom it sends us to. Unlike endpoints a hub is followed: it keeps large files elsewhere. That does no harm since
 * neither key nor cookie is ever sent here, and since what arrives is checked against the hub's own checksums.
 */
export class HubRequests {
  constructor(
    private readonly transport: HttpTransport,
    private readonly userAgent: string,
  ) {}

  /** One attempt. @throws the sink's own error; the signal's reason when aborted */
  async send({ url, fromByte = 0, sink }: HubRequest, signal: AbortSignal): Promise<HubOutcome> {
    const headers = defined({ 'user-agent': this.userAgent, range: fromByte > 0 ? `bytes=${fromByte}-` : undefined });
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
