import type { RequestLog } from '../../core/transcription/requestLog';
import { FetchTransport } from './fetchTransport';
import { proxyInForce, type EditorProxy } from './proxyInForce';
import { RoutedTransport } from './routedTransport';
import { TRANSPORT_TIMEOUTS, type HttpTransport, type TransportTimeouts } from './transport';
import { UndiciTransport } from './undiciTransport';

/** What decides on a request's way. */
export interface TransportOptions {
  /** Called for every request, since settings change. */
  readonly editorProxy: () => EditorProxy;
  readonly log: RequestLog;
}

/** Hubs and servers of files answer quickly and send bytes all the time. A connection without bytes for this long is dead. */
export const DOWNLOAD_TIMEOUTS: TransportTimeouts = { ...TRANSPORT_TIMEOUTS, answerMs: 30_000, bodyMs: 30_000 };

/** The transport with both ways. Loads undici: import this on first use only. */
export function openTransport({ editorProxy, log }: TransportOptions, timeouts = TRANSPORT_TIMEOUTS): HttpTransport {
  return new RoutedTransport({
    direct: new UndiciTransport(timeouts),
    editor: new FetchTransport(timeouts),
    log,
    proxyInForce: () => proxyInForce(editorProxy(), process.env),
  });
}
