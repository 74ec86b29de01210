import busboy from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import { ApiError } from './apiError';

/** A request's form: its fields in order of arrival, and the bytes of its one file. */
export interface Form {
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly file: Uint8Array | undefined;
}

/** Cloud endpoints take 25 MiB; so does this one, which bounds what a request can hold of memory. */
export const MAXIMUM_FILE_BYTES = 25 * 1024 * 1024;

/** A prompt may be as long as somebody likes, though the recogniser reads only its end. */
export const MAXIMUM_FIELD_BYTES = 1024 * 1024;

/** Reads a multipart form. @throws ApiError 400 for anything else, 413 for too large a file */
export function readForm(request: IncomingMessage): Promise<Form> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string[]>();
    const blocks: Buffer[] = [];
    let hasFile = false;
    const contentType = request.headers['content-type'] ?? '';
    if (!/^multipart\/form-data\s*;/i.test(contentType)) {
      reject(new ApiError(400, 'invalid_content_type', 'The request must be multipart/form-data.'));
      return;
    }
    const fail = (error: ApiError): void => {
      request.unpipe(parser);
      request.resume();
      reject(error);
    };
    const failOn = (error: unknown): void => {
      fail(new ApiError(400, 'invalid_form', error instanceof Error ? error.message : 'The form cannot be read.'));
    };
    let parser: ReturnType<typeof busboy>;
    try {
      parser = busboy({
        headers: { 'content-type': contentType },
        limits: { files: 1, fileSize: MAXIMUM_FILE_BYTES, fields: 100, fieldSize: MAXIMUM_FIELD_BYTES },
      });
    } catch (error) {
      // It has no boundary.
      const reason = error instanceof Error ? error.message : String(error);
      reject(new ApiError(400, 'invalid_content_type', reason));
      return;
    }
    parser.on('field', (name, value, _isNameCut, isValueCut) => {
      if (isValueCut) fail(new ApiError(413, 'request_too_large', `The field "${name}" is too long.`));
      fields.set(name, [...(fields.get(name) ?? []), value]);
    });
    parser.on('file', (name, stream) => {
      const isAudio = name === 'file';
      hasFile ||= isAudio;
      stream.on('data', (block: Buffer) => {
        if (isAudio) blocks.push(block);
      });
      // A file that ends early fails by itself, before the form does; unheard it would end the engine.
      stream.on('error', failOn);
      stream.on('limit', () => {
        fail(new ApiError(413, 'request_too_large', `The file is larger than ${MAXIMUM_FILE_BYTES} bytes.`));
      });
    });
    parser.on('error', failOn);
    parser.on('finish', () => {
      resolve({ fields, file: hasFile ? Buffer.concat(blocks) : undefined });
    });
    request.on('aborted', () => {
      reject(new ApiError(400, 'aborted', 'The request ended early.'));
    });
    request.pipe(parser);
  });
}
