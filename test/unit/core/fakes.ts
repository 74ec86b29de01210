import { defined } from '../../../src/core/async/defined';
import type { TranscriptionOptions } from '../../../src/core/transcription/fileTranscriber';
import { MinutesError } from '../../../src/core/errors';
import type {
  Answer,
  Chunk,
  ChunkTranscription,
  FileAudio,
  PreparedAudio,
  Recording,
  TranscriptionRequest,
} from '../../../src/core/model';
import type { AudioPreparer, PreparationEvent, SampleReader } from '../../../src/core/audio/preparation';
import type {
  AnsweredEntry,
  OpenedEntry,
  TranscriptEntry,
  WrittenEntry,
} from '../../../src/core/transcript/logEntries';
import { parseLog } from '../../../src/core/transcript/parseLog';
import { openedEntry, TranscriptLog, type LogSink } from '../../../src/core/transcript/transcriptLog';
import type { RequestEvent, Transcriber } from '../../../src/core/transcription/transcriber';

/** "Prepares" samples that are there already, or finds a file that it cannot read. */
export class FakePreparer implements AudioPreparer {
  readonly asked: Recording[] = [];

  constructor(
    private readonly result: PreparedAudio | FileAudio,
    private readonly doneS: readonly number[] = [],
  ) {}

  async *prepare(recording: Recording, signal: AbortSignal): AsyncGenerator<PreparationEvent> {
    this.asked.push(recording);
    for (const doneS of this.doneS) {
      await Promise.resolve();
      signal.throwIfAborted();
      yield { kind: 'preparing', doneS };
    }
    yield 'mediaType' in this.result ? { kind: 'asIs', file: this.result } : { kind: 'prepared', audio: this.result };
  }
}

/** Reads samples from memory, a second at a time: the range that the audio tells. */
export class FakeSampleReader implements SampleReader {
  constructor(private readonly samples: Int16Array) {}

  async *read(audio: PreparedAudio, signal: AbortSignal): AsyncGenerator<Int16Array> {
    const start = audio.dataOffsetBytes / 2;
    const end = Math.min(this.samples.length, start + audio.sampleCount);
    for (let at = start; at < end; at += 16_000) {
      await Promise.resolve();
      signal.throwIfAborted();
      yield this.samples.subarray(at, Math.min(end, at + 16_000));
    }
  }
}

/** What {@link FakeTranscriber} says: a text, or more than that. */
export type FakeAnswer = string | (Partial<Answer> & { readonly text: string });

/** Records what it is asked; the n-th answer says "Piece n." unless `answer` does something else. */
export class FakeTranscriber implements Transcriber {
  readonly requests: TranscriptionRequest[] = [];
  /** Told before each answer. */
  readonly before: RequestEvent[] = [];
  mostInFlight = 0;
  inFlight = 0;

  constructor(
    private readonly answer: (
      n: number,
      signal: AbortSignal,
      request: TranscriptionRequest,
    ) => Promise<FakeAnswer> | FakeAnswer = (n) => `Piece ${n}.`,
    readonly parallel = 1,
  ) {}

  lastStartMs(requestS: readonly number[]): Promise<number> {
    return Promise.resolve(1000 * requestS.length);
  }

  async *transcribe(request: TranscriptionRequest, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    const n = this.requests.push(request);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      yield* this.before;
      await Promise.resolve();
      const said = await this.answer(n, signal, request);
      const answer = typeof said === 'string' ? { text: said } : said;
      yield { kind: 'answered', answer: { model: request.model, segments: [], words: [], ...answer } };
    } finally {
      this.inFlight--;
    }
  }
}

/** The ranges that were asked for, where every request was for a chunk. */
export function chunksAsked({ requests }: FakeTranscriber): readonly (Chunk | undefined)[] {
  return requests.map(({ audio }) => (audio.kind === 'chunk' ? audio.chunk : undefined));
}

/** A log in memory, with its lines written and read as on a disk. */
export class FakeLog {
  /** What was written, without the entries that were there at first. */
  readonly entries: WrittenEntry[] = [];
  readonly log: TranscriptLog;
  private readonly known: readonly WrittenEntry[];

  /**
   * @param known what earlier runs wrote into it
   * @param about what its first entry says besides the usual
   */
  constructor(known: readonly TranscriptEntry[] = [], about: Partial<OpenedEntry> = {}) {
    const sink: LogSink = {
      append: async (lines) => {
        await Promise.resolve();
        this.entries.push(...parseLog(lines));
      },
      close: () => Promise.resolve(),
    };
    const recording = { name: 'standup.wav', sizeBytes: 1000, modifiedMs: 0 };
    const opened: TranscriptEntry = { ...openedEntry({ recording, task: 'transcribe' }), ...about };
    this.known = [opened, ...known].map((entry, i) => ({ ...entry, writtenMs: i }));
    this.log = new TranscriptLog(this.known, sink, () => this.known.length + this.entries.length);
  }

  /** All that a later run would read. */
  get all(): readonly WrittenEntry[] {
    return [...this.known, ...this.entries];
  }

  /** The answers that were written, in order of arrival. */
  get pieces(): readonly ChunkTranscription[] {
    return this.entries.flatMap((entry) => (entry.kind === 'answered' ? [pieceOf(entry)] : []));
  }
}

/** A log that nothing can be written into. */
export function unwritableLog(): TranscriptLog {
  const sink = { append: () => Promise.reject(new Error('the disk is full')), close: () => Promise.resolve() };
  return new TranscriptLog(new FakeLog().all, sink);
}

function pieceOf(entry: AnsweredEntry): ChunkTranscription {
  const { startSample, endSample, model, text, language, segments, words, unheard } = entry;
  return defined({ chunk: { startSample, endSample }, model, text, language, segments, words, unheard });
}

/** Pending until the signal aborts; throws its reason then. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

/** All that can happen without outside help happens before this resolves. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

export const BUSY = new MinutesError({ code: 'endpointFailed', host: 'example.org', status: 503, reason: 'busy' });
/** A failure that no chunk has for itself: all others would fail alike. */
export const SPENT = new MinutesError({ code: 'quotaExhausted', host: 'example.org', reason: 'no more today' });
export const TOO_LARGE = new MinutesError({ code: 'tooLarge', host: 'example.org', sizeBytes: 26_738_688 });

/** Options of a run with a model that nothing is known of. */
export function optionsOf(changes: Partial<TranscriptionOptions> = {}): TranscriptionOptions {
  return { task: 'transcribe', model: 'default', languageModel: 'default', ...changes };
}
