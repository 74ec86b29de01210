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

/**
 * A connection that was opened while somebody begins to speak is there when they end; two minutes are a long dictation. Longer ones are
 * more likely dead without a word, since the machine slept or changed its network. A server that says less is obeyed.
 */
const KEEP_ALIVE_MS = 2 * 60_000;

/** Straight to the server: quickest, but knows neither the editor's proxy nor the system's certificates. */
export class UndiciTransport implements HttpTransport {
  private readonly disposal = new AbortController();
  private agent: Agent;
  private underWay = 0;
  private usedMs = Date.now();

  constructor(private readonly timeouts: TransportTimeouts = TRANSPORT_TIMEOUTS) {
    this.agent = this.newAgent();
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    this.dropOldConnections();
    this.underWay++;
    try {
      const carry = (link: Exchange): Promise<void> => this.carry(request, link);
      return await exchange(request, this.timeouts, carry, [signal, this.disposal.signal]);
    } finally {
      this.underWay--;
      this.usedMs = Date.now();
    }
  }

  async dispose(): Promise<void> {
    this.disposal.abort(new TransportFailure('reset', 'disposed'));
    await this.agent.destroy();
  }

  /** The timers that end idle connections stand still while the machine sleeps; the clock does not. */
  private dropOldConnections(): void {
    if (this.underWay > 0 || Date.now() - this.usedMs < KEEP_ALIVE_MS) return;
    void this.agent.destroy();
    this.agent = this.newAgent();
  }

  private newAgent(): Agent {
    return new Agent({
      // An abandoned attempt to connect ends as well.
      connect: { timeout: this.timeouts.connectMs },
      // The exchange has the clock; undici's own has steps of half a second and does not see a slow drip.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
    });
  }

  private async carry(request: HttpRequest, link: Exchange): Promise<void> {
    const { origin, pathname, search } = new URL(request.url);
    const options = {
      origin,
      path: pathname + search,
      method: request.method,
      headers: headersOf(request),
      body: link.body ?? null,
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
        onResponseData: (controller, bytes) => {
          const taken = link.block(bytes);
          if (!taken) return;
          controller.pause();
          void taken.then(() => {
            controller.resume();
          });
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
