import path from 'node:path';
import { NEVER } from '../../core/async/never';
import { mediaTypeOf } from '../../core/audio/mediaType';
import type { PreparationEvent } from '../../core/audio/preparation';
import { isAbort, MinutesError, problemOf } from '../../core/errors';
import type { MediaType, Recording } from '../../core/model';
import { errnoOf } from '../system/fileProblems';
import { flacSound } from './decoders/flacSound';
import { matroskaSound, matroskaTracks } from './decoders/matroskaSound';
import { mpegSound } from './decoders/mpegSound';
import { toMonoSound } from './decoders/monoSound';
import { oggSound } from './decoders/oggSound';
import { AbsurdClockError, onClock } from './decoders/onClock';
import { UnknownSoundError, type SoundTrack, type TrackFacts } from './decoders/soundTrack';
import { writePrepared } from './preparedFile';
import { joinTracks, longestPossibleS, mostSoundS, type PreparedTrack } from './preparedTracks';
import { readRange } from './readRange';

/** The audio tracks of a file, each of which may be decoded again and again. */
type Tracks = readonly ((signal: AbortSignal) => SoundTrack)[];

/** How a format's tracks are found; absent where another program has to decode it. */
const DECODERS: Readonly<Partial<Record<MediaType['ending'], (recording: Recording) => Promise<Tracks>>>> = {
  flac: (recording) => Promise.resolve([(signal) => flacSound(bytesOf(recording, signal))]),
  ogg: (recording) => Promise.resolve([(signal) => oggSound(bytesOf(recording, signal))]),
  webm: async (recording) => {
    const tracks = await matroskaTracks(bytesOf(recording, NEVER));
    return tracks.map((track) => (signal) => matroskaSound(bytesOf(recording, signal), track));
  },
  mp3: (recording) => Promise.resolve([(signal) => mpegSound(bytesOf(recording, signal))]),
};

const bytesOf = ({ path: file, sizeBytes }: Recording, signal: AbortSignal): AsyncIterable<Uint8Array> =>
  readRange(file, 0, sizeBytes, signal);

/**
 * Decodes a recording with the decoders that come with Minutes, and mixes its tracks. What they cannot decode is told as the result, and
 * what was prepared till then is of no use: another program may know the file.
 *
 * @param head the recording's first bytes
 * @returns what to tell where no other program is at hand; undefined where the recording is prepared
 * @throws MinutesError `fileUnreadable` and errors of the disk
 */
export async function* prepareInProcess(
  recording: Recording,
  head: Uint8Array,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<PreparationEvent, MinutesError | undefined> {
  const ffmpegMissing = new MinutesError({ code: 'ffmpegMissing', file: recording.name });
  const decoder = DECODERS[mediaTypeOf(head)?.ending ?? 'm4a'];
  if (!decoder) return ffmpegMissing;
  try {
    yield* decode(recording, await decoder(recording), folder, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const code = problemOf(error)?.code;
    if (error instanceof MinutesError && code === 'noAudioTrack') return error;
    // Nothing was found in it: it may be another format, or one within this.
    if (code === 'notAudio') return ffmpegMissing;
    if (code !== undefined || isAbort(error) || isOfDisk(error)) throw error;
    return new MinutesError({ code: 'ffmpegMissing', file: recording.name }, { cause: error });
  }
}

/** A package's own errors have no such names. */
function isOfDisk(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno !== undefined && !errno.startsWith('ERR_');
}

async function* decode(
  recording: Recording,
  tracks: Tracks,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<PreparationEvent> {
  if (tracks.length === 0) throw new MinutesError({ code: 'noAudioTrack', file: recording.name });
  const prepared: PreparedTrack[] = [];
  const facts: TrackFacts[] = [];
  for (const [t, open] of tracks.entries()) {
    const track = yield* decodeTrack(recording, open, path.join(folder, `track-${t}.pcm`), signal);
    prepared.push(track.prepared);
    facts.push(track.facts);
  }
  const isTruncated = facts.some((one) => one.isTruncated);
  const recordedMs = facts.find((one) => one.recordedMs !== undefined)?.recordedMs;
  yield* joinTracks(recording, prepared, { lostTracks: 0, isTruncated: () => isTruncated, recordedMs }, folder, signal);
}

/** Decodes one track. Where the file's times are absurd, it is decoded again without them. */
async function* decodeTrack(
  recording: Recording,
  open: Tracks[number],
  file: string,
  signal: AbortSignal,
): AsyncGenerator<PreparationEvent, { readonly prepared: PreparedTrack; readonly facts: TrackFacts }> {
  const limitS = longestPossibleS(recording);
  for (const keepsClock of [true, false]) {
    const track = open(signal);
    const mono = toMonoSound(keepsClock ? onClock(track.blocks, limitS) : track.blocks, signal);
    try {
      const sampleCount = yield* writePrepared(file, mono.pcm, mostSoundS(recording));
      if (sampleCount === undefined) break;
      const facts = track.facts();
      const hasTakenChannel = mono.hasTakenChannel();
      const prepared = { file, sampleCount, isDamaged: facts.isDamaged, isClockIgnored: !keepsClock, hasTakenChannel };
      return { prepared, facts };
    } catch (error) {
      if (!(error instanceof AbsurdClockError)) throw error;
    }
  }
  throw new UnknownSoundError('its length is absurd');
}
