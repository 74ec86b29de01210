import { ReadableStream } from 'node:stream/web';
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
 * Sends requests through the editor's `fetch`, which knows the proxy and the system's certificates. How long it keeps connections cannot
 * be set. For a request without a body it does not tell when the connection is open, so `answerMs` then counts from the start.
 */
export class FetchTransport implements HttpTransport {
  private readonly disposal = new AbortController();

  constructor(private readonly timeouts: TransportTimeouts = TRANSPORT_TIMEOUTS) {}

  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return exchange(request, this.timeouts, (link) => carry(request, link), [signal, this.disposal.signal]);
  }

  dispose(): Promise<void> {
    this.disposal.abort(new TransportFailure('reset', 'disposed'));
    return Promise.resolve();
  }
}

async function carry(request: HttpRequest, link: Exchange): Promise<void> {
  if (!link.body) link.opened();
  const response = await fetch(request.url, {
    method: request.method,
    headers: headersOf(request),
    signal: link.signal,
    ...(link.body && { body: streamOf(link.body), duplex: 'half' }),
    redirect: 'manual',
    // No cookies. And a 401 is an answer: `fetch` must not ask for a password and send the stream again, which is impossible.
    credentials: 'omit',
  });
  link.head(response.status, response.headers);
  if (response.body) for await (const bytes of response.body) await link.block(bytes as Uint8Array);
}

/** A stream that reads no block ahead: the read of the second block tells that the connection is open. */
function streamOf(blocks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await blocks.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await blocks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
