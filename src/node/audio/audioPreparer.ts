import fs from 'node:fs/promises';
import path from 'node:path';
import { mixDown } from '../../core/audio/mixDown';
import { BYTES_PER_SAMPLE, int16ToBytes, samplesToSeconds, toInt16 } from '../../core/audio/pcm';
import { Resampler } from '../../core/audio/resample';
import { isPreparedLayout, readWavHeader, type WavHeader, type WavLayout } from '../../core/audio/wav';
import { MinutesError } from '../../core/errors';
import { SAMPLE_RATE_HZ, type FileAudio, type MediaType, type Recording } from '../../core/model';
import type { AudioPreparer, PreparationEvent } from '../../core/audio/preparation';
import { MEDIA_TYPE_HEAD_BYTES, mediaTypeOf } from '../../core/audio/mediaType';
import { decodeWithFfmpeg } from './ffmpeg';
import { readRange } from './readRange';

/** Enough for the header of nearly every WAV. Broadcast headers are longer; for them more is read. */
const HEAD_BYTES = 4096;
/** A file whose header is longer than this is not a WAV. */
const MAXIMUM_HEAD_BYTES = 16 * 1024 * 1024;

/**
 * Prepares files. It reads PCM WAV itself and everything else through a system ffmpeg. A WAV that is already 16 kHz mono 16 bit is used
 * as it is; all other audio becomes a file of raw samples in `folder`, which the caller removes.
 */
export class FileAudioPreparer implements AudioPreparer {
  constructor(
    private readonly folder: string,
    private readonly findFfmpeg: () => Promise<string | undefined>,
    /** Whether the endpoint reads compressed files, for files that cannot be read here. */
    private readonly takesFiles = false,
  ) {}

  async *prepare(recording: Recording, signal: AbortSignal): AsyncGenerator<PreparationEvent> {
    const header = await readHeader(recording, signal);
    if (header.kind === 'pcm') {
      yield* this.prepareWav(recording, header.layout, signal);
      return;
    }
    if (header.kind === 'broken')
      throw new MinutesError({ code: 'notAudio', file: recording.name, reason: header.reason });
    const ffmpeg = await this.findFfmpeg();
    if (ffmpeg === undefined) {
      const mediaType = this.takesFiles
        ? mediaTypeOf(await readHead(recording, MEDIA_TYPE_HEAD_BYTES, signal))
        : undefined;
      if (mediaType) {
        yield { kind: 'asIs', file: uncut(recording, mediaType) };
        return;
      }
      if (header.kind === 'notWav' && /\.wave?$/i.test(recording.name)) {
        throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'it does not begin like a WAV file' });
      }
      throw new MinutesError({ code: 'ffmpegMissing', file: recording.name });
    }
    const decoding = decodeWithFfmpeg(ffmpeg, recording, signal);
    yield* this.write(recording, decoding.pcm, decoding.isDamaged);
  }

  private async *prepareWav(
    recording: Recording,
    layout: WavLayout,
    signal: AbortSignal,
  ): AsyncGenerator<PreparationEvent> {
    const { dataOffsetBytes, frameBytes } = layout;
    const presentBytes = Math.max(0, recording.sizeBytes - dataOffsetBytes);
    const usedBytes = Math.min(presentBytes, layout.dataBytes ?? presentBytes);
    const isTruncated = layout.dataBytes !== undefined && layout.dataBytes - presentBytes >= frameBytes;
    if (usedBytes < frameBytes) {
      throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'it has no audio data' });
    }
    if (isPreparedLayout(layout)) {
      const sampleCount = Math.floor(usedBytes / BYTES_PER_SAMPLE);
      yield { kind: 'prepared', audio: { path: recording.path, dataOffsetBytes, sampleCount, isTruncated } };
      return;
    }
    const blocks = readRange(recording.path, dataOffsetBytes, usedBytes, signal);
    yield* this.write(recording, convert(blocks, layout), () => isTruncated);
  }

  private async *write(
    recording: Recording,
    pcm: AsyncIterable<Uint8Array>,
    isTruncated: () => boolean,
  ): AsyncGenerator<PreparationEvent> {
    await fs.mkdir(this.folder, { recursive: true });
    const file = path.join(this.folder, 'prepared.pcm');
    const handle = await fs.open(file, 'w');
    let writtenBytes = 0;
    let saidS = 0;
    try {
      for await (const block of pcm) {
        await handle.writeFile(block);
        writtenBytes += block.length;
        const doneS = Math.floor(samplesToSeconds(writtenBytes / BYTES_PER_SAMPLE));
        if (doneS - saidS >= PREPARING_STEP_S) yield { kind: 'preparing', doneS };
        if (doneS - saidS >= PREPARING_STEP_S) saidS = doneS;
      }
    } finally {
      await handle.close();
    }
    const sampleCount = Math.floor(writtenBytes / BYTES_PER_SAMPLE);
    if (sampleCount === 0)
      throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'it has no audio data' });
    yield { kind: 'prepared', audio: { path: file, dataOffsetBytes: 0, sampleCount, isTruncated: isTruncated() } };
  }
}

/** How much audio lies between two progress events. */
const PREPARING_STEP_S = 30;

/**
 * A file that is sent whole. Endpoints take uploads of 25 MiB (26,214,400 bytes were taken, 26,738,688 refused), of which the form's other
 * fields need a part.
 *
 * @throws MinutesError `uncutTooLarge`
 */
function uncut({ name, path: file, sizeBytes }: Recording, mediaType: MediaType): FileAudio {
  if (sizeBytes > MAXIMUM_UNCUT_BYTES) {
    throw new MinutesError({ code: 'uncutTooLarge', file: name, sizeBytes, limitBytes: MAXIMUM_UNCUT_BYTES });
  }
  return { path: file, sizeBytes, mediaType };
}

const MAXIMUM_UNCUT_BYTES = 25 * 1024 * 1024 - 16 * 1024;

async function readHead(recording: Recording, bytes: number, signal: AbortSignal): Promise<Buffer> {
  const blocks: Uint8Array[] = [];
  for await (const block of readRange(recording.path, 0, bytes, signal)) blocks.push(block);
  return Buffer.concat(blocks);
}

async function readHeader(recording: Recording, signal: AbortSignal): Promise<WavHeader> {
  for (let wanted = HEAD_BYTES; ;) {
    const head = await readHead(recording, wanted, signal);
    const header = readWavHeader(head, recording.sizeBytes);
    if (header.kind !== 'needMore') return header;
    // Fewer bytes than wanted: the file became shorter since its size was read.
    if (header.bytes > MAXIMUM_HEAD_BYTES || head.length < wanted)
      return { kind: 'broken', reason: 'its header does not end' };
    wanted = Math.max(header.bytes, 2 * wanted);
  }
}

/** PCM of any layout as 16 kHz mono 16-bit bytes, a block at a time. */
async function* convert(blocks: AsyncIterable<Uint8Array>, layout: WavLayout): AsyncGenerator<Uint8Array> {
  const resampler =
    layout.sampleRateHz === SAMPLE_RATE_HZ ? undefined : new Resampler(layout.sampleRateHz, SAMPLE_RATE_HZ);
  let rest: Uint8Array = new Uint8Array(0);
  for await (const block of blocks) {
    const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
    const whole = bytes.length - (bytes.length % layout.frameBytes);
    rest = bytes.subarray(whole);
    const mono = mixDown(bytes.subarray(0, whole), layout);
    yield int16ToBytes(toInt16(resampler ? resampler.push(mono) : mono));
  }
  if (resampler) yield int16ToBytes(toInt16(resampler.end()));
}
