import { ApiError } from './apiError';

/** One part of a form, as it was sent. */
export interface FormPart {
  readonly name: string;
  /** Whether the part has a file name or the content type of bytes, as forms give them to files. */
  readonly isFile: boolean;
  /** The label that `charset` names; absent: UTF-8 (RFC 7578, 5.1.2). */
  readonly charset?: string;
  readonly data: Uint8Array;
}

/** Our own requests have about ten parts. Exported so that tests name the limit and not the number. */
export const MAXIMUM_PARTS = 100;

/** Node's own limit for a request's headers. A part's headers are shorter than those. Exported so that tests name the limit and not the number. */
export const MAXIMUM_PART_HEADER_BYTES = 16 * 1024;

const CRLF = '\r\n';

/**
 * Cuts a complete multipart body into its parts (RFC 2046, 5.1.1; RFC 7578). Bytes before the first delimiter and behind the last are
 * ignored, as the RFC says. Any other malformed input is refused, so that no field is lost without an error.
 *
 * @throws ApiError 400 `invalid_form`
 */
export function parseMultipart(body: Buffer, boundary: string): FormPart[] {
  const parts: FormPart[] = [];
  let delimiter = firstDelimiter(body, boundary);
  while (!delimiter.isLast) {
    if (parts.length === MAXIMUM_PARTS) throw invalidForm(`The form has more than ${MAXIMUM_PARTS} parts.`);
    const next = nextDelimiter(body, boundary, delimiter.end);
    parts.push(parsePart(body.subarray(delimiter.end, next.start)));
    delimiter = next;
  }
  return parts;
}

/** The boundary that a content type names. @throws ApiError 400 `invalid_content_type` where it names none, or is another type */
export function boundaryOf(contentType: string): string {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) {
    throw new ApiError(400, 'invalid_content_type', 'The request must be multipart/form-data.');
  }
  const boundary = parametersOf(contentType).get('boundary') ?? '';
  // RFC 2046, 5.1.1: 1 to 70 characters.
  if (boundary !== '' && boundary.length <= 70) return boundary;
  throw new ApiError(400, 'invalid_content_type', 'The content type must name a boundary of 1 to 70 characters.');
}

/** The error for a malformed form. */
export function invalidForm(message: string, param?: string): ApiError {
  return new ApiError(400, 'invalid_form', message, param);
}

/** A line that divides parts. */
interface Delimiter {
  /** Where the data before it ends. The line break before a delimiter belongs to the delimiter. */
  readonly start: number;
  /** Where the bytes behind it begin. */
  readonly end: number;
  readonly isLast: boolean;
}

function firstDelimiter(body: Buffer, boundary: string): Delimiter {
  const opening = Buffer.from(`--${boundary}`, 'latin1');
  if (body.subarray(0, opening.length).equals(opening)) return readDelimiter(body, 0, opening.length);
  return nextDelimiter(body, boundary, 0);
}

function nextDelimiter(body: Buffer, boundary: string, from: number): Delimiter {
  // Node reads headers as latin1, so the boundary is latin1 as well.
  const opening = Buffer.from(`${CRLF}--${boundary}`, 'latin1');
  const start = body.indexOf(opening, from);
  if (start < 0) throw invalidForm('The form ends early: a line with its boundary is missing.');
  return readDelimiter(body, start, start + opening.length);
}

/** Reads the bytes behind a boundary: two dashes behind the last one, a line end behind every other. Blanks before the line end are padding. */
function readDelimiter(body: Buffer, start: number, boundaryEnd: number): Delimiter {
  if (body.toString('latin1', boundaryEnd, boundaryEnd + 2) === '--') {
    return { start, end: boundaryEnd + 2, isLast: true };
  }
  let end = boundaryEnd;
  while (body[end] === 0x20 || body[end] === 0x09) end++;
  if (body.toString('latin1', end, end + 2) === CRLF) return { start, end: end + 2, isLast: false };
  throw invalidForm(
    end >= body.length
      ? 'The form ends early: its last line has no end.'
      : 'A line with the form’s boundary goes on with something else.',
  );
}

function parsePart(part: Buffer): FormPart {
  const headEnd = part.indexOf(CRLF + CRLF);
  if (headEnd < 0) throw invalidForm('The headers of a part have no end.');
  if (headEnd > MAXIMUM_PART_HEADER_BYTES) throw invalidForm('The headers of a part are too large.');
  const headers = parseHeaders(part.toString('utf8', 0, headEnd));
  const disposition = headers.get('content-disposition') ?? '';
  const type = headers.get('content-type') ?? '';
  const parameters = parametersOf(disposition);
  const name = parameters.get('name');
  if (!/^form-data\s*(;|$)/i.test(disposition) || name === undefined || name === '') {
    throw invalidForm('A part has no name: each needs a line such as Content-Disposition: form-data; name="model".');
  }
  const isFile = parameters.has('filename') || parameters.has('filename*') || /^application\/octet-stream/i.test(type);
  const charset = parametersOf(type).get('charset');
  const data = part.subarray(headEnd + 2 * CRLF.length);
  return charset === undefined ? { name, isFile, data } : { name, isFile, charset, data };
}

/** Names are in lower case. */
function parseHeaders(head: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split(CRLF)) {
    // A header's name is a token (RFC 9110, 5.1).
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):([^\r\n]*)$/.exec(line) ?? [];
    if (name === undefined) throw invalidForm('A part has a line that is no header.');
    headers.set(name.toLowerCase(), value.trim());
  }
  return headers;
}

/** The parameters behind a header's value: `; name=value` or `; name="value"`. Names are in lower case. The first of several equal names counts. */
function parametersOf(value: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of value.matchAll(
    /;\s*([^\s=;"]+)=(?:"((?:\\.|[^"\\])*)"|([^\s;"]*))/g,
  )) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(["\\])/g, '$1') ?? plain);
  }
  return parameters;
}
