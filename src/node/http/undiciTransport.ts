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
import { Unpacking } from './unpacking';

/**
 * How long an idle connection is kept. A connection that is opened when the user begins to speak is still there when they end; two
 * minutes are a long dictation. An older one is more likely dead, since the machine slept or changed its network. Where the server names
 * a shorter time, that holds.
 */
const KEEP_ALIVE_MS = 2 * 60_000;

/** Sends requests straight to the server. It is the quickest way, but knows neither the editor's proxy nor the system's certificates. */
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

  /** Closes connections that idled too long. Timers alone do not: they stand still while the machine sleeps. */
  private dropOldConnections(): void {
    if (this.underWay > 0 || Date.now() - this.usedMs < KEEP_ALIVE_MS) return;
    void this.agent.destroy();
    this.agent = this.newAgent();
  }

  private newAgent(): Agent {
    return new Agent({
      // This limit also ends an attempt to connect that nobody waits for any more.
      connect: { timeout: this.timeouts.connectMs },
      // The exchange keeps the time limits: undici's own have steps of half a second and do not notice a server that sends very slowly.
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
    let unpacking: Unpacking | undefined;
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
          // A status 1xx only announces the answer.
          if (status < 200) return;
          link.head(status, Object.entries(headers));
          unpacking = Unpacking.of(headers['content-encoding'], link, reject);
        },
        onResponseData: (controller, bytes) => {
          const taken = (unpacking ?? link).block(bytes);
          if (!taken) return;
          controller.pause();
          void taken.then(() => {
            controller.resume();
          });
        },
        onResponseEnd: () => {
          if (unpacking) unpacking.end().then(resolve, reject);
          else resolve();
        },
        onResponseError: (_, error) => {
          reject(error);
        },
      });
    });
  }
}
