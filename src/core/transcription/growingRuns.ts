import { defined } from '../async/defined';
import type { GrowingAudio, GrowingFile } from '../audio/growingAudio';
import { samplesToSeconds } from '../audio/pcm';
import { planChunks, type CutOptions } from '../audio/planChunks';
import type { Chunk, PreparedAudio } from '../model';
import type { TranscriptionEvent, TranscriptionOptions } from './fileTranscriber';
import type { LiveWordsEvent } from './liveWords';
import type { AskerPorts } from './recordingAsker';
import { cutOnce, listed, ofTrack, runTracks, trackRun, type TrackRun } from './trackRuns';

/**
 * How a meeting is cut while it goes on: nobody wants to wait for a sentence until somebody says the next one. The embedded engine answers
 * within a second, and short requests cost nothing; a sentence may then be in the note 3 s after a pause.
 */
const LOCAL_CUT: CutOptions = { holdsShortPieces: false, silenceS: 2, eager: { fromS: 4, silenceS: 0.8 } };
/** Endpoints bill 10 s for each request at least. */
const REMOTE_CUT: CutOptions = { holdsShortPieces: false, silenceS: 3, eager: { fromS: 10, silenceS: 1 } };

/**
 * Transcribes a recording while it grows: a chunk is sent as soon as it is cut. Ends when the recording has ended and all its text is
 * there. Otherwise as `transcribe`; the length is not known before the end, and `totalS` is how much was captured so far.
 *
 * @param channels each is a track of its own
 * @throws also the recording's failure
 */
export async function* transcribeGrowing(
  channels: readonly GrowingFile[],
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const live: TranscriptionOptions = { ...options, isLive: true };
  const tracks = channels.map((growing, track) => growingTrack(growing, track, ports, live));
  yield* runTracks(tracks, name, ports, live, signal);
}

function growingTrack(growing: GrowingFile, track: number, ports: AskerPorts, options: TranscriptionOptions): TrackRun {
  const { dataOffsetBytes, channel } = growing;
  let sampleCount = 0;
  const now = (): PreparedAudio => defined({ path: growing.path, dataOffsetBytes, channel, sampleCount, remarks: [] });
  async function* samples(inner: AbortSignal): AsyncGenerator<Int16Array> {
    for await (const block of growing.samples(0, inner)) {
      sampleCount += block.length;
      yield block;
    }
  }
  const cut = options.host === undefined ? LOCAL_CUT : REMOTE_CUT;
  const chunks = (inner: AbortSignal): AsyncIterable<Chunk> =>
    cutOnce(ports.log, track, planChunks(samples(inner), cut));
  return trackRun(now, chunks, ports, ofTrack(options, track));
}

/** Hears audio from a sample on. */
type HearLive = (audio: GrowingAudio, fromSample: number, signal: AbortSignal) => AsyncIterable<LiveWordsEvent>;

/**
 * As {@link transcribeGrowing}, but the embedded engine hears the recording while it is spoken: each utterance's text is in the log when its
 * speaker pauses, and words come before that.
 */
export async function* transcribeLive(
  channels: readonly GrowingFile[],
  hearLive: HearLive,
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const live: TranscriptionOptions = { ...options, isLive: true };
  const tracks = channels.map((growing, track) => liveTrack(growing, track, hearLive, ports, live));
  yield* runTracks(tracks, name, ports, live, signal);
}

function liveTrack(
  growing: GrowingFile,
  track: number,
  hearLive: HearLive,
  ports: AskerPorts,
  options: TranscriptionOptions,
): TrackRun {
  const { log } = ports;
  const { dataOffsetBytes, channel } = growing;
  // An earlier window may have heard the beginning.
  const fromSample = log.cut(track).reduce((end, { endSample }) => Math.max(end, endSample), 0);
  let sampleCount = fromSample;
  const counted: GrowingAudio = {
    async *samples(from, inner): AsyncGenerator<Int16Array> {
      let next = from;
      for await (const block of growing.samples(from, inner)) {
        next += block.length;
        sampleCount = Math.max(sampleCount, next);
        yield block;
      }
    },
  };
  const now = (): PreparedAudio => defined({ path: growing.path, dataOffsetBytes, channel, sampleCount, remarks: [] });
  // What an earlier window has cut and not heard.
  const left = trackRun(now, () => listed(log.cut(track)), ports, ofTrack(options, track));
  async function* events(signal: AbortSignal): AsyncGenerator<TranscriptionEvent> {
    for await (const event of hearLive(counted, fromSample, signal)) {
      signal.throwIfAborted();
      if (event.kind === 'words') yield event;
      if (event.kind !== 'utterance') continue;
      const { chunk, answer } = event;
      await log.append({ kind: 'planned', track, ...chunk }, left.asker.answeredEntry(answer, chunk));
      yield { kind: 'transcribed', doneS: event.endS, totalS: samplesToSeconds(sampleCount), chunk };
    }
    yield* left.events(signal);
  }
  return { asker: left.asker, now, events };
}
