import path from 'node:path';
import { defined } from '../../core/async/defined';
import type { PreparationEvent } from '../../core/audio/preparation';
import { MinutesError } from '../../core/errors';
import type { AudioRemark, Recording } from '../../core/model';
import { mixFiles } from './mixFiles';
import { writePrepared } from './preparedFile';

/** A track that was decoded into a file. */
export interface PreparedTrack {
  readonly file: string;
  readonly sampleCount: number;
  readonly isDamaged: boolean;
  readonly isClockIgnored: boolean;
  readonly hasTakenChannel: boolean;
}

/** What is known of a recording whose tracks are decoded. */
export interface TracksFacts {
  /** Tracks that could not be decoded. */
  readonly lostTracks: number;
  /** Whether the recording ends before it should, by the length of its longest track. */
  readonly isTruncated: (sampleCount: number) => boolean;
  readonly recordedMs?: number | undefined;
}

/** A recording is at most so much longer than its bytes can be sound: pauses take no room. */
const LONGEST_PAUSE_S = 3 * 3600;
/** No codec for speech needs fewer bytes for a second. */
const FEWEST_BYTES_PER_S = 500;

/** How long a recording can be. A clock that goes further is absurd. */
export function longestPossibleS({ sizeBytes }: Recording): number {
  return LONGEST_PAUSE_S + sizeBytes / FEWEST_BYTES_PER_S;
}

/** A muted meeting of a day needs next to no bytes; only beyond that they have to account for the sound. */
const LONGEST_SILENCE_S = 24 * 3600;

/** How much sound a recording can hold, whatever its clock says. What decodes to more was made to fill the disk, or has a broken head. */
export function mostSoundS({ sizeBytes }: Recording): number {
  return LONGEST_SILENCE_S + sizeBytes / FEWEST_BYTES_PER_S;
}

/**
 * Makes one recording of its tracks: mixes them, and says what its reader should know.
 *
 * @throws MinutesError `notAudio` where all tracks are empty
 */
export async function* joinTracks(
  recording: Recording,
  tracks: readonly PreparedTrack[],
  facts: TracksFacts,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<PreparationEvent> {
  const sampleCount = Math.max(0, ...tracks.map((track) => track.sampleCount));
  if (sampleCount === 0) {
    throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'it has no audio data' });
  }
  const [first] = tracks;
  let file = first?.file ?? '';
  if (tracks.length > 1) {
    file = path.join(folder, 'prepared.pcm');
    yield* writePrepared(file, mixFiles(tracks, signal));
  }
  const remarks = remarksOf(tracks, facts, sampleCount);
  const { recordedMs } = facts;
  const audio = defined({ path: file, dataOffsetBytes: 0, sampleCount, remarks, recordedMs });
  yield { kind: 'prepared', audio };
}

function remarksOf(
  tracks: readonly PreparedTrack[],
  { lostTracks, isTruncated }: TracksFacts,
  sampleCount: number,
): AudioRemark[] {
  const isClockIgnored = tracks.some((track) => track.isClockIgnored);
  const isDamaged = lostTracks > 0 || tracks.some((track) => track.isDamaged);
  const remarks: AudioRemark[] = [];
  if (!isClockIgnored && isTruncated(sampleCount)) remarks.push({ kind: 'truncated' });
  else if (isDamaged) remarks.push({ kind: 'damaged' });
  if (isClockIgnored) remarks.push({ kind: 'clockIgnored' });
  if (tracks.length > 1) remarks.push({ kind: 'tracksMixed', trackCount: tracks.length });
  if (tracks.some(({ hasTakenChannel }) => hasTakenChannel)) remarks.push({ kind: 'channelTaken' });
  return remarks;
}
