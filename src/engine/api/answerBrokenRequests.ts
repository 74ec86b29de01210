import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from './apiError';
import { newRequestId, REQUEST_ID_HEADER } from './requestId';

/** The request and the answer that a connection is busy with. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers requests that are not HTTP, have too large headers, or do not arrive in time. The answer has the API's shape (Node's own has no
 * body), and ends the connection. Where another answer is being sent already, nothing is written: it would become a part of that answer.
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

/** Whether an answer has begun that the client may still be reading, or that belongs to a request which it is still sending. */
function isBeingAnswered({ request, response }: Exchange): boolean {
  return response.headersSent && !(request.complete && response.writableFinished);
}

/** The refusal for each of Node's codes: https://nodejs.org/api/http.html#event-clienterror; Node's own answers are in `_http_server.js`. */
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
