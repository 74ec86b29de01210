import { defined } from '../../async/defined';
import type { SampleFormat } from '../wav';
import { faultOf, latin1, pcmFile, type FoundSamples, type NoPcmFile, type PcmFileFound } from './pcmFile';
import type { RandomBytes } from './randomBytes';

/**
 * WAV as it is found in the wild. Formats: Microsoft's "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, RIFX),
 * `WAVEFORMATEXTENSIBLE`, EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64), EBU Tech 3285 (`bext`).
 */

interface Chunk {
  readonly id: string;
  readonly bodyAt: number;
  /** As the header says. */
  readonly bytes: number;
}

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
const HEADER_BYTES = 8;
const FMT_BYTES = 16;
/** A format with an extension has 40 bytes. */
const FMT_READ_BYTES = 40;
/** More chunks than any program writes: a broken file must not be walked for ever. */
const MOST_CHUNKS = 1000;
/** The names of chunks that programs write. One of them may be cut off with the file. */
const USUAL_CHUNKS: ReadonlySet<string> = new Set([
  'data',
  'fmt ',
  'LIST',
  'INFO',
  'fact',
  'bext',
  'iXML',
  'axml',
  'cue ',
  'smpl',
  'inst',
  'PEAK',
  'JUNK',
  'PAD ',
  'id3 ',
  'ID3 ',
  '_PMX',
]);
/** What writers to a pipe put into size fields: zero, all ones, or (SoX) the largest signed number less a header. */
const isPlaceholder = (bytes: number): boolean => bytes === 0 || bytes >= 0x7fff_f000;

/** Reads a WAV from its header. Sizes that contradict what lies in the file are not believed. */
export async function readRiff(file: RandomBytes, start: number): Promise<PcmFileFound> {
  return new RiffReader(file, start).read();
}

class RiffReader {
  private isBigEndian = false;
  /** The size of the samples in RF64, whose usual field is too small for it. */
  private longDataBytes: number | undefined;

  constructor(
    private readonly file: RandomBytes,
    private readonly start: number,
  ) {}

  async read(): Promise<PcmFileFound> {
    const head = latin1(await this.file.read(this.start, 12));
    if (head.slice(8, 12) !== 'WAVE') return { kind: 'other' };
    this.isBigEndian = head.startsWith('RIFX');
    let format: FoundSamples['format'] | NoPcmFile | undefined;
    let data: { readonly offsetBytes: number; readonly declaredBytes: number | undefined } | undefined;
    let recordedMs: number | undefined;
    let at: number | undefined = this.start + 12;
    for (let count = 0; at !== undefined && count < MOST_CHUNKS; count++) {
      const chunk = await this.chunkAt(at);
      if (!chunk) break;
      const next = await this.behind(chunk);
      if (chunk.id === 'ds64') this.longDataBytes = await this.longSize(chunk);
      if (chunk.id === 'bext') recordedMs = await this.broadcastDate(chunk);
      if (chunk.id === 'fmt ') format = await this.format(chunk);
      if (chunk.id === 'data') {
        const declaredBytes = this.sizeOfData(chunk, next);
        const larger = this.present(chunk.bodyAt, declaredBytes) > this.present(data?.offsetBytes, data?.declaredBytes);
        if (!data || larger) data = { offsetBytes: chunk.bodyAt, declaredBytes };
        if (declaredBytes === undefined) break;
      }
      at = next;
    }
    if (!format) return { kind: 'broken', reason: 'its format is missing' };
    if ('kind' in format) return format;
    if (!data) return { kind: 'broken', reason: 'it has no audio data' };
    return pcmFile(defined({ format, ...data, sizeBytes: this.file.sizeBytes, recordedMs }));
  }

  private present(offsetBytes: number | undefined, declaredBytes: number | undefined): number {
    if (offsetBytes === undefined) return 0;
    const there = Math.max(0, this.file.sizeBytes - offsetBytes);
    return Math.min(there, declaredBytes ?? there);
  }

