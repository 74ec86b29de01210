import type { HttpRequest } from './transport';

/** What is really sent: the length always told, and an answer asked for as it is, since not every transport unpacks one. */
export function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  return {
    'accept-encoding': 'identity',
    ...headers,
    ...(body && { 'content-length': String(body.lengthBytes) }),
  };
}
