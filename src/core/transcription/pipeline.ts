import type { GrowingAudio, GrowingFile } from '../audio/growingAudio';
import { defined } from '../async/defined';
import { readAhead } from '../async/readAhead';
import { samplesToSeconds } from '../audio/pcm';
import { planChunks, type CutOptions } from '../audio/planChunks';
import { MinutesError } from '../errors';
import type { Chunk, Gap, PreparedAudio, Recording, RequestAudio } from '../model';
import { askAll } from './askAll';
import type { AudioPreparer, PreparationEvent } from '../audio/preparation';
import type { TranscriptionEvent, TranscriptionOptions } from './fileTranscriber';
import type { LiveWordsEvent } from './liveWords';
import { RecordingAsker, type AskerPorts, type ChunkEvent } from './recordingAsker';
import { answeredChunk } from '../transcript/foldChunks';
import type { TranscriptLog } from '../transcript/transcriptLog';

/** Decoded audio as a run reads it: finished, or a recording that still grows. */
interface HeardAudio {
  /** Its chunks in the order of time, from the log or as they are cut. */
  readonly chunks: (signal: AbortSignal) => AsyncIterable<Chunk>;
  /** The audio as far as its end is known; it may have grown at the next look. */
  readonly now: () => PreparedAudio;
}

/**
 * How a meeting is cut while it goes on: nobody wants to wait for a sentence until somebody says the next one. The embedded engine answers
 * within a second, and short requests cost nothing; a sentence may then be in the note 3 s after a pause.
 */
const LOCAL_CUT: CutOptions = { holdsShortPieces: false, silenceS: 2, eager: { fromS: 4, silenceS: 0.8 } };
/** Endpoints bill 10 s for each request at least. */
const REMOTE_CUT: CutOptions = { holdsShortPieces: false, silenceS: 3, eager: { fromS: 10, silenceS: 1 } };

/** What the pipeline needs from outside. */
export interface PipelinePorts extends AskerPorts {
  readonly preparer: AudioPreparer;
}

/** The only track of a file. */
const TRACK = 0;

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
  const ready = yield* prepare(recording, ports.preparer, signal);
  if (ready.kind === 'prepared') yield* transcribeChunks(ready.audio, recording.name, ports, options, signal);
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
  const ready = yield* prepare(recording, ports.preparer, signal);
  // Without ffmpeg the recording went in one request, and there is no part of it to ask for.
  if (ready.kind === 'asIs') throw new MinutesError({ code: 'ffmpegMissing', file: recording.name });
  const { audio } = ready;
  const totalS = samplesToSeconds(audio.sampleCount);
  yield { kind: 'prepared', totalS, remarks: audio.remarks };
  const asker = new RecordingAsker(ports, options);
  const ask = (chunk: Chunk, inner: AbortSignal): AsyncIterable<ChunkEvent> => asker.askAgain(audio, chunk, inner);
  const chunks = (): AsyncIterable<Chunk> => inOrder(gaps.map(({ chunk }) => chunk));
  yield* askAll(() => audio, chunks, ask, ports, signal);
  signal.throwIfAborted();
  yield { kind: 'finished', totalS };
}

/** Tells how far the preparation is; its result is what it ends with. */
async function* prepare(
  recording: Recording,
  preparer: AudioPreparer,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent, Exclude<PreparationEvent, { readonly kind: 'preparing' }>> {
  for await (const event of preparer.prepare(recording, signal)) {
    if (event.kind !== 'preparing') return event;
    yield event;
  }
  throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'nothing came out' });
}

/**
 * Transcribes a recording while it grows: a chunk is sent as soon as it is cut. Ends when the recording has ended and all its text is
 * there. Otherwise as {@link transcribe}; the length is not known before the end, and `totalS` is how much was captured so far.
 *
 * @throws also the recording's failure
 */
export async function* transcribeGrowing(
  growing: GrowingFile,
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const { path, dataOffsetBytes, channel } = growing;
  let sampleCount = 0;
  const now = (): PreparedAudio => defined({ path, dataOffsetBytes, channel, sampleCount, remarks: [] });
  async function* samples(inner: AbortSignal): AsyncGenerator<Int16Array> {
    for await (const block of growing.samples(0, inner)) {
      sampleCount += block.length;
      yield block;
    }
  }
  const chunks = (inner: AbortSignal): AsyncIterable<Chunk> =>
    cutOnce(ports.log, planChunks(samples(inner), options.host === undefined ? LOCAL_CUT : REMOTE_CUT));
  yield* hear({ chunks, now }, name, ports, { ...options, isLive: true }, signal);
}

/**
 * As {@link transcribeGrowing}, but the embedded engine hears the recording while it is spoken: each utterance's text is in the log when its
 * speaker pauses, and words come before that.
 *
 * @param hearLive hears the audio from a sample on
 */
