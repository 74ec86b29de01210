import { WAV } from './engineOnLoopback';

export const BOUNDARY = 'xyz';
export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
export const LAST = `--${BOUNDARY}--\r\n`;

/** A part with these header lines. */
export function partOf(headers: readonly string[], data: string | Uint8Array): Buffer {
  const head = `--${BOUNDARY}\r\n${headers.join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(data), Buffer.from('\r\n')]);
}

/** A text field. */
export function fieldPart(name: string, value: string): Buffer {
  return partOf([`Content-Disposition: form-data; name="${name}"`], value);
}

/** A file; one second of a tone where no bytes are given. */
export function filePart(name = 'file', data: Uint8Array = WAV): Buffer {
  const disposition = `Content-Disposition: form-data; name="${name}"; filename="audio.wav"`;
  return partOf([disposition, 'Content-Type: audio/wav'], data);
}

/** The model that the tests' recogniser is. */
export const MODEL = fieldPart('model', 'fake-model');

/** Pieces as one body. */
export function bodyOf(...pieces: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}
