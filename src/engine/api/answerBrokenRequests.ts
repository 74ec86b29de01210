import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from './apiError';
import { newRequestId, REQUEST_ID_HEADER } from './requestId';

/** What a connection is busy with. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers what is not HTTP, has too large headers, or does not arrive in time, in the API's shape, and ends the connection. Node would
 * answer without a body. Nothing is written where an answer is being sent already, for it would become a part of that.
 */
export function answerBrokenRequests(server: Server): void {
  const exchanges = new WeakMap<Duplex, Exchange>();
  server.on('request', (request, response) => {
    exchanges.set(request.socket, { request, response });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const exchange = exchanges.get(socket);
    if (!socket.writable || (exchange && isBeingAnswered(exchange))) {
      socket.destroy(error);
      return;
    }
    socket.end(wholeAnswer(refusalOf(error)), () => {
      socket.destroy(error);
    });
  });
}

/** Whether an answer was begun that the client may still be reading, or to a request that it is still sending. */
function isBeingAnswered({ request, response }: Exchange): boolean {
  return response.headersSent && !(request.complete && response.writableFinished);
}

/** By Node's codes: https://nodejs.org/api/http.html#event-clienterror, its own answers in `_http_server.js`. */
function refusalOf({ code }: NodeJS.ErrnoException): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ApiError(431, 'headers_too_large', 'The headers of the request are too large.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ApiError(408, 'request_timeout', 'The request did not arrive in time.');
  }
  return new ApiError(400, 'invalid_request', 'The request is not HTTP that can be read.');
}

const REASONS: ReadonlyMap<number, string> = new Map([
  [400, 'Bad Request'],
  [408, 'Request Timeout'],
  [431, 'Request Header Fields Too Large'],
]);

function wholeAnswer({ status, body }: ApiError): string {
  return [
    `HTTP/1.1 ${status} ${REASONS.get(status) ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID_HEADER}: ${newRequestId()}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
