import path from 'node:path';
import { defined } from '../../core/async/defined';
import { samplesToSeconds } from '../../core/audio/pcm';
import type { PreparationEvent } from '../../core/audio/preparation';
import { MinutesError, problemOf } from '../../core/errors';
import type { AudioRemark, Recording } from '../../core/model';
import { decodeWithFfmpeg, probeWithFfmpeg } from './ffmpeg';
import type { FfmpegFacts } from './ffmpegFacts';
import { mixFiles } from './mixFiles';
import { writePrepared } from './preparedFile';
import { wavToMono } from './toMono';

/** A track that is decoded into a file. */
interface DecodedTrack {
  readonly file: string;
  readonly sampleCount: number;
  readonly isDamaged: boolean;
  readonly isClockIgnored: boolean;
  readonly hasTakenChannel: boolean;
}

/** How much longer than its header says a recording may be. Estimates of MP3s without a table are that wrong. */
const SURPLUS_S = 600;
/** A recording is at most so much longer than its bytes can be sound: pauses take no room. */
const LONGEST_PAUSE_S = 3 * 3600;
/** No codec for speech needs fewer bytes for a second. */
const FEWEST_BYTES_PER_S = 500;
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
  const tracks: DecodedTrack[] = [];
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
  const sampleCount = Math.max(...tracks.map((track) => track.sampleCount));
  if (sampleCount === 0) {
    throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'it has no audio data' });
  }
  const [first] = tracks;
  let file = first?.file ?? '';
  if (tracks.length > 1) {
    file = path.join(folder, 'prepared.pcm');
    yield* writePrepared(file, mixFiles(tracks, signal));
  }
  const remarks = remarksOf(tracks, lostTracks, samplesToSeconds(sampleCount), facts);
  const { recordedMs } = facts;
  const audio = defined({ path: file, dataOffsetBytes: 0, sampleCount, remarks, recordedMs });
  yield { kind: 'prepared', audio };
}

/** Decodes one track. Where the file's times are absurd, it is decoded again without them. */
async function* decodeTrack(
  ffmpeg: string,
  recording: Recording,
  track: number,
  file: string,
  { durationS = Number.POSITIVE_INFINITY }: FfmpegFacts,
  signal: AbortSignal,
): AsyncGenerator<PreparationEvent, DecodedTrack> {
  const possibleS = LONGEST_PAUSE_S + recording.sizeBytes / FEWEST_BYTES_PER_S;
  const limitS = Math.min(durationS + SURPLUS_S, possibleS);
  const isPossible = durationS === Number.POSITIVE_INFINITY || durationS <= possibleS;
  for (const keepsClock of isPossible ? [true, false] : [false]) {
    const decoding = decodeWithFfmpeg(ffmpeg, recording, { track, keepsClock }, signal);
    const mono = wavToMono(decoding.wav);
    const sampleCount = yield* writePrepared(file, mono.pcm, keepsClock ? limitS : undefined);
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

function remarksOf(
  tracks: readonly DecodedTrack[],
  lostTracks: number,
  lengthS: number,
  { durationS = 0 }: FfmpegFacts,
): AudioRemark[] {
  const isClockIgnored = tracks.some((track) => track.isClockIgnored);
  const isDamaged = lostTracks > 0 || tracks.some((track) => track.isDamaged);
  const isTruncated = isDamaged && !isClockIgnored && durationS - lengthS > MISSING_S;
  const remarks: AudioRemark[] = [];
  if (isTruncated) remarks.push({ kind: 'truncated' });
  else if (isDamaged) remarks.push({ kind: 'damaged' });
  if (isClockIgnored) remarks.push({ kind: 'clockIgnored' });
  if (tracks.length > 1) remarks.push({ kind: 'tracksMixed', trackCount: tracks.length });
  if (tracks.some(({ hasTakenChannel }) => hasTakenChannel)) remarks.push({ kind: 'channelTaken' });
  return remarks;
}
