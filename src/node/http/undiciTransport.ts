import Agent from 'undici/lib/dispatcher/agent.js';
import { exchange, type Exchange } from './exchange';
import { headersOf } from './requestHeaders';
import {
  TRANSPORT_TIMEOUTS,
  TransportFailure,
  type HttpAnswer,
  type HttpRequest,
  type HttpTransport,
  type TransportTimeouts,
} from './transport';

/** A connection that was opened while somebody begins to speak is there when they end. A server that says less is obeyed. */
const KEEP_ALIVE_MS = 5 * 60_000;

/** Straight to the server: quickest, but knows neither the editor's proxy nor the system's certificates. */
export class UndiciTransport implements HttpTransport {
  private readonly disposal = new AbortController();
  private readonly agent: Agent;

  constructor(private readonly timeouts: TransportTimeouts = TRANSPORT_TIMEOUTS) {
    this.agent = new Agent({
      // An abandoned attempt to connect ends as well.
      connect: { timeout: timeouts.connectMs },
      // The exchange has the clock; undici's own has steps of half a second and does not see a slow drip.
      ...{ headersTimeout: 0, bodyTimeout: 0 },
      ...{ keepAliveTimeout: KEEP_ALIVE_MS, keepAliveMaxTimeout: KEEP_ALIVE_MS },
    });
  }

  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const carry = (link: Exchange): Promise<void> => this.carry(request, link);
    return exchange(request, this.timeouts, carry, [signal, this.disposal.signal]);
  }

  async dispose(): Promise<void> {
    this.disposal.abort(new TransportFailure('reset', 'disposed'));
    await this.agent.destroy();
  }

  private async carry(request: HttpRequest, link: Exchange): Promise<void> {
    const { origin, pathname, search } = new URL(request.url);
    const options = {
      ...{ origin, path: pathname + search, method: request.method },
      ...{ headers: headersOf(request), body: link.body ?? null },
    };
    await new Promise<void>((resolve, reject) => {
      this.agent.dispatch(options, {
        onRequestStart: (controller) => {
          const stop = (): void => {
            controller.abort(new Error('over'));
          };
          if (link.signal.aborted) {
            stop();
            return;
          }
          link.signal.addEventListener('abort', stop);
          link.opened();
        },
        onResponseStart: (_, status, headers) => {
          // 1xx announces an answer, it is none.
          if (status >= 200) link.head(status, Object.entries(headers));
        },
        onResponseData: (_, bytes) => {
          link.block(bytes);
        },
        onResponseEnd: () => {
          resolve();
        },
        onResponseError: (_, error) => {
          reject(error);
        },
      });
    });
  }
}
