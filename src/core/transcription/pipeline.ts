import { samplesToSeconds, secondsToSamples } from '../audio/pcm';
import { planChunks } from '../audio/planChunks';
import { MinutesError, problemOf, type ProblemCode } from '../errors';
import { inParallel } from '../async/inParallel';
import type { Answer, Chunk, ChunkTranscription, PreparedAudio, Recording, RequestAudio } from '../model';
import type { AudioPreparer } from '../audio/preparation';
import type { TranscriptionEvent, TranscriptionOptions } from './fileTranscriber';
import { RecordingAsker, type AskerPorts, type ChunkEvent } from './recordingAsker';
import { appendChunk, EMPTY_TRANSCRIPT } from '../transcript/appendChunk';
import { ChineseText } from '../transcript/chineseScript';

type WaitEvent = Extract<ChunkEvent, { readonly kind: 'waiting' }>;

/** What the pipeline needs from outside. */
export interface PipelinePorts extends AskerPorts {
  readonly preparer: AudioPreparer;
}

/**
 * Runs the stages: prepare, cut at pauses, transcribe, join in order. As many chunks are transcribed at once as make the endpoint quicker.
 * Pieces that the journal holds are not asked for again. Events carry the transcript so far, so that a caller whose loop ends in an error
 * keeps what it read last.
 *
 * @throws MinutesError of any stage; `noSpeech` where nothing was said; the signal's reason when aborted
 */
export async function* transcribe(
  recording: Recording,
  ports: PipelinePorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  for await (const event of ports.preparer.prepare(recording, signal)) {
    if (event.kind === 'preparing') {
      yield event;
      continue;
    }
    if (event.kind === 'prepared') yield* transcribeChunks(event.audio, recording.name, ports, options, signal);
    else yield* transcribeUncut({ kind: 'file', ...event.file }, recording.name, ports, options, signal);
    return;
  }
  throw new MinutesError({ code: 'notAudio', file: recording.name, reason: 'nothing came out' });
}

async function* transcribeChunks(
  audio: PreparedAudio,
  name: string,
  ports: AskerPorts,
  options: TranscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  const totalS = samplesToSeconds(audio.sampleCount);
  yield { kind: 'prepared', totalS, isTruncated: audio.isTruncated };

  const asker = new RecordingAsker(ports, options, await ports.journal.load());
  const chunks = planChunks(ports.samples.read(audio, signal));
  /** Answers that came before an earlier chunk's answer, by their chunk's number. */
  const early = new Map<number, readonly ChunkTranscription[]>();
  const chinese = new ChineseText(options.chineseScript ?? 'auto', options.language);
  let transcript = EMPTY_TRANSCRIPT;
  let firstSpoken: Chunk | undefined;
  let next = 0;
  /** The waits of all chunks, by the chunk's number, the latest last. The reader sees one of them. */
  const waits = new Map<number, WaitEvent>();
  const { transcriber } = ports;
  const work = inParallel(
    chunks,
    { limit: () => transcriber.parallel, isIdle: ({ kind }: ChunkEvent) => kind === 'waiting', endsGently: isAnswer },
    (chunk, inner): AsyncIterable<ChunkEvent> => asker.askChunk(audio, chunk, inner),
    signal,
  );
  for await (const { index, event } of work) {
    if (event.kind === 'waiting') waits.set(index, event);
    else if (waits.delete(index)) yield [...waits.values()].at(-1) ?? { kind: 'asking' };
    if (event.kind === 'waiting') yield event;
    if (event.kind !== 'done') continue;
    early.set(index, event.pieces);
    for (let pieces = early.get(next); pieces; pieces = early.get(next)) {
      early.delete(next++);
      for (const piece of pieces) {
        transcript = appendChunk(transcript, await chinese.write(piece));
        const { chunk } = piece;
        if (transcript.segments.length > 0) firstSpoken ??= chunk;
        yield { kind: 'transcribed', doneS: samplesToSeconds(chunk.endSample), totalS, chunk, transcript };
      }
    }
  }
  signal.throwIfAborted();
  if (transcript.segments.length === 0) throw new MinutesError({ code: 'noSpeech', file: name });
  if (firstSpoken && options.task === 'translate' && transcript.language === undefined) {
    const language = await asker.spokenLanguage({ kind: 'chunk', audio, chunk: firstSpoken }, signal);
    if (language !== undefined) transcript = { ...transcript, language };
  }
  yield { kind: 'finished', totalS, transcript };
}

/** Whether the failure is an answer of the endpoint. Then the endpoint works, and it will answer the requests under way. */
function isAnswer(failure: unknown): boolean {
  const code = problemOf(failure)?.code;
  return code !== undefined && ANSWERS.has(code);
}

const ANSWERS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'paused',
  'rateLimited',
  'quotaExhausted',
  'endpointFailed',
  'requestRefused',
  'fileRefused',
  'tooLarge',
  'responseUnreadable',
]);

/**
 * Marks the answer to an uncut recording in the journal. A real chunk is never empty, so the answer for a part, from a run that could
 * cut this recording, is not mistaken for the whole.
 */
const WHOLE: Chunk = { startSample: 0, endSample: 0 };

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
  const known = await ports.journal.load();
  const asker = new RecordingAsker(ports, options, known);
  let answer: Answer | undefined = known.find(({ chunk }) => chunk.endSample === WHOLE.endSample);
  if (!answer) {
    for await (const event of asker.ask(audio, signal)) {
      if (event.kind !== 'answered') {
        yield event;
        continue;
      }
      answer = event.answer;
      await ports.journal.append({ ...answer, chunk: WHOLE }).catch(() => undefined);
    }
  }
  signal.throwIfAborted();
  const chunk = { startSample: 0, endSample: answer ? secondsToSamples(lengthOf(answer)) : 0 };
  const chinese = new ChineseText(options.chineseScript ?? 'auto', options.language);
  let transcript = answer ? appendChunk(EMPTY_TRANSCRIPT, await chinese.write({ ...answer, chunk })) : EMPTY_TRANSCRIPT;
  if (transcript.segments.length === 0) throw new MinutesError({ code: 'noSpeech', file: name });
  const totalS = samplesToSeconds(chunk.endSample);
  yield { kind: 'transcribed', doneS: totalS, totalS, chunk, transcript };
  if (options.task === 'translate' && transcript.language === undefined) {
    const language = await asker.spokenLanguage(audio, signal);
    if (language !== undefined) transcript = { ...transcript, language };
  }
  yield { kind: 'finished', totalS, transcript };
}

/** The length of an answer's audio. An answer without times does not tell it: the result is 0, which some endpoints send as well. */
function lengthOf({ durationS, segments, words }: Answer): number {
  return [durationS, segments.at(-1)?.endS, words.at(-1)?.endS].find((lengthS = 0) => lengthS > 0) ?? 0;
}
