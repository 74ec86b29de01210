import { defined } from '../../async/defined';
import type { SampleFormat } from '../wav';
import { faultOf, latin1, pcmFile, type FoundSamples, type NoPcmFile, type PcmFileFound } from './pcmFile';
import type { RandomBytes } from './randomBytes';

/** AIFF and AIFC: Apple's "Audio Interchange File Format" 1.3 and "AIFF-C" (1991). Sizes and samples have their first byte foremost. */

const HEADER_BYTES = 8;
/** Where the samples begin in their chunk: behind an offset and a block size. */
const SSND_HEADER_BYTES = 8;
const COMM_BYTES = 18;
const MOST_CHUNKS = 1000;

/** Reads an AIFF from its header. */
export async function readAiff(file: RandomBytes, start: number): Promise<PcmFileFound> {
  let format: FoundSamples['format'] | NoPcmFile | undefined;
  let data: { readonly offsetBytes: number; readonly declaredBytes: number | undefined } | undefined;
  let at = start + 12;
  for (let count = 0; at + HEADER_BYTES <= file.sizeBytes && count < MOST_CHUNKS; count++) {
    const head = await file.read(at, HEADER_BYTES + COMM_BYTES + 4);
    if (head.length < HEADER_BYTES) break;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const id = latin1(head.subarray(0, 4));
    const bytes = view.getUint32(4);
    if (id === 'COMM') format = formatOf(view, bytes);
    if (id === 'SSND' && head.length >= HEADER_BYTES + SSND_HEADER_BYTES) {
      const offsetBytes = at + HEADER_BYTES + SSND_HEADER_BYTES + view.getUint32(HEADER_BYTES);
      // A size of zero was never filled in.
      const declaredBytes = bytes === 0 ? undefined : at + HEADER_BYTES + bytes - offsetBytes;
      data = { offsetBytes, declaredBytes };
      if (bytes === 0) break;
    }
    at += HEADER_BYTES + bytes + (bytes % 2);
  }
  if (!format) return { kind: 'broken', reason: 'its format is missing' };
  if ('kind' in format) return format;
  if (!data) return { kind: 'broken', reason: 'it has no audio data' };
  return pcmFile(defined({ format, ...data, sizeBytes: file.sizeBytes }));
}

function formatOf(view: DataView, bytes: number): FoundSamples['format'] | NoPcmFile {
  if (view.byteLength < HEADER_BYTES + COMM_BYTES) return { kind: 'broken', reason: 'its format is cut short' };
  const channelCount = view.getUint16(8);
  const sampleBytes = Math.ceil(view.getUint16(14) / 8);
  const sampleRateHz = Math.round(extendedAt(view, 16));
  const isCompressed = bytes >= COMM_BYTES + 4 && view.byteLength >= HEADER_BYTES + COMM_BYTES + 4;
  const kind = isCompressed ? String.fromCharCode(...[26, 27, 28, 29].map((at) => view.getUint8(at))) : 'NONE';
  const format = FORMATS[kind.toLowerCase()]?.[sampleBytes];
  if (!format) return { kind: 'other' };
  const isBigEndian = kind !== 'sowt';
  const layout = { format, channelCount, sampleRateHz, frameBytes: sampleBytes * channelCount, isBigEndian };
  return faultOf(layout) ?? layout;
}

const INTEGERS: Readonly<Record<number, SampleFormat>> = { 1: 'int8', 2: 'int16', 3: 'int24', 4: 'int32' };

/** By the name of the compression in small letters, then by the bytes of a sample. */
const FORMATS: Readonly<Record<string, Readonly<Record<number, SampleFormat>>>> = {
  none: INTEGERS,
  twos: INTEGERS,
  sowt: INTEGERS,
  in24: { 3: 'int24' },
  in32: { 4: 'int32' },
  fl32: { 4: 'float32' },
  fl64: { 8: 'float64' },
  raw: { 1: 'uint8' },
};

/** An 80-bit number, as Motorola's 68881 has it: sign and exponent, then 64 bits of which the first stands before the point. */
function extendedAt(view: DataView, at: number): number {
  const exponent = (view.getUint16(at) & 0x7fff) - 16_383;
  return Number(view.getBigUint64(at + 2)) * 2 ** (exponent - 63);
}