  private async view(offsetBytes: number, lengthBytes: number): Promise<DataView> {
    const bytes = await this.file.read(offsetBytes, lengthBytes);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  private async chunkAt(at: number): Promise<Chunk | undefined> {
    const bytes = await this.file.read(at, HEADER_BYTES);
    if (bytes.length < HEADER_BYTES) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return { id: latin1(bytes.subarray(0, 4)), bodyAt: at + HEADER_BYTES, bytes: view.getUint32(4, !this.isBigEndian) };
  }

  /** Where the next chunk begins. Undefined where none can begin there: then the size is wrong, or the file ends. */
  private async behind({ id, bodyAt, bytes }: Chunk): Promise<number | undefined> {
    const size = id === 'data' && bytes === 0xffff_ffff ? (this.longDataBytes ?? bytes) : bytes;
    // Chunks are padded to even lengths; some programs forget that.
    for (const at of [bodyAt + size + (size % 2), bodyAt + size]) if (await this.isChunk(at)) return at;
    return undefined;
  }

  /** Whether a chunk may begin here: a name in plain letters, and a size that ends in the file. */
  private async isChunk(at: number): Promise<boolean> {
    const chunk = at < this.file.sizeBytes ? await this.chunkAt(at) : undefined;
    if (!chunk || !/^[\x20-\x7e]{4}$/.test(chunk.id)) return false;
    return USUAL_CHUNKS.has(chunk.id) || chunk.bodyAt + chunk.bytes <= this.file.sizeBytes + 1;
  }

  /** The size of the samples. Undefined where they reach to the file's end, whatever the header says. */
  private sizeOfData({ bodyAt, bytes }: Chunk, next: number | undefined): number | undefined {
    if (bytes === 0xffff_ffff && this.longDataBytes !== undefined) return this.longDataBytes;
    if (next !== undefined) return bytes;
    if (isPlaceholder(bytes)) return undefined;
    const end = bodyAt + bytes;
    // Nothing that could be a chunk follows, but more bytes than padding: a recorder was killed, or the size wrapped at 4 GB.
    const isTooSmall = this.file.sizeBytes - end >= HEADER_BYTES;
    return isTooSmall ? undefined : bytes;
  }

  private async longSize({ bodyAt }: Chunk): Promise<number | undefined> {
    const view = await this.view(bodyAt, 16);
    // The size of the whole, then that of the samples.
    return view.byteLength < 16 ? undefined : Number(view.getBigUint64(8, true));
  }

  private async format({ bodyAt, bytes }: Chunk): Promise<FoundSamples['format'] | NoPcmFile> {
    const view = await this.view(bodyAt, Math.min(bytes, FMT_READ_BYTES));
    if (view.byteLength < FMT_BYTES) return { kind: 'broken', reason: 'its format is cut short' };
    const isLittle = !this.isBigEndian;
    const tag = view.getUint16(0, isLittle);
    // The true tag is the first half word of the sub-format's GUID, 24 bytes in.
    const formatTag = tag === FORMAT_EXTENSIBLE && view.byteLength >= 26 ? view.getUint16(24, isLittle) : tag;
    const channelCount = view.getUint16(2, isLittle);
    const sampleRateHz = view.getUint32(4, isLittle);
    const bytesPerSecond = view.getUint32(8, isLittle);
    const frameBytes = view.getUint16(12, isLittle);
    const bits = view.getUint16(14, isLittle);
    if (formatTag !== FORMAT_PCM && formatTag !== FORMAT_FLOAT) return { kind: 'other' };
    const fault = faultOf({ channelCount, sampleRateHz });
    if (fault) return fault;
    // A sample may lie in more bytes than its bits need. The size of a frame tells, where the header's other figures agree with it.
    const isRoomy = frameBytes % channelCount === 0 && bytesPerSecond === sampleRateHz * frameBytes;
    const sampleBytes = isRoomy && frameBytes > 0 ? frameBytes / channelCount : Math.ceil(bits / 8);
    const format = (formatTag === FORMAT_PCM ? INTEGERS : FLOATS)[sampleBytes];
    if (!format) return { kind: 'other' };
    const { isBigEndian } = this;
    return { format, channelCount, sampleRateHz, frameBytes: sampleBytes * channelCount, isBigEndian };
  }

  /** When a broadcast recorder began: a date and a time of day, 320 bytes in, on its own clock. */
  private async broadcastDate({ bodyAt }: Chunk): Promise<number | undefined> {
    const text = latin1(await this.file.read(bodyAt + 320, 18));
    const parts = /^(\d{4})\D(\d\d)\D(\d\d)(\d\d)\D(\d\d)\D(\d\d)/.exec(text)?.slice(1).map(Number);
    if (!parts) return undefined;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
    if (year < 1990 || month < 1 || month > 12 || day < 1) return undefined;
    return new Date(year, month - 1, day, hour, minute, second).getTime();
  }
}

/** By the bytes of a sample. */
const INTEGERS: Readonly<Record<number, SampleFormat>> = { 1: 'uint8', 2: 'int16', 3: 'int24', 4: 'int32' };
const FLOATS: Readonly<Record<number, SampleFormat>> = { 4: 'float32', 8: 'float64' };
