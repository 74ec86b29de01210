import { multipartBody } from '../../../../src/node/http/multipart';
import type { HttpRequest, RequestBody } from '../../../../src/node/http/transport';

/** More than any buffer on the way holds. */
export const LARGE_BYTES = 64 * 1024 * 1024;

export function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: {} };
}

export function post(url: string, body: RequestBody): HttpRequest {
  return { method: 'POST', url, headers: { 'content-type': 'application/octet-stream' }, body };
}

export function bodyOf(text: string): RequestBody {
  const bytes = Buffer.from(text);
  return {
    lengthBytes: bytes.length,
    stream: async function* () {
      yield await Promise.resolve(bytes);
    },
  };
}

/** A body of any size that needs no memory. */
export function zeros(lengthBytes: number): RequestBody {
  return {
    lengthBytes,
    stream: async function* (signal) {
      for (let at = 0; at < lengthBytes; at += 64 * 1024) {
        signal.throwIfAborted();
        yield await Promise.resolve(Buffer.alloc(Math.min(64 * 1024, lengthBytes - at)));
      }
    },
  };
}

export function formOf(file: string, lengthBytes: number): RequestBody {
  return multipartBody([['model', 'm']], {
    fileName: 'audio.wav',
    contentType: 'audio/wav',
    bytes: Buffer.from('RIFF'),
    range: { path: file, offsetBytes: 0, lengthBytes },
  });
}
