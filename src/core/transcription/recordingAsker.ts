import { defined } from '../async/defined';
import { BYTES_PER_SAMPLE } from '../audio/pcm';
import { splitChunk } from '../audio/splitChunk';
import { problemOf } from '../errors';
import type { Answer, Chunk, ChunkTranscription, PreparedAudio, RequestAudio, TranscriptionRequest } from '../model';
import type { ChunkJournal } from './answerJournal';
import type { RequestEvent, Transcriber } from './transcriber';
import type { SampleReader } from '../audio/preparation';
import type { TranscriptionOptions } from './fileTranscriber';

/** What the requests of one recording need from outside. */
export interface AskerPorts {
  readonly samples: SampleReader;
  readonly transcriber: Transcriber;
  readonly journal: ChunkJournal;
}

/** The events of the work on one chunk: waits as they come, then the chunk's pieces. A chunk that had to be cut smaller has several. */
export type ChunkEvent =
  | Exclude<RequestEvent, { readonly kind: 'answered' }>
  | { readonly kind: 'done'; readonly pieces: readonly ChunkTranscription[] };

/**
 * Sends the requests of one recording: for the chunks that are not in the journal, cut smaller where the endpoint refuses their size, and
 * for the spoken language where a translation's answers do not tell it.
 */
export class RecordingAsker {
  /** The longest chunk that the endpoint takes, learned from refusals. A longer one is cut before it is sent. */
  private longestSamples = Number.POSITIVE_INFINITY;

  constructor(
    private readonly ports: AskerPorts,
    private readonly options: TranscriptionOptions,
    private readonly known: readonly ChunkTranscription[],
  ) {}

  /** Sends one request for the whole audio. */
  async *ask(audio: RequestAudio, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    const { task, model, language, prompt, temperature, isUrgent } = this.options;
    const request: TranscriptionRequest = defined({ audio, task, model, language, prompt, temperature, isUrgent });
    for await (const event of this.ports.transcriber.transcribe(request, signal)) {
      if (event.kind !== 'answered' || task !== 'translate') yield event;
      else yield { kind: 'answered', answer: this.ofSpokenLanguage(event.answer) };
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
    const isTooLong = chunk.endSample - chunk.startSample > this.longestSamples;
    // An earlier run had to cut this chunk: its pieces are known, and the whole chunk would be refused again.
    const wasCut = this.known.some((piece) => isWithin(piece.chunk, chunk));
    let parts = isTooLong || wasCut ? await cut() : undefined;
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
      // A journal that cannot be written costs a second request at worst. The answer must not be lost because of it.
      await this.ports.journal.append(piece).catch(() => undefined);
      yield { kind: 'done', pieces: [piece] };
    }
  }

  /**
   * The spoken language, from a transcription of this audio, for a translation whose answers do not tell it. Undefined where the endpoint
   * asks for a wait or fails: the text is complete, and its language is worth a request, but neither a wait nor a failure.
   *
   * @param audio with speech in it
   */
  async spokenLanguage(audio: RequestAudio, signal: AbortSignal): Promise<string | undefined> {
    const { languageModel: model } = this.options;
    const request: TranscriptionRequest = { audio, task: 'transcribe', model };
    try {
      for await (const event of this.ports.transcriber.transcribe(request, signal)) {
        if (event.kind === 'waiting') return undefined;
        if (event.kind === 'answered') return event.answer.language;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!problemOf(error)) throw error;
    }
    return undefined;
  }

  /** The answer without a language that says nothing: endpoints give a translation the language of its text, which is English. */
  private ofSpokenLanguage({ language: told, ...answer }: Answer): Answer {
    const language = this.options.language ?? (told === 'en' ? undefined : told);
    return language === undefined ? answer : { ...answer, language };
  }
}

/** A range of prepared audio, as prepared audio. */
function rangeOf(audio: PreparedAudio, { startSample, endSample }: Chunk): PreparedAudio {
  const dataOffsetBytes = audio.dataOffsetBytes + startSample * BYTES_PER_SAMPLE;
  return { ...audio, dataOffsetBytes, sampleCount: endSample - startSample };
}

function isWithin(part: Chunk, whole: Chunk): boolean {
  return part.startSample >= whole.startSample && part.endSample <= whole.endSample && !isSameChunk(part, whole);
}

function isSameChunk(a: Chunk, b: Chunk): boolean {
  return a.startSample === b.startSample && a.endSample === b.endSample;
}
