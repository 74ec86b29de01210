import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { MinutesError } from '../../core/errors';
import type { FormField } from '../../core/endpoints/dialects';
import { readRange } from '../audio/readRange';

/** The form's only file: bytes that are there, then a range of a file on disk. */
export interface FilePart {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** Absent where the bytes are all. */
  readonly range?: FileRange;
}

/** A range of a file on disk. */
export interface FileRange {
  readonly path: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** A `multipart/form-data` body (RFC 7578) whose length is known before a byte is read: some servers need the length. */
export interface MultipartBody {
  readonly contentType: string;
  readonly lengthBytes: number;
  /**
   * The bytes, read from disk as they are sent. May be called anew for another attempt.
   *
   * @throws MinutesError `fileUnreadable`, also where the file is shorter than it was
   */
  readonly stream: (signal: AbortSignal) => AsyncGenerator<Uint8Array>;
}

/** @param file absent where the fields are enough, as with the address of a recording */
export function multipartBody(fields: readonly FormField[], file?: FilePart): MultipartBody {
  const boundary = `minutes-${randomBytes(16).toString('hex')}`;
  const part = (disposition: string): string => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const texts = fields.map(([name, value]) => `${part(`name="${quoted(name)}"`)}\r\n${value}\r\n`).join('');
  const fileHead = file
    ? `${part(`name="file"; filename="${quoted(file.fileName)}"`)}Content-Type: ${file.contentType}\r\n\r\n`
    : '';
  const head = Buffer.concat([Buffer.from(texts + fileHead), file?.bytes ?? new Uint8Array(0)]);
  const tail = Buffer.from(`${file ? '\r\n' : ''}--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    lengthBytes: head.length + (file?.range?.lengthBytes ?? 0) + tail.length,
    stream: async function* (signal) {
      yield head;
      if (file?.range) yield* wholeRange(file.range, signal);
      yield tail;
    },
  };
}

async function* wholeRange(
  { path: name, offsetBytes, lengthBytes }: FileRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let missingBytes = lengthBytes;
  for await (const block of readRange(name, offsetBytes, lengthBytes, signal)) {
    missingBytes -= block.length;
    yield block;
  }
  if (missingBytes > 0) {
    throw new MinutesError({ code: 'fileUnreadable', file: path.basename(name), reason: 'it became shorter' });
  }
}

/** A name inside quotes, escaped as browsers do it (WHATWG's multipart/form-data encoding). */
function quoted(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
