import type { RequestLog } from '../../core/transcription/requestLog';
import { isLoopbackHost } from '../../core/endpoints/endpoint';
import { TransportFailure, type HttpAnswer, type HttpRequest, type HttpTransport } from './transport';

/** The two ways, and what decides between them. */
export interface RoutedTransportOptions {
  /** The quick way, with our own connections and time-outs. It knows neither proxies nor the system's certificates. */
  readonly direct: HttpTransport;
  /** The way through the editor, which knows both. */
  readonly editor: HttpTransport;
  /** The proxy that the editor's settings or the environment name. Called for every request, since settings change. */
  readonly proxyInForce: () => string | undefined;
  readonly log: RequestLog;
}

/**
 * Sends each request the right way: directly to loopback and where no proxy is set, through the editor where a proxy is set. Where a
 * host's certificate is not trusted here, the request is repeated through the editor, and later ones to this host go there at once.
 */
export class RoutedTransport implements HttpTransport {
  private readonly untrusted = new Set<string>();
  private readonly told = new Set<string>();

  constructor(private readonly options: RoutedTransportOptions) {}

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { direct, editor, proxyInForce } = this.options;
    const { host, hostname } = new URL(request.url);
    if (this.untrusted.has(host)) return editor.send(request, signal);
    if (!isLoopbackHost(hostname) && proxyInForce() !== undefined) {
      this.tell(host, 'editor', 'a proxy is set');
      return editor.send(request, signal);
    }
    try {
      return await direct.send(request, signal);
    } catch (error) {
      if (!(error instanceof TransportFailure) || error.problem !== 'certificate') throw error;
      this.tell(host, 'editor', error.reason);
      const answer = await editor.send(request, signal);
      this.untrusted.add(host);
      return answer;
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([this.options.direct.dispose(), this.options.editor.dispose()]);
  }

  /** Logs the way, once per host and reason. */
  private tell(host: string, via: 'direct' | 'editor', reason: string): void {
    const what = `${host} ${via} ${reason}`;
    if (this.told.has(what)) return;
    this.told.add(what);
    this.options.log.write({ kind: 'routed', host, via, reason });
  }
}
