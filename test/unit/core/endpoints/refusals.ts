import { defined } from '../../../../src/core/async/defined';

/** As proxies and web servers send them. */
export const PAGE =
  '<html>\r\n<head><title>Sorry</title></head>\r\n<body>\r\n<center><h1>Sorry</h1></center>\r\n</body>\r\n</html>';

/** What an endpoint says of a request that it refuses. */
export function errorBody(message: string, code?: string): string {
  return JSON.stringify({ error: defined({ message, type: 'invalid_request_error', code }) });
}
