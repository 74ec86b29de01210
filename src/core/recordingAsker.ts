import { BYTES_PER_SAMPLE } from './audio/pcm';
import { splitChunk } from './audio/splitChunk';
import { problemOf } from './errors';
import type { Chunk, ChunkTranscription, PreparedAudio, RequestAudio } from './model';
import type { ChunkJournal, RequestEvent, SampleReader, Transcriber, TranscriptionOptions } from './ports';

export interface AskerPorts {
  readonly samples: SampleReader;
  readonly transcriber: Transcriber;
  readonly journal: ChunkJournal;
}

/** What the work on one chunk tells: waits as they come, then the chunk's pieces, more than one where it had to be cut smaller. */
export type ChunkEvent =
  | Exclude<RequestEvent, { readonly kind: 'answered' }>
  | { readonly kind: 'done'; readonly pieces: readonly ChunkTranscription[] };

/**
 * Asks the requests of one recording: for chunks that the journal has not, in smaller pieces where the endpoint takes no larger ones,
 * and once for the spoken language where a translation's answer does not tell it.
 */
export class RecordingAsker {
  /** Learned from a refusal; a longer chunk is cut before it is sent. */
  private longestSamples = Number.POSITIVE_INFINITY;
  private hasAskedLanguage = false;

  constructor(
    private readonly ports: AskerPorts,
    private readonly options: TranscriptionOptions,
    private readonly known: readonly ChunkTranscription[],
  ) {}

  /** One request for anything, whole. */
  async *ask(audio: RequestAudio, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    const { languageModel, ...options } = this.options;
    const request = { ...options, task: options.task ?? 'transcribe', audio };
    for await (const event of this.ports.transcriber.transcribe(request, signal)) {
      if (event.kind !== 'answered' || request.task !== 'translate') {
        yield event;
        continue;
      }
      const { language: told, ...answer } = event.answer;
      const language = await this.spokenLanguage(audio, told, answer.text !== '', languageModel, signal);
      yield { kind: 'answered', answer: { ...answer, ...(language === undefined ? {} : { language }) } };
    }
  }

  async *askChunk(audio: PreparedAudio, chunk: Chunk, signal: AbortSignal): AsyncGenerator<ChunkEvent> {
    const old = this.known.find((piece) => isSameChunk(piece.chunk, chunk));
    if (old) {
      yield { kind: 'done', pieces: [old] };
      return;
    }
    const cut = (): Promise<readonly Chunk[] | undefined> =>
      splitChunk(chunk, (range) => this.ports.samples.read(rangeOf(audio, range), signal));
    let parts = chunk.endSample - chunk.startSample > this.longestSamples ? await cut() : undefined;
    if (!parts) {
      try {
        yield* this.askWhole(audio, chunk, signal);
        return;
      } catch (error) {
        if (problemOf(error)?.code !== 'tooLarge') throw error;
        parts = await cut();
        if (!parts) throw error;
        this.longestSamples = Math.min(this.longestSamples, chunk.endSample - chunk.startSample - 1);
      }
    }
    const pieces: ChunkTranscription[] = [];
    for (const part of parts) {
      for await (const event of this.askChunk(audio, part, signal)) {
        if (event.kind === 'done') pieces.push(...event.pieces);
        else yield event;
      }
    }
    yield { kind: 'done', pieces };
  }

  private async *askWhole(audio: PreparedAudio, chunk: Chunk, signal: AbortSignal): AsyncGenerator<ChunkEvent> {
    for await (const event of this.ask({ kind: 'chunk', audio, chunk }, signal)) {
      if (event.kind !== 'answered') {
        yield event;
        continue;
      }
      const piece = { ...event.answer, chunk };
      // A journal that cannot be written costs a second request at worst; the answer itself must not be lost for it.
      await this.ports.journal.append(piece).catch(() => undefined);
      yield { kind: 'done', pieces: [piece] };
    }
  }

  /** Endpoints give a translation the language of its text, which is English: then a transcription tells what was spoken. */
  private async spokenLanguage(
    audio: RequestAudio,
    told: string | undefined,
    hasText: boolean,
    model: string | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (this.options.language !== undefined) return this.options.language;
    if (told !== undefined && told !== 'en') return told;
    if (!hasText || this.hasAskedLanguage || this.known.some(({ language }) => language !== undefined))
      return undefined;
    this.hasAskedLanguage = true;
    const request = { audio, task: 'transcribe', ...(model === undefined ? {} : { model }) } as const;
    try {
      for await (const event of this.ports.transcriber.transcribe(request, signal)) {
        if (event.kind === 'answered') return event.answer.language;
      }
    } catch (error) {
      signal.throwIfAborted();
      // The translation is there; which language it came from is worth a second request, but no failure.
      if (!problemOf(error)) throw error;
    }
    return undefined;
  }
}

/** A range of prepared audio is prepared audio. */
function rangeOf(audio: PreparedAudio, { startSample, endSample }: Chunk): PreparedAudio {
  const dataOffsetBytes = audio.dataOffsetBytes + startSample * BYTES_PER_SAMPLE;
  return { ...audio, dataOffsetBytes, sampleCount: endSample - startSample };
}

function isSameChunk(a: Chunk, b: Chunk): boolean {
  return a.startSample === b.startSample && a.endSample === b.endSample;
}
