import type { HttpRequest } from './transport';

/** The headers that are sent. They always tell the length, and ask for an uncompressed answer, since not every transport unpacks one. */
export function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  return {
    'accept-encoding': 'identity',
    ...headers,
    ...(body && { 'content-length': String(body.lengthBytes) }),
  };
}
