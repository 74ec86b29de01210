import { samplesToSeconds } from '../audio/pcm';
import { inParallel } from '../async/inParallel';
import { problemOf, type ProblemCode } from '../errors';
import type { Chunk, PreparedAudio } from '../model';
import type { TranscriptionEvent } from './fileTranscriber';
import type { AskerPorts, ChunkEvent } from './recordingAsker';

type WaitEvent = Extract<ChunkEvent, { readonly kind: 'waiting' }>;

/**
 * Asks for chunks, several at once, and tells how far all text is there without a hole in the order of time.
 *
 * @param now the audio as far as its end is known
 * @param chunks gives the chunks in the order of time; its signal ends the reading
 */
export async function* askAll(
  now: () => PreparedAudio,
  chunks: (signal: AbortSignal) => AsyncIterable<Chunk>,
  ask: (chunk: Chunk, signal: AbortSignal) => AsyncIterable<ChunkEvent>,
  { transcriber }: AskerPorts,
  signal: AbortSignal,
): AsyncGenerator<TranscriptionEvent> {
  /** The chunks that were done before an earlier chunk, by their number. */
  const early = new Map<number, Chunk>();
  let next = 0;
  /** The waits of all chunks, by the chunk's number, the latest last. The reader sees one of them. */
  const waits = new Map<number, WaitEvent>();
  const work = inParallel(
    chunks,
    {
      limit: () => transcriber.parallel + (transcriber.ahead ?? 0),
      isIdle: ({ event }: ChunkWork) => event.kind === 'waiting' || event.kind === 'queued',
      endsGently: isAnswer,
    },
    (chunk, inner): AsyncIterable<ChunkWork> => withChunk(chunk, ask(chunk, inner)),
    signal,
  );
  for await (const item of work) {
    const { index } = item;
    const { chunk, event } = item.event;
    if (event.kind === 'waiting') waits.set(index, event);
    else if (waits.delete(index)) yield [...waits.values()].at(-1) ?? { kind: 'asking' };
    if (event.kind === 'waiting') yield event;
    if (event.kind !== 'done') continue;
    early.set(index, chunk);
    const totalS = samplesToSeconds(now().sampleCount);
    for (let done = early.get(next); done; done = early.get(next)) {
      early.delete(next++);
      yield { kind: 'transcribed', doneS: samplesToSeconds(done.endSample), totalS, chunk: done };
    }
  }
}

/** An event, with the chunk that it concerns. */
interface ChunkWork {
  readonly chunk: Chunk;
  readonly event: ChunkEvent;
}

async function* withChunk(chunk: Chunk, events: AsyncIterable<ChunkEvent>): AsyncGenerator<ChunkWork> {
  for await (const event of events) yield { chunk, event };
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
