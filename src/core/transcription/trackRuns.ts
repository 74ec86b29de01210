import { inParallel } from '../async/inParallel';
import { samplesToSeconds } from '../audio/pcm';
import { MinutesError } from '../errors';
import type { Chunk, PreparedAudio, RequestAudio } from '../model';
import { answeredChunk } from '../transcript/foldChunks';
import type { TranscriptLog } from '../transcript/transcriptLog';
import { askAll } from './askAll';
import type { TranscriptionEvent, TranscriptionOptions } from './fileTranscriber';
import { RecordingAsker, type AskerPorts, type ChunkEvent } from './recordingAsker';

/** One track of a recording as a run reads it: finished, or one that still grows. */
export interface TrackRun {
  readonly asker: RecordingAsker;
  /** The audio as far as its end is known; it may have grown at the next look. */
  readonly now: () => PreparedAudio;
  /** What is to be done for it. */
  readonly events: (signal: AbortSignal) => AsyncIterable<TranscriptionEvent>;
}

/** A run that asks for all chunks of a track. @param chunks in the order of time, from the log or as they are cut */
export function trackRun(
  now: () => PreparedAudio,
  chunks: (signal: AbortSignal) => AsyncIterable<Chunk>,
  ports: AskerPorts,
  options: TranscriptionOptions,
): TrackRun {
  const asker = new RecordingAsker(ports, options);
  const ask = (chunk: Chunk, inner: AbortSignal): AsyncIterable<ChunkEvent> => asker.askChunk(now(), chunk, inner);
  return { asker, now, events: (signal) => askAll(now, chunks, ask, ports, signal) };
}

/** The options of the run over one track. A single one is track 0. */
export function ofTrack(options: TranscriptionOptions, track: number): TranscriptionOptions {
  return track === 0 ? options : { ...options, track };
}

/** Runs all tracks beside each other, and says where nobody spoke on any of them. */
export async function* runTracks(
  tracks: readonly TrackRun[],
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  yield* besideEachOther(tracks, signal);
  signal.throwIfAborted();
  const { log } = ports;
  const sampleCount = Math.max(...tracks.map(({ now }) => now().sampleCount));
  const remarks = tracks.flatMap(({ now }) => now().remarks);
  if (!log.prepared) await log.append({ kind: 'prepared', sampleCount, remarks });
  const transcript = log.fold();
  if (transcript.segments.length === 0) {
    const failed = tracks.find(({ asker }) => asker.firstFailure !== undefined);
    if (failed?.asker.firstFailure !== undefined) throw failed.asker.firstFailure;
    // What the engine could not understand was speech all the same, but at a cursor there is nothing to show of it.
    if (transcript.gaps.length === 0 || options.isUrgent === true)
      throw new MinutesError({ code: 'noSpeech', file: name });
  }
  if (options.task === 'translate' && transcript.language === undefined) await askLanguage(tracks, log, signal);
  yield { kind: 'finished', totalS: samplesToSeconds(sampleCount) };
}

/** The events of all tracks. How far the text is, is how far the slowest is. A failure of one ends all. */
export async function* besideEachOther(
  tracks: readonly Pick<TrackRun, 'events'>[],
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const [only, ...more] = tracks;
  if (only && more.length === 0) {
    yield* only.events(signal);
    return;
  }
  const doneS = tracks.map(() => 0);
  let totalS = 0;
  const work = inParallel(
    () => listed(tracks.entries()),
    // What waits may be ended by a failure of the other track: nothing of it is lost.
    {
      limit: () => tracks.length,
      isIdle: ({ kind }: TranscriptionEvent) => kind === 'waiting',
      endsGently: () => false,
    },
    ([index, { events }], inner) => toItsEnd(events(inner), () => (doneS[index] = Number.POSITIVE_INFINITY)),
    signal,
  );
  for await (const { index, event } of work) {
    if (event.kind === 'words' && index > 0) yield { ...event, track: index };
    else if (event.kind !== 'transcribed') yield event;
    else {
      doneS[index] = event.doneS;
      totalS = Math.max(totalS, event.totalS);
      yield { ...event, doneS: Math.min(totalS, ...doneS), totalS, track: index };
    }
  }
}

async function* toItsEnd(
  events: AsyncIterable<TranscriptionEvent>,
  onEnd: () => void,
): AsyncGenerator<TranscriptionEvent> {
  yield* events;
  onEnd();
}

/** Gives the items of a list as they are asked for. */
export async function* listed<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}

async function askLanguage(tracks: readonly TrackRun[], log: TranscriptLog, signal: AbortSignal): Promise<void> {
  const [first] = log.folded.answers.filter(({ text, segments }) => text !== '' || segments.length > 0);
  const run = first && (tracks[first.track] ?? tracks[0]);
  if (!run) return;
  const request: RequestAudio = { kind: 'chunk', audio: run.now(), chunk: answeredChunk(first) };
  const language = await run.asker.spokenLanguage(request, signal);
  if (language !== undefined) await log.append({ kind: 'spoken', language });
}

/** The chunks that an earlier run cut, and new ones where it cut none. A new one is in the log before it is sent. */
export async function* cutOnce(log: TranscriptLog, track: number, fresh: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  const known = log.cut(track).filter(({ startSample, endSample }) => endSample > startSample);
  const cutUpTo = known.reduce((end, { endSample }) => Math.max(end, endSample), 0);
  let next = 0;
  let freshEnd = 0;
  for await (const chunk of fresh) {
    // A chunk may be meant to overlap the one before, which is the last that was cut.
    const isNext = freshEnd === cutUpTo && chunk.startSample < cutUpTo;
    freshEnd = chunk.endSample;
    for (let old = known[next]; old && old.startSample < chunk.endSample; old = known[++next]) yield old;
    const isCut = known.some((old) => old.startSample < chunk.endSample && chunk.startSample < old.endSample);
    if (isCut && chunk.endSample <= cutUpTo) continue;
    // Another version of Minutes may have cut elsewhere. What lies behind its last chunk is new.
    const behind = isCut && !isNext ? { startSample: cutUpTo, endSample: chunk.endSample } : chunk;
    await log.plan(track, [behind]);
    yield behind;
  }
  yield* known.slice(next);
}
