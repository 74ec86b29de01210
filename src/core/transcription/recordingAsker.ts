import { defined } from '../async/defined';
import { BYTES_PER_SAMPLE } from '../audio/pcm';
import { splitChunk } from '../audio/splitChunk';
import { problemOf } from '../errors';
import type { Answer, Chunk, PreparedAudio, RequestAudio, TranscriptionRequest } from '../model';
import type { AnsweredEntry } from '../transcript/logEntries';
import type { TranscriptLog } from '../transcript/transcriptLog';
import { concernsPieceOnly, FailuresInARow } from './pieceFailures';
import type { RequestEvent, Transcriber } from './transcriber';
import type { SampleReader } from '../audio/preparation';
import type { TranscriptionOptions } from './fileTranscriber';

/** What the requests of one recording need from outside. */
export interface AskerPorts {
  readonly samples: SampleReader;
  readonly transcriber: Transcriber;
  /** Gets every answer and every failure before the caller learns of it. */
  readonly log: TranscriptLog;
}

/** The events of the work on one chunk: waits as they come, then `done`: the chunk is answered, or it is a gap. */
export type ChunkEvent =
  Exclude<RequestEvent, { readonly kind: 'answered' }> | { readonly kind: 'done'; readonly isGap: boolean };

/**
 * Sends the requests of one recording: for the chunks that have no answer in the log, cut smaller where the endpoint refuses their size,
 * and for the spoken language where a translation's answers do not tell it.
 */
export class RecordingAsker {
  /** The longest chunk that the endpoint takes, learned from refusals. A longer one is cut before it is sent. */
  private longestSamples = Number.POSITIVE_INFINITY;
  private readonly failures = new FailuresInARow();
  private readonly track: number;

  constructor(
    private readonly ports: AskerPorts,
    private readonly options: TranscriptionOptions,
  ) {
    this.track = options.track ?? 0;
  }

  /** Sends one request for the whole audio. */
  async *ask(audio: RequestAudio, signal: AbortSignal): AsyncGenerator<RequestEvent> {
    const { task, model, language, prompt, temperature, isUrgent, isLive } = this.options;
    const request: TranscriptionRequest = defined({
      audio,
      task,
      model,
      language,
      prompt,
      temperature,
      isUrgent,
      isLive,
    });
    for await (const event of this.ports.transcriber.transcribe(request, signal)) {
      if (event.kind !== 'answered' || task !== 'translate') yield event;
      else yield { kind: 'answered', answer: this.ofSpokenLanguage(event.answer) };
    }
  }

  /**
   * Asks for a chunk unless the log has its answer. A chunk that fails for reasons of its own becomes a gap.
   *
   * @throws MinutesError where all other chunks would fail as well, or several have failed in a row
   */
  async *askChunk(audio: PreparedAudio, chunk: Chunk, signal: AbortSignal): AsyncGenerator<ChunkEvent> {
    if (this.ports.log.answerFor(this.track, chunk)) yield { kind: 'done', isGap: false };
    else yield* this.askAgain(audio, chunk, signal);
  }

  /** Asks for a chunk though the log may have an answer, in which nothing was understood. Otherwise as {@link askChunk}. */
  async *askAgain(audio: PreparedAudio, chunk: Chunk, signal: AbortSignal): AsyncGenerator<ChunkEvent> {
    const { log } = this.ports;
    const cut = (): Promise<readonly Chunk[] | undefined> =>
      splitChunk(chunk, (range) => this.ports.samples.read(rangeOf(audio, range), signal));
    const isTooLong = chunk.endSample - chunk.startSample > this.longestSamples;
    // An earlier run had to cut this chunk: the whole would be refused again.
    let parts = log.parts(this.track, chunk) ?? (isTooLong ? await cut() : undefined);
    if (!parts) {
      try {
        yield* this.askWhole(audio, chunk, signal);
        return;
      } catch (error) {
        parts = problemOf(error)?.code === 'tooLarge' ? await cut() : undefined;
        if (!parts) {
          yield await this.toGap(chunk, error);
          return;
        }
        this.longestSamples = Math.min(this.longestSamples, chunk.endSample - chunk.startSample - 1);
      }
    }
    // Both are in the log before the first is sent. Otherwise a crash between them would leave the second to nobody.
    await log.plan(this.track, parts);
    let isGap = false;
    for (const part of parts) {
      for await (const event of this.askChunk(audio, part, signal)) {
        if (event.kind === 'done') isGap ||= event.isGap;
        else yield event;
      }
    }
    yield { kind: 'done', isGap };
  }

  private async *askWhole(audio: PreparedAudio, chunk: Chunk, signal: AbortSignal): AsyncGenerator<ChunkEvent> {
    for await (const event of this.ask({ kind: 'chunk', audio, chunk }, signal)) {
      if (event.kind !== 'answered') {
        yield event;
        continue;
      }
      await this.ports.log.append(this.answeredEntry(event.answer, chunk));
      this.failures.answered();
      yield { kind: 'done', isGap: false };
    }
  }

  private async toGap(chunk: Chunk, error: unknown): Promise<ChunkEvent> {
    const code = problemOf(error)?.code;
    // A dictation is one sentence at a cursor, where nobody would see that a part of it is missing.
    if (!(error instanceof Error) || code === undefined || !concernsPieceOnly(code) || this.options.isUrgent === true)
      throw error;
    await this.ports.log.append({ kind: 'failed', track: this.track, ...chunk, code });
    this.failures.failed(error, code);
    return { kind: 'done', isGap: true };
  }

  /** The failure of the first chunk of this run that became a gap. */
  get firstFailure(): Error | undefined {
    return this.failures.first;
  }

  /** An answer as the log keeps it. */
  answeredEntry(answer: Answer, { startSample, endSample }: Chunk): AnsweredEntry {
    return defined({ kind: 'answered', track: this.track, startSample, endSample, host: this.options.host, ...answer });
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
  const frameBytes = (audio.channel?.count ?? 1) * BYTES_PER_SAMPLE;
  const dataOffsetBytes = audio.dataOffsetBytes + startSample * frameBytes;
  return { ...audio, dataOffsetBytes, sampleCount: endSample - startSample };
}
