import { momentInTag } from './tagDate';

/** The names of comments that tell when a recording was made, best first. */
const CREATED = ['creation_time', 'date', 'encoded_date'];
const COMMENT = /^([^=]+)=(.+)$/;
/** Lists of comments that are longer hold pictures, and none of their lines is read. */
const MOST_LINES = 1000;

/**
 * When the recording began, as a list of Vorbis comments tells (in Ogg and FLAC): milliseconds since 1970. Its program's name and the
 * lines stand behind their lengths.
 */
export function creationTimeIn(comment: Uint8Array): number | undefined {
  const view = new DataView(comment.buffer, comment.byteOffset, comment.length);
  const size = (at: number): number =>
    at + 4 <= view.byteLength ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
  const found: (number | undefined)[] = [];
  let at = 4 + size(0);
  const count = Math.min(MOST_LINES, at < view.byteLength ? size(at) : 0);
  at += 4;
  for (let line = 0; line < count; line++) {
    const length = size(at);
    at += 4;
    if (at + length > view.byteLength) break;
    const text = String.fromCharCode(...comment.subarray(at, at + Math.min(length, 64)));
    const [, name = '', value = ''] = COMMENT.exec(text) ?? [];
    const ms = momentInTag(value);
    const rank = CREATED.indexOf(name.toLowerCase());
    if (rank >= 0 && ms !== undefined) found[rank] ??= ms;
    at += length;
  }
  return found.find((ms) => ms !== undefined);
}
