import { SAMPLE_RATE_HZ } from '../model';
import { BYTES_PER_SAMPLE } from './pcm';

/**
 * WAV headers, read and written. Format: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" (RIFF WAVE)
 * and `WAVEFORMATEXTENSIBLE`.
 */

/** How one sample is stored. */
export type SampleFormat = 'uint8' | 'int8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64';

/** Where the samples of a WAV file lie, and what they are. */
export interface WavLayout {
  readonly format: SampleFormat;
  readonly sampleRateHz: number;
  readonly channelCount: number;
  /** Bytes of one sample of every channel. */
  readonly frameBytes: number;
  /** Whether a sample's most significant byte comes first; absent: the least significant one does. */
  readonly isBigEndian?: boolean;
  readonly dataOffsetBytes: number;
  /** The size that the header names; undefined where the writer could not seek back and left a placeholder there. */
  readonly dataBytes: number | undefined;
}

/** What the first bytes of a WAV file say. */
export type WavHeader =
  | { readonly kind: 'pcm'; readonly layout: WavLayout }
  /** A WAV whose samples are compressed: only a decoder can read them. */
  | { readonly kind: 'compressed'; readonly formatTag: number }
  | { readonly kind: 'notWav' }
  | { readonly kind: 'broken'; readonly reason: string }
  /** The header goes on behind the bytes given. */
  | { readonly kind: 'needMore'; readonly bytes: number };

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FMT_BYTES = 16;
/** What writers to a pipe put into size fields: zero, all ones, or (SoX) the largest signed number less a header. */
const isPlaceholder = (bytes: number): boolean => bytes === 0 || bytes >= 0x7fff_f000;

/** Reads a WAV header from a file's first bytes. */
export function readWavHeader(head: Uint8Array, fileBytes: number): WavHeader {
  if (head.length < RIFF_HEADER_BYTES || tag(head, 0) !== 'RIFF' || tag(head, 8) !== 'WAVE') return { kind: 'notWav' };
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  let format: Omit<WavLayout, 'dataOffsetBytes' | 'dataBytes'> | undefined;
  let at = RIFF_HEADER_BYTES;
  for (;;) {
    if (at + CHUNK_HEADER_BYTES > fileBytes) return { kind: 'broken', reason: 'it has no audio data' };
    if (at + CHUNK_HEADER_BYTES > head.length) return { kind: 'needMore', bytes: at + CHUNK_HEADER_BYTES };
    const id = tag(head, at);
    const size = view.getUint32(at + 4, true);
    const body = at + CHUNK_HEADER_BYTES;
    if (id === 'data') {
      if (!format) return { kind: 'broken', reason: 'its format is missing' };
      return {
        kind: 'pcm',
        layout: { ...format, dataOffsetBytes: body, dataBytes: isPlaceholder(size) ? undefined : size },
      };
    }
    if (id === 'fmt ') {
      if (size < FMT_BYTES || body + FMT_BYTES > fileBytes)
        return { kind: 'broken', reason: 'its format is cut short' };
      const end = Math.min(body + Math.min(size, 40), fileBytes);
      if (end > head.length) return { kind: 'needMore', bytes: end };
      const formatTag = formatTagAt(view, body, size, head.length);
      const read = readFormat(view, body, formatTag);
      if (!('format' in read)) return read;
      format = read;
    }
    // Chunks are padded to even lengths.
    at = body + size + (size % 2);
  }
}

function formatTagAt(view: DataView, body: number, size: number, available: number): number {
  const formatTag = view.getUint16(body, true);
  // The true tag is the first half word of the sub-format's GUID, 24 bytes in.
  return formatTag === FORMAT_EXTENSIBLE && size >= 26 && body + 26 <= available
    ? view.getUint16(body + 24, true)
    : formatTag;
}

function readFormat(
  view: DataView,
  body: number,
  formatTag: number,
): Omit<WavLayout, 'dataOffsetBytes' | 'dataBytes'> | WavHeader {
  const channelCount = view.getUint16(body + 2, true);
  const sampleRateHz = view.getUint32(body + 4, true);
  const frameBytes = view.getUint16(body + 12, true);
  const bits = view.getUint16(body + 14, true);
  if (formatTag !== FORMAT_PCM && formatTag !== FORMAT_FLOAT) return { kind: 'compressed', formatTag };
  const format = formatTag === FORMAT_PCM ? INTEGERS[bits] : FLOATS[bits];
  if (!format) return { kind: 'compressed', formatTag };
  if (channelCount < 1) return { kind: 'broken', reason: 'it has no channels' };
  if (sampleRateHz < 1 || sampleRateHz > MAX_RATE_HZ)
    return { kind: 'broken', reason: `its rate is ${sampleRateHz} Hz` };
  if (frameBytes !== (channelCount * bits) / 8)
    return { kind: 'broken', reason: 'its block size contradicts its format' };
  return { format, sampleRateHz, channelCount, frameBytes };
}

const INTEGERS: Readonly<Record<number, SampleFormat>> = { 8: 'uint8', 16: 'int16', 24: 'int24', 32: 'int32' };
const FLOATS: Readonly<Record<number, SampleFormat>> = { 32: 'float32', 64: 'float64' };

/** Above every converter that records sound (768 kHz); a larger figure is a broken header. */
const MAX_RATE_HZ = 1_000_000;

/** Whether the samples have the format of {@link PreparedAudio}, so that the file can be used as it is; or that of so many channels of it. */
export function isPreparedLayout(layout: WavLayout, channelCount = 1): boolean {
  return (
    layout.format === 'int16' &&
    layout.isBigEndian !== true &&
    layout.channelCount === channelCount &&
    layout.sampleRateHz === SAMPLE_RATE_HZ
  );
}

/** Size of the header that {@link wavHeader} writes, in bytes. */
export const WAV_HEADER_BYTES = 44;

/** The header for this many bytes of 16 kHz 16-bit samples, mono where nothing else is said. */
export function wavHeader(dataBytes: number, channelCount = 1): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const put = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) header[at + i] = text.charCodeAt(i);
  };
  put(0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes, true);
  put(8, 'WAVEfmt ');
  view.setUint32(16, FMT_BYTES, true);
  view.setUint16(20, FORMAT_PCM, true);
  const frameBytes = channelCount * BYTES_PER_SAMPLE;
  view.setUint16(22, channelCount, true);
  view.setUint32(24, SAMPLE_RATE_HZ, true);
  view.setUint32(28, SAMPLE_RATE_HZ * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  put(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
