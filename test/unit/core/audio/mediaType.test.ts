import { assert } from 'chai';
import fc from 'fast-check';
import { MEDIA_TYPE_HEAD_BYTES, mediaTypeOf } from '../../../../src/core/audio/mediaType';
import { SEED } from '../random';

/** Bytes as a file begins: text as its characters, figures as they are. */
function head(...parts: readonly (string | number)[]): Uint8Array {
  const bytes = parts.flatMap((part) =>
    typeof part === 'number' ? [part] : Array.from(part, (character) => character.charCodeAt(0)),
  );
  return Uint8Array.from({ length: MEDIA_TYPE_HEAD_BYTES }, (_, i) => bytes[i] ?? 0);
}

/** What programs write at the start of each format. */
const FILES: readonly (readonly [what: string, bytes: Uint8Array, ending: string, contentType: string])[] = [
  ['WAV', head('RIFF', 0x24, 0xfa, 0, 0, 'WAVEfmt ', 16, 0, 0, 0, 1, 0, 1, 0), 'wav', 'audio/wav'],
  ['FLAC', head('fLaC', 0, 0, 0, 34, 16, 0), 'flac', 'audio/flac'],
  ['Ogg with Opus', head('OggS', 0, 2, ...Array<number>(20).fill(0), 1, 19, 'OpusHead', 1, 1), 'ogg', 'audio/ogg'],
  ['Ogg with Vorbis', head('OggS', 0, 2, ...Array<number>(20).fill(0), 1, 30, 1, 'vorbis'), 'ogg', 'audio/ogg'],
  ['WebM', head(0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81, 1, 0x42, 0xf7, 0x81, 1), 'webm', 'video/webm'],
  [
    'Matroska',
    head(0x1a, 0x45, 0xdf, 0xa3, 0xa3, 0x42, 0x86, 0x81, 1, 'B', 0x82, 0x88, 'matroska'),
    'webm',
    'video/webm',
  ],
  ['MP4', head(0, 0, 0, 0x20, 'ftypisom', 0, 0, 2, 0, 'isomiso2avc1mp41'), 'mp4', 'video/mp4'],
  ['MP4 for streaming', head(0, 0, 0, 0x18, 'ftypmp42', 0, 0, 0, 0, 'mp42isom'), 'mp4', 'video/mp4'],
  ['QuickTime', head(0, 0, 0, 0x14, 'ftypqt  ', 0x20, 5, 3, 0, 'qt  '), 'mp4', 'video/mp4'],
  ['M4A', head(0, 0, 0, 0x1c, 'ftypM4A ', 0, 0, 2, 0, 'M4A isomiso2'), 'm4a', 'audio/mp4'],
  ['an audio book', head(0, 0, 0, 0x1c, 'ftypM4B ', 0, 0, 2, 0), 'm4a', 'audio/mp4'],
  ['MP3 with tags', head('ID3', 4, 0, 0, 0, 0, 0, 0x23, 'TSSE'), 'mp3', 'audio/mpeg'],
  ['MP3, MPEG-1 layer III', head(0xff, 0xfb, 0x90, 0x64), 'mp3', 'audio/mpeg'],
  ['MP3 with a checksum', head(0xff, 0xfa, 0x90, 0x64), 'mp3', 'audio/mpeg'],
  ['MP3, MPEG-2', head(0xff, 0xf3, 0x64, 0xc4), 'mp3', 'audio/mpeg'],
  ['MP3, MPEG-2.5', head(0xff, 0xe3, 0x18, 0xc4), 'mp3', 'audio/mpeg'],
  ['MPEG-1 layer II', head(0xff, 0xfd, 0xa4, 0x04), 'mp3', 'audio/mpeg'],
];

const OTHERS: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['AAC in ADTS, MPEG-4', head(0xff, 0xf1, 0x50, 0x80, 0x2e, 0x7f, 0xfc)],
  ['AAC in ADTS, MPEG-2', head(0xff, 0xf9, 0x50, 0x80, 0x2e, 0x7f, 0xfc)],
  ['AAC in ADTS with a checksum', head(0xff, 0xf0, 0x50, 0x80)],
  ['AMR', head('#!AMR\n', 0x3c)],
  ['AIFF', head('FORM', 0, 0, 0x10, 0, 'AIFFCOMM')],
  ['AVI', head('RIFF', 0, 0, 0x10, 0, 'AVI LIST')],
  ['Windows Media', head(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)],
  ['Sun audio', head('.snd', 0, 0, 0, 24)],
  ['a page', head('<!DOCTYPE html>')],
  ['a text', head('Dear all,')],
  ['an empty file', new Uint8Array()],
  ['nothing but zeros', head()],
  ['nothing but ones', head(...Array<number>(64).fill(0xff))],
  ['a frame with a version that does not exist', head(0xff, 0xeb, 0x90, 0x64)],
  ['a frame with a bit rate that does not exist', head(0xff, 0xfb, 0xf0, 0x64)],
  ['a frame with a sampling rate that does not exist', head(0xff, 0xfb, 0x9c, 0x64)],
];

describe('mediaTypeOf', () => {
  for (const [what, bytes, ending, contentType] of FILES) {
    it(`knows ${what} by its first bytes`, () => {
      assert.deepStrictEqual<unknown>(mediaTypeOf(bytes), { ending, contentType });
    });
  }

  for (const [what, bytes] of OTHERS) {
    it(`takes ${what} for nothing that endpoints know`, () => {
      assert.isUndefined(mediaTypeOf(bytes));
    });
  }

  it('is not confused by a file that ends in its signature', () => {
    for (const [, bytes] of FILES) {
      for (let length = 0; length < bytes.length; length++) {
        const { ending } = mediaTypeOf(bytes.subarray(0, length)) ?? {};
        assert.include([undefined, mediaTypeOf(bytes)?.ending, 'mp4'], ending);
      }
    }
  });

  it('looks at the bytes given, wherever they lie in memory', () => {
    for (const [what, bytes, ending] of FILES) {
      const memory = new Uint8Array(bytes.length + 7);
      memory.set(bytes, 7);
      assert.strictEqual(mediaTypeOf(memory.subarray(7))?.ending, ending, what);
    }
  });

  it('gives one of seven types, or none, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const type = mediaTypeOf(bytes);
        if (type) assert.match(type.contentType, /^(audio|video)\/(flac|mpeg|mp4|ogg|wav|webm)$/);
      }),
      { seed: SEED },
    );
  });
});
