import { MinutesError } from '../../../src/core/errors';
import type { ChunkTranscription, PreparedAudio, Recording, TranscriptionRequest } from '../../../src/core/model';
import type { AudioPreparer, ChunkJournal, PreparationEvent, SampleReader, Transcriber } from '../../../src/core/ports';

/** "Prepares" samples that are there already. */
export class FakePreparer implements AudioPreparer {
  readonly asked: Recording[] = [];

  constructor(
    private readonly audio: PreparedAudio,
    private readonly doneS: readonly number[] = [],
  ) {}

  async *prepare(recording: Recording, signal: AbortSignal): AsyncGenerator<PreparationEvent> {
    this.asked.push(recording);
    for (const doneS of this.doneS) {
      await Promise.resolve();
      signal.throwIfAborted();
      yield { kind: 'preparing', doneS };
    }
    yield { kind: 'prepared', audio: this.audio };
  }
}

/** Reads samples from memory, a second at a time. */
export class FakeSampleReader implements SampleReader {
  constructor(private readonly samples: Int16Array) {}

  async *read(_audio: PreparedAudio, signal: AbortSignal): AsyncGenerator<Int16Array> {
    for (let at = 0; at < this.samples.length; at += 16_000) {
      await Promise.resolve();
      signal.throwIfAborted();
      yield this.samples.subarray(at, at + 16_000);
    }
  }
}

/** Records what it is asked; the n-th answer says "Piece n." unless `answer` does something else. */
export class FakeTranscriber implements Transcriber {
  readonly requests: TranscriptionRequest[] = [];
  mostInFlight = 0;
  private inFlight = 0;

  constructor(
    private readonly answer: (n: number, signal: AbortSignal) => Promise<string> | string = (n) => `Piece ${n}.`,
  ) {}

  async transcribe(request: TranscriptionRequest, signal: AbortSignal): Promise<ChunkTranscription> {
    this.requests.push(request);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      await Promise.resolve();
      const text = await this.answer(this.requests.length, signal);
      return { chunk: request.chunk, model: request.model ?? 'default', text, segments: [], words: [] };
    } finally {
      this.inFlight--;
    }
  }
}

/** A journal in memory. */
export class FakeJournal implements ChunkJournal {
  constructor(readonly pieces: ChunkTranscription[] = []) {}

  async load(): Promise<readonly ChunkTranscription[]> {
    await Promise.resolve();
    return [...this.pieces];
  }

  async append(piece: ChunkTranscription): Promise<void> {
    await Promise.resolve();
    this.pieces.push(piece);
  }
}

/** Pending until the signal aborts; throws its reason then. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

export const BUSY = new MinutesError({ code: 'endpointFailed', host: 'example.org', status: 503, reason: 'busy' });
