import { defined } from '../async/defined';
import { readAhead } from '../async/readAhead';
import { samplesToSeconds } from '../audio/pcm';
import { planChunks } from '../audio/planChunks';
import { MinutesError } from '../errors';
import type { Chunk, Gap, PreparedAudio, Recording, RequestAudio } from '../model';
import { askAll } from './askAll';
import type { AudioPreparer, PreparationEvent } from '../audio/preparation';
import type { TranscriptionEvent, TranscriptionOptions } from './fileTranscriber';
import { RecordingAsker, type AskerPorts, type ChunkEvent } from './recordingAsker';
import { answeredChunk } from '../transcript/foldChunks';
import { besideEachOther, cutOnce, listed, ofTrack, runTracks, trackRun, type TrackRun } from './trackRuns';

/** What the pipeline needs from outside. */
export interface PipelinePorts extends AskerPorts {
  readonly preparer: AudioPreparer;
}

/** The track of what cannot be cut. */
const WHOLE_TRACK = 0;

/** Marks the answer to an uncut recording in the log: its length is not known before the answer, and a real chunk is never empty. */
const WHOLE: Chunk = { startSample: 0, endSample: 0 };

/**
 * Runs the stages for a file: prepare, cut at pauses, transcribe. As many chunks are transcribed at once as make the endpoint quicker. Every answer
 * is in the log before its event comes, and chunks that the log has answers for are not asked for again; the transcript is read from the
 * log. A chunk that fails for reasons of its own becomes a gap, and the run goes on.
 *
 * @throws MinutesError of any stage; `noSpeech` where nothing was said; the signal's reason when aborted
 */
export async function* transcribe(
  recording: Recording,
  ports: PipelinePorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const ready = yield* prepare(recording, ports, signal);
  const { name } = recording;
  if (ready.kind === 'prepared')
    yield* transcribeChunks(ready.audio, ready.channels ?? [ready.audio], name, ports, options, signal);
  else yield* transcribeUncut({ kind: 'file', ...ready.file }, recording.name, ports, options, signal);
}

/**
 * Asks again for the audio of gaps, as {@link transcribe} does for all of a recording.
 *
 * @throws MinutesError of any stage, except for gaps that fail again for reasons of their own; the signal's reason when aborted
 */
export async function* retryGaps(
  recording: Recording,
  gaps: readonly Gap[],
  ports: PipelinePorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const ready = yield* prepare(recording, ports, signal);
  // Without ffmpeg the recording went in one request, and there is no part of it to ask for.
  if (ready.kind === 'asIs') throw new MinutesError({ code: 'ffmpegMissing', file: recording.name });
  const { audio } = ready;
  const totalS = samplesToSeconds(audio.sampleCount);
  yield { kind: 'prepared', totalS, remarks: audio.remarks };
  const tracks = (ready.channels ?? [audio]).map((channel, track) => {
    const asker = new RecordingAsker(ports, ofTrack(options, track));
    const ask = (chunk: Chunk, inner: AbortSignal): AsyncIterable<ChunkEvent> => asker.askAgain(channel, chunk, inner);
    const chunks = gaps.filter((gap) => gap.track === track).map(({ chunk }) => chunk);
    return {
      events: (inner: AbortSignal) =>
        askAll(
          () => channel,
          () => listed(chunks),
          ask,
          ports,
          inner,
        ),
    };
  });
  yield* besideEachOther(tracks, signal);
  signal.throwIfAborted();
  yield { kind: 'finished', totalS };
}

/** Tells how far the preparation is; its result is what it ends with. */
async function* prepare(
  recording: Recording,
  { preparer, log }: PipelinePorts,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent, Exclude<PreparationEvent, { readonly kind: 'preparing' }>> {
  for await (const event of preparer.prepare(recording, signal, log.trackCount)) {
    if (event.kind !== 'preparing') return event;
    yield event;
  }
  throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'nothing came out' });
}

async function* transcribeChunks(
  audio: PreparedAudio,
  channels: readonly PreparedAudio[],
  name: string,
  ports: PipelinePorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const { log, samples: reader } = ports;
  const { sampleCount, remarks, recordedMs } = audio;
  const totalS = samplesToSeconds(sampleCount);
  yield { kind: 'prepared', totalS, remarks };
  if (!log.prepared) await log.append(defined({ kind: 'prepared', sampleCount, remarks, recordedMs }));
  // An earlier run, which could not cut the recording, has its whole text.
  const isKnown = log.answerFor(WHOLE_TRACK, WHOLE) !== undefined;
  const cut = (track: number, inner: AbortSignal): AsyncIterable<Chunk> => {
    const channel = channels[track];
    return channel ? cutOnce(log, track, planChunks(reader.read(channel, inner))) : listed([]);
  };
  const run = (track: number, chunks: (inner: AbortSignal) => AsyncIterable<Chunk>): TrackRun =>
    trackRun(() => channels[track] ?? audio, chunks, ports, ofTrack(options, track));
  if (!isKnown && options.sendsEarly?.(totalS) === true) {
    const early = channels.map((_, track) => run(track, (inner) => readAhead((reading) => cut(track, reading), inner)));
    yield* runTracks(early, name, ports, options, signal);
    return;
  }
  const all: (readonly Chunk[])[] = [];
  for (const track of channels.keys()) all.push(isKnown ? [] : await collect(cut(track, signal)));
  signal.throwIfAborted();
  const open = all.flatMap((chunks, track) => chunks.filter((chunk) => !log.answerFor(track, chunk)));
  const requestS = open.map(({ startSample, endSample }) => samplesToSeconds(endSample - startSample));
  if (requestS.length > 0) {
    const lastStartMs = await ports.transcriber.lastStartMs(requestS, signal);
    yield { kind: 'planned', plan: { requestS, lastStartMs } };
  }
  const tracks = all.map((chunks, track) => run(track, () => listed(chunks)));
  yield* runTracks(tracks, name, ports, options, signal);
}

async function collect(chunks: AsyncIterable<Chunk>): Promise<readonly Chunk[]> {
  const all: Chunk[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

/**
 * Transcribes in one request what cannot be cut here: a file that no program here reads, or an address that the endpoint fetches itself.
 *
 * @param name what the user calls it
 */
export async function* transcribeUncut(
  audio: RequestAudio,
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  yield { kind: 'uncut' };
  const { log } = ports;
  const asker = new RecordingAsker(ports, options);
  if (!log.answerFor(WHOLE_TRACK, WHOLE)) {
    for await (const event of asker.ask(audio, signal)) {
      if (event.kind === 'answered') await log.append(asker.answeredEntry(event.answer, WHOLE));
      else if (event.kind !== 'queued') yield event;
    }
  }
  signal.throwIfAborted();
  const transcript = log.fold();
  if (transcript.segments.length === 0) throw new MinutesError({ code: 'noSpeech', file: name });
  const answer = log.answerFor(WHOLE_TRACK, WHOLE);
  const chunk = answer ? answeredChunk(answer) : WHOLE;
  const totalS = samplesToSeconds(chunk.endSample);
  yield { kind: 'transcribed', doneS: totalS, totalS, chunk };
  if (options.task === 'translate' && transcript.language === undefined) {
    const language = await asker.spokenLanguage(audio, signal);
    if (language !== undefined) await log.append({ kind: 'spoken', language });
  }
  yield { kind: 'finished', totalS };
}
