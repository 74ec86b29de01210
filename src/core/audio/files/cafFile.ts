import { defined } from '../../async/defined';
import type { SampleFormat } from '../wav';
import { faultOf, latin1, pcmFile, type FoundSamples, type NoPcmFile, type PcmFileFound } from './pcmFile';
import type { RandomBytes } from './randomBytes';

/** CAF: Apple's "Core Audio Format Specification" 1.0. All sizes have their first byte foremost. */

const FILE_HEADER_BYTES = 8;
const HEADER_BYTES = 12;
const DESC_BYTES = 32;
/** The samples begin behind a count of edits. */
const EDIT_COUNT_BYTES = 4;
const IS_FLOAT = 1;
const IS_LITTLE_ENDIAN = 2;
const MOST_CHUNKS = 1000;

/** Reads a CAF from its header. Other programs know those whose samples are compressed. */
export async function readCaf(file: RandomBytes, start: number): Promise<PcmFileFound> {
  let format: FoundSamples['format'] | NoPcmFile | undefined;
  let data: { readonly offsetBytes: number; readonly declaredBytes: number | undefined } | undefined;
  let at = start + FILE_HEADER_BYTES;
  for (let count = 0; at + HEADER_BYTES <= file.sizeBytes && count < MOST_CHUNKS; count++) {
    const head = await file.read(at, HEADER_BYTES + DESC_BYTES);
    if (head.length < HEADER_BYTES) break;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const id = latin1(head.subarray(0, 4));
    const bytes = Number(view.getBigInt64(4));
    if (id === 'desc') format = formatOf(view);
    if (id === 'data') {
      // A size of -1: to the file's end.
      const declaredBytes = bytes < EDIT_COUNT_BYTES ? undefined : bytes - EDIT_COUNT_BYTES;
      data = { offsetBytes: at + HEADER_BYTES + EDIT_COUNT_BYTES, declaredBytes };
    }
    if (bytes < 0) break;
    at += HEADER_BYTES + bytes;
  }
  if (!format) return { kind: 'broken', reason: 'its format is missing' };
  if ('kind' in format) return format;
  if (!data) return { kind: 'broken', reason: 'it has no audio data' };
  return pcmFile(defined({ format, ...data, sizeBytes: file.sizeBytes }));
}

function formatOf(view: DataView): FoundSamples['format'] | NoPcmFile {
  if (view.byteLength < HEADER_BYTES + DESC_BYTES) return { kind: 'broken', reason: 'its format is cut short' };
  const kind = String.fromCharCode(...[20, 21, 22, 23].map((at) => view.getUint8(at)));
  if (kind !== 'lpcm') return { kind: 'other' };
  const flags = view.getUint32(24);
  const frameBytes = view.getUint32(28);
  const channelCount = view.getUint32(36);
  const layout = { channelCount, sampleRateHz: Math.round(view.getFloat64(12)) };
  const fault = faultOf(layout);
  if (fault) return fault;
  const formats = (flags & IS_FLOAT) === 0 ? INTEGERS : FLOATS;
  const format = formats[frameBytes / channelCount];
  if (!format) return { kind: 'other' };
  return { ...layout, format, frameBytes, isBigEndian: (flags & IS_LITTLE_ENDIAN) === 0 };
}

/** By the bytes of a sample. */
const INTEGERS: Readonly<Record<number, SampleFormat>> = { 1: 'int8', 2: 'int16', 3: 'int24', 4: 'int32' };
const FLOATS: Readonly<Record<number, SampleFormat>> = { 4: 'float32', 8: 'float64' };
