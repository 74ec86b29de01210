import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import { latin1, type PcmFile } from '../../core/audio/files/pcmFile';
import { readPcmFile } from '../../core/audio/files/readPcmFile';
import { MEDIA_TYPE_HEAD_BYTES, mediaTypeOf } from '../../core/audio/mediaType';
import { BYTES_PER_SAMPLE } from '../../core/audio/pcm';
import { MAXIMUM_UPLOAD_BYTES } from '../../core/endpoints/dialects';
import type { AudioPreparer, PreparationEvent } from '../../core/audio/preparation';
import { isPreparedLayout } from '../../core/audio/wav';
import { MinutesError, problemOf } from '../../core/errors';
import type { AudioRemark, FileAudio, MediaType, Recording } from '../../core/model';
import { errnoOf } from '../system/fileProblems';
import { withFileBytes } from './fileBytes';
import { writePrepared } from './preparedFile';
import { prepareInProcess } from './prepareInProcess';
import { prepareWithFfmpeg } from './prepareWithFfmpeg';
import { convertWithAfconvert } from './programs/afconvert';
import { readRange } from './readRange';
import { toMono } from './toMono';

/**
 * Prepares files. It reads plain samples (WAV, AIFF, CAF) itself, decodes what the decoders here know, and everything else through a
 * system ffmpeg, where there is none through macOS' afconvert. Samples that are 16 kHz mono 16 bit already are used as they lie; all other audio becomes a file of raw samples in
 * `folder`, which the caller removes.
 */
export class FileAudioPreparer implements AudioPreparer {
  constructor(
    private readonly folder: string,
    private readonly findFfmpeg: () => Promise<string | undefined>,
    /** Whether the endpoint reads compressed files, for files that cannot be read here. */
    private readonly takesFiles = false,
    private readonly findAfconvert: () => Promise<string | undefined> = () => Promise.resolve(undefined),
  ) {}

  async *prepare(recording: Recording, signal: AbortSignal, channelCount = 1): AsyncGenerator<PreparationEvent> {
    signal.throwIfAborted();
    const found = await withFileBytes(recording, readPcmFile);
    if (found.kind === 'pcm') {
      const asTracks = channelCount > 1 ? channelsOf(recording, found, channelCount) : undefined;
      if (asTracks) yield asTracks;
      else yield* this.preparePcm(recording, found, signal);
      return;
    }
    // Our readers are the quicker way; what they cannot read, ffmpeg may.
    const head = await withFileBytes(recording, (bytes) => bytes.read(0, MEDIA_TYPE_HEAD_BYTES));
    const problem = yield* prepareInProcess(recording, head, this.folder, signal);
    if (problem === undefined) return;
    const ffmpeg = await this.findFfmpeg();
    if (ffmpeg !== undefined) {
      yield* prepareWithFfmpeg(ffmpeg, recording, this.folder, signal);
      return;
    }
    const afconvert = await this.findAfconvert();
    if (afconvert !== undefined && (yield* this.prepareWithAfconvert(afconvert, recording, signal))) return;
    if (found.kind === 'broken')
      throw new MinutesError({ code: 'notAudio', file: recording.name, reason: found.reason });
    const mediaType = this.takesFiles ? mediaTypeOf(head) : undefined;
    if (mediaType) {
      yield { kind: 'asIs', file: uncut(recording, mediaType) };
      return;
    }
    if (/\.wave?$/i.test(recording.name) && !/^(RIFF|RIFX|RF64|BW64)/.test(latin1(head))) {
      throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'it does not begin like a WAV file' });
    }
    throw problem;
  }

  /** @returns whether afconvert could read the recording */
  private async *prepareWithAfconvert(
    afconvert: string,
    recording: Recording,
    signal: AbortSignal,
  ): AsyncGenerator<PreparationEvent, boolean> {
    const file = path.join(this.folder, 'converted.caf');
    let isUsed = false;
    try {
      await convertWithAfconvert(afconvert, recording, file, signal);
      const converted = { ...recording, path: file, sizeBytes: (await fs.stat(file)).size };
      const found = await withFileBytes(converted, readPcmFile);
      if (found.kind !== 'pcm') return false;
      isUsed = isPreparedLayout(found.layout);
      yield* this.preparePcm(converted, found, signal);
      return true;
    } catch (error) {
      if (problemOf(error)?.code === 'ffmpegMissing' || errnoOf(error) === 'ENOENT') return false;
      throw error;
    } finally {
      if (!isUsed) await fs.rm(file, { force: true });
    }
  }

  private async *preparePcm(
    recording: Recording,
    { layout, usedBytes, isTruncated, recordedMs }: PcmFile,
    signal: AbortSignal,
  ): AsyncGenerator<PreparationEvent> {
    const remarks: AudioRemark[] = isTruncated ? [{ kind: 'truncated' }] : [];
    const { dataOffsetBytes } = layout;
    if (isPreparedLayout(layout)) {
      const sampleCount = Math.floor(usedBytes / BYTES_PER_SAMPLE);
      const audio = defined({ path: recording.path, dataOffsetBytes, sampleCount, remarks, recordedMs });
      yield { kind: 'prepared', audio };
      return;
    }
    const mono = toMono(readRange(recording.path, dataOffsetBytes, usedBytes, signal), layout);
    const file = path.join(this.folder, 'prepared.pcm');
    const sampleCount = (yield* writePrepared(file, mono.pcm)) ?? 0;
    if (sampleCount === 0)
      throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'it has no audio data' });
    if (mono.hasTakenChannel()) remarks.push({ kind: 'channelTaken' });
    yield { kind: 'prepared', audio: defined({ path: file, dataOffsetBytes: 0, sampleCount, remarks, recordedMs }) };
  }
}

/** The channels of a WAV as Minutes records it, as they lie. Undefined where the file is no such WAV. */
function channelsOf(
  { path: file }: Recording,
  { layout, usedBytes, isTruncated, recordedMs }: PcmFile,
  count: number,
): PreparationEvent | undefined {
  if (!isPreparedLayout(layout, count)) return undefined;
  const { dataOffsetBytes } = layout;
  const sampleCount = Math.floor(usedBytes / (count * BYTES_PER_SAMPLE));
  const remarks: AudioRemark[] = isTruncated ? [{ kind: 'truncated' }] : [];
  const channels = Array.from({ length: count }, (_, index) =>
    defined({ path: file, dataOffsetBytes, channel: { index, count }, sampleCount, remarks, recordedMs }),
  );
  const [audio] = channels;
  return audio && { kind: 'prepared', audio, channels };
}

/** A file that is sent whole. @throws MinutesError `uncutTooLarge` */
function uncut({ name, path: file, sizeBytes }: Recording, mediaType: MediaType): FileAudio {
  if (sizeBytes > MAXIMUM_UPLOAD_BYTES) {
    throw new MinutesError({ code: 'uncutTooLarge', file: name, sizeBytes, limitBytes: MAXIMUM_UPLOAD_BYTES });
  }
  return { path: file, sizeBytes, mediaType };
}
