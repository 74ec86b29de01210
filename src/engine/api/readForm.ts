import type { IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';
import { ApiError } from './apiError';
import { boundaryOf, invalidForm, parseMultipart, type FormPart } from './parseMultipart';

/** A request's form: its fields in order of arrival, and the bytes of its only file. */
export interface Form {
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly file: Uint8Array | undefined;
}

/** The same limit as cloud endpoints, 25 MiB. It limits the memory of a request. Exported so that tests name the limit and not the number. */
export const MAXIMUM_FILE_BYTES = 25 * 1024 * 1024;

/** Large enough for any prompt, although the recogniser reads only a prompt's end. Exported so that tests name the limit and not the number. */
export const MAXIMUM_FIELD_BYTES = 1024 * 1024;

/** The largest file, the longest field, and as much again for all other fields and headers. Exported so that tests name the limit and not the number. */
export const MAXIMUM_BODY_BYTES = MAXIMUM_FILE_BYTES + 2 * MAXIMUM_FIELD_BYTES;

/**
 * Reads a multipart form. The file is held in memory anyway, so the whole body is read first and cut afterwards. The result then depends
 * on the bytes alone, not on the blocks in which they arrive, and no form can leave the request waiting.
 *
 * @throws ApiError 400 where the body is not a form, 413 for too large a file or field
 */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const boundary = boundaryOf(request.headers['content-type'] ?? '');
  return toForm(parseMultipart(await readBody(request), boundary));
}

/** @throws ApiError 413 as soon as the body is too large; the rest of it is read and dropped, so that the client sees the answer */
function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new ApiError(413, 'request_too_large', `The request is larger than ${MAXIMUM_BODY_BYTES} bytes.`);
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > MAXIMUM_BODY_BYTES) {
      reject(tooLarge);
      return;
    }
    const blocks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (block: Buffer) => {
      sizeBytes += block.length;
      if (sizeBytes <= MAXIMUM_BODY_BYTES) {
        blocks.push(block);
        return;
      }
      blocks.length = 0;
      reject(tooLarge);
    });
    request.on('end', () => {
      if (sizeBytes <= MAXIMUM_BODY_BYTES) resolve(Buffer.concat(blocks));
    });
    request.on('error', reject);
    request.on('close', () => {
      reject(new ApiError(400, 'aborted', 'The request ended early.'));
    });
  });
}

function toForm(parts: readonly FormPart[]): Form {
  const fields = new Map<string, string[]>();
  let file: Uint8Array | undefined;
  for (const part of parts) {
    const { name, data } = part;
    // Some clients send a file's bytes without a file name.
    if (name === 'file') {
      if (file) throw new ApiError(400, 'too_many_files', 'There are two files. Send one request for each.', name);
      if (data.length > MAXIMUM_FILE_BYTES) {
        throw new ApiError(413, 'request_too_large', `The file is larger than ${MAXIMUM_FILE_BYTES} bytes.`, name);
      }
      file = data;
    } else if (part.isFile) {
      throw new ApiError(400, 'unexpected_file', `A file belongs into the field "file", not into "${name}".`, name);
    } else {
      fields.set(name, [...(fields.get(name) ?? []), readText(part)]);
    }
  }
  return { fields, file };
}

function readText({ name, data, charset = 'utf-8' }: FormPart): string {
  if (data.length > MAXIMUM_FIELD_BYTES) {
    throw new ApiError(413, 'request_too_large', `The field "${name}" is too long.`, name);
  }
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset);
  } catch {
    throw invalidForm(`The field "${name}" is in an unknown character set.`, name);
  }
  return decoder.decode(data);
}
