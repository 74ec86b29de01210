import path from 'node:path';
import { samplesToSeconds } from '../../core/audio/pcm';
import type { PreparationEvent } from '../../core/audio/preparation';
import { MinutesError, problemOf } from '../../core/errors';
import type { Recording } from '../../core/model';
import { decodeWithFfmpeg, probeWithFfmpeg } from './programs/ffmpeg';
import type { FfmpegFacts } from './programs/ffmpegFacts';
import { writePrepared } from './preparedFile';
import { joinTracks, longestPossibleS, mostSoundS, type PreparedTrack } from './preparedTracks';
import { wavToMono } from './toMono';

/** How much longer than its header says a recording may be. Estimates of MP3s without a table are that wrong. */
const SURPLUS_S = 600;
/** A recording is cut short where so much less came than its header says. */
const MISSING_S = 1;

/**
 * Decodes all audio tracks of a recording with a system ffmpeg into files in `folder`, and mixes them.
 *
 * @throws MinutesError `notAudio`, `noAudioTrack`, `ffmpegMissing`
 */
export async function* prepareWithFfmpeg(
  ffmpeg: string,
  recording: Recording,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<PreparationEvent> {
  const facts = await probeWithFfmpeg(ffmpeg, recording, signal);
  const tracks: PreparedTrack[] = [];
  let lostTracks = 0;
  // Where ffmpeg tells of no track, decoding tells why.
  for (let track = 0; track < Math.max(1, facts.trackCount); track++) {
    const file = path.join(folder, `track-${track}.pcm`);
    try {
      tracks.push(yield* decodeTrack(ffmpeg, recording, track, file, facts, signal));
    } catch (error) {
      // Another track may be sound.
      if (problemOf(error)?.code !== 'notAudio' || (tracks.length === 0 && track + 1 >= facts.trackCount)) throw error;
      lostTracks++;
    }
  }
  const { durationS = 0, recordedMs } = facts;
  const isDamaged = lostTracks > 0 || tracks.some((track) => track.isDamaged);
  const isTruncated = (sampleCount: number): boolean =>
    isDamaged && durationS - samplesToSeconds(sampleCount) > MISSING_S;
  yield* joinTracks(recording, tracks, { lostTracks, isTruncated, recordedMs }, folder, signal);
}

/** Decodes one track. Where the file's times are absurd, it is decoded again without them. */
async function* decodeTrack(
  ffmpeg: string,
  recording: Recording,
  track: number,
  file: string,
  { durationS = Number.POSITIVE_INFINITY }: FfmpegFacts,
  signal: AbortSignal,
): AsyncGenerator<PreparationEvent, PreparedTrack> {
  const possibleS = longestPossibleS(recording);
  const limitS = Math.min(durationS + SURPLUS_S, possibleS);
  const isPossible = durationS === Number.POSITIVE_INFINITY || durationS <= possibleS;
  for (const keepsClock of isPossible ? [true, false] : [false]) {
    const decoding = decodeWithFfmpeg(ffmpeg, recording, { track, keepsClock }, signal);
    const mono = wavToMono(decoding.wav);
    const sampleCount = yield* writePrepared(file, mono.pcm, keepsClock ? limitS : mostSoundS(recording));
    if (sampleCount === undefined) continue;
    return {
      file,
      sampleCount,
      isDamaged: decoding.isDamaged(),
      isClockIgnored: !keepsClock,
      hasTakenChannel: mono.hasTakenChannel(),
    };
  }
  throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'its length is absurd' });
}
