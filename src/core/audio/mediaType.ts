import type { MediaType } from '../model';

/** How many bytes from a file's start tell its type. */
export const MEDIA_TYPE_HEAD_BYTES = 64;

const TYPES: Readonly<Record<MediaType['ending'], string>> = {
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  webm: 'video/webm',
};

/**
 * The type of a file by its first bytes. Its name does not count: an endpoint refuses `.oga`, `.aac` or a name without an ending
 * although the bytes are right. Undefined for a type that no endpoint takes.
 */
export function mediaTypeOf(head: Uint8Array): MediaType | undefined {
  const ending = endingOf(head);
  return ending === undefined ? undefined : { ending, contentType: TYPES[ending] };
}

/** Signatures from the formats' own definitions: RIFF/WAVE, FLAC, Ogg (RFC 3533), EBML (RFC 8794), ISO base media, ID3v2, MPEG audio. */
function endingOf(head: Uint8Array): MediaType['ending'] | undefined {
  const text = (start: number, end: number): string => String.fromCharCode(...head.subarray(start, end));
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'wav';
  if (text(0, 4) === 'fLaC') return 'flac';
  if (text(0, 4) === 'OggS') return 'ogg';
  if (text(0, 4) === '\x1a\x45\xdf\xa3') return 'webm';
  if (text(4, 8) === 'ftyp') return /^M4[AB]/.test(text(8, 12)) ? 'm4a' : 'mp4';
  if (text(0, 3) === 'ID3') return 'mp3';
  return isMpegAudioFrame(head) ? 'mp3' : undefined;
}

/** Whether a frame's head begins here: eleven one bits, then a valid version, layer (not 00, which is AAC's ADTS), bit rate and sampling rate. */
function isMpegAudioFrame(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  const isSynchronous = first === 0xff && (second & 0xe0) === 0xe0;
  const [version, layer] = [(second >> 3) & 3, (second >> 1) & 3];
  return isSynchronous && version !== 1 && layer !== 0 && third >> 4 !== 0xf && ((third >> 2) & 3) !== 3;
}
