import type { HttpRequest } from './transport';

/**
 * The headers that are sent. They always tell the length, and ask for an answer that is not packed: it is short, and packing it takes the
 * server longer than it saves. Some servers pack it all the same.
 */
export function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  return {
    'accept-encoding': 'identity',
    ...headers,
    ...(body && { 'content-length': String(body.lengthBytes) }),
  };
}