export async function* transcribeLive(
  growing: GrowingFile,
  hearLive: (audio: GrowingAudio, fromSample: number) => AsyncIterable<LiveWordsEvent>,
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const { log } = ports;
  const { path, dataOffsetBytes } = growing;
  // An earlier window may have heard the beginning.
  const fromSample = log.cut(TRACK).reduce((end, { endSample }) => Math.max(end, endSample), 0);
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
  const asker = new RecordingAsker(ports, options);
  for await (const event of hearLive(counted, fromSample)) {
    signal.throwIfAborted();
    if (event.kind === 'words') yield event;
    if (event.kind !== 'utterance') continue;
    const { chunk, answer } = event;
    await log.append({ kind: 'planned', track: TRACK, ...chunk }, asker.answeredEntry(answer, chunk));
    yield { kind: 'transcribed', doneS: event.endS, totalS: samplesToSeconds(sampleCount), chunk };
  }
  // What an earlier window has cut and not heard.
  const chunks = (): AsyncIterable<Chunk> => inOrder(log.cut(TRACK));
  const now = (): PreparedAudio => ({ path, dataOffsetBytes, sampleCount, remarks: [] });
  yield* hear({ chunks, now }, name, ports, { ...options, isLive: true }, signal);
}

async function* transcribeChunks(
  audio: PreparedAudio,
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const { log, samples: reader } = ports;
  const { sampleCount, remarks, recordedMs } = audio;
  const totalS = samplesToSeconds(sampleCount);
  yield { kind: 'prepared', totalS, remarks };
  if (!log.prepared) await log.append(defined({ kind: 'prepared', sampleCount, remarks, recordedMs }));
  // An earlier run, which could not cut the recording, has its whole text.
  const isKnown = log.answerFor(TRACK, WHOLE) !== undefined;
  const cut = (inner: AbortSignal): AsyncIterable<Chunk> => cutOnce(log, planChunks(reader.read(audio, inner)));
  if (!isKnown && options.sendsEarly?.(totalS) === true) {
    const early = (inner: AbortSignal): AsyncIterable<Chunk> => readAhead(cut, inner);
    yield* hear({ chunks: early, now: () => audio }, name, ports, options, signal);
    return;
  }
  const chunks = isKnown ? [] : await collect(cut(signal));
  signal.throwIfAborted();
  const open = chunks.filter((chunk) => !log.answerFor(TRACK, chunk));
  const requestS = open.map(({ startSample, endSample }) => samplesToSeconds(endSample - startSample));
  if (requestS.length > 0) {
    const lastStartMs = await ports.transcriber.lastStartMs(requestS, signal);
    yield { kind: 'planned', plan: { requestS, lastStartMs } };
  }
  yield* hear({ chunks: () => inOrder(chunks), now: () => audio }, name, ports, options, signal);
}

/** Asks for all chunks, and says where nobody spoke. */
async function* hear(
  audio: HeardAudio,
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const { log } = ports;
  const asker = new RecordingAsker(ports, options);
  const ask = (chunk: Chunk, inner: AbortSignal): AsyncIterable<ChunkEvent> =>
    asker.askChunk(audio.now(), chunk, inner);
  yield* askAll(audio.now, audio.chunks, ask, ports, signal);
  signal.throwIfAborted();
  const { sampleCount, remarks } = audio.now();
  if (!log.prepared) await log.append({ kind: 'prepared', sampleCount, remarks });
  const transcript = log.fold();
  if (transcript.segments.length === 0) {
    if (asker.firstFailure !== undefined) throw asker.firstFailure;
    // What the engine could not understand was speech all the same, but at a cursor there is nothing to show of it.
    if (transcript.gaps.length === 0 || options.isUrgent === true)
      throw new MinutesError({ code: 'noSpeech', file: name });
  }
  const [first] = log.folded.answers.filter(({ text, segments }) => text !== '' || segments.length > 0);
  if (first && options.task === 'translate' && transcript.language === undefined) {
    const request: RequestAudio = { kind: 'chunk', audio: audio.now(), chunk: answeredChunk(first) };
    const language = await asker.spokenLanguage(request, signal);
    if (language !== undefined) await log.append({ kind: 'spoken', language });
  }
  yield { kind: 'finished', totalS: samplesToSeconds(sampleCount) };
}

/** The chunks that an earlier run cut, and new ones where it cut none. A new one is in the log before it is sent. */
async function* cutOnce(log: TranscriptLog, fresh: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  const known = log.cut(TRACK).filter(({ startSample, endSample }) => endSample > startSample);
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
    await log.plan(TRACK, [behind]);
    yield behind;
  }
  yield* known.slice(next);
}

async function collect(chunks: AsyncIterable<Chunk>): Promise<readonly Chunk[]> {
  const all: Chunk[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

async function* inOrder(chunks: readonly Chunk[]): AsyncGenerator<Chunk> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
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
  if (!log.answerFor(TRACK, WHOLE)) {
    for await (const event of asker.ask(audio, signal)) {
      if (event.kind === 'answered') await log.append(asker.answeredEntry(event.answer, WHOLE));
      else if (event.kind !== 'queued') yield event;
    }
  }
  signal.throwIfAborted();
  const transcript = log.fold();
  if (transcript.segments.length === 0) throw new MinutesError({ code: 'noSpeech', file: name });
  const answer = log.answerFor(TRACK, WHOLE);
  const chunk = answer ? answeredChunk(answer) : WHOLE;
  const totalS = samplesToSeconds(chunk.endSample);
  yield { kind: 'transcribed', doneS: totalS, totalS, chunk };
  if (options.task === 'translate' && transcript.language === undefined) {
    const language = await asker.spokenLanguage(audio, signal);
    if (language !== undefined) await log.append({ kind: 'spoken', language });
  }
  yield { kind: 'finished', totalS };
}
