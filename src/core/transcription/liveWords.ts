import type { GrowingAudio } from '../audio/growingAudio';
import type { Endpoint } from '../endpoints/endpoint';
import type { Answer, Chunk, RequestPrompt } from '../model';

/** A word with its time in seconds from the recording's start. */
export interface LiveWord {
  /** With the blank before it where there is one: words are joined as they are, in scripts with blanks and without. */
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
}

/** What is heard while somebody speaks. */
export type LiveWordsEvent =
  /** The audio up to `heardS` was heard. */
  | {
      readonly kind: 'words';
      /** New words that do not change any more; they follow those told before. */
      readonly settled: readonly LiveWord[];
      /** All words behind the settled ones. They replace the tentative words told before. */
      readonly tentative: readonly LiveWord[];
      readonly heardS: number;
    }
  /** A stretch of speech has ended, and all its words are settled and told. */
  | {
      readonly kind: 'utterance';
      readonly startS: number;
      readonly endS: number;
      /** The stretch in samples of the recording. */
      readonly chunk: Chunk;
      /**
       * What a request for this chunk would be answered; its times count from the chunk's start. A settled word may be another one here: this is
       * the better text, heard as a whole. Where nobody pauses for long, the next chunk may begin before this one's end.
       */
      readonly answer: Answer;
    }
  /** Whether the machine is quick enough for words while somebody speaks; where not, they come with each utterance. At first it is. */
  | { readonly kind: 'pace'; readonly isLive: boolean };

/** What the listener wants. */
export interface LiveWishes {
  /** A dictation is heard before a meeting, and both before files. */
  readonly for: 'dictation' | 'meeting';
  /** ISO-639-1; absent: the engine finds out, and keeps the language until it is certain of another. */
  readonly language?: string;
  /** Words that may be said. Asked for with every block of audio; other words than before hold from the next hearing on. */
  readonly terms?: () => RequestPrompt | undefined;
  /** The first sample to hear; absent: 0. */
  readonly fromSample?: number;
}

/** Hears speech while it is spoken. */
export interface LiveHearing {
  /**
   * Ends when the audio has ended and all its words are told. An engine that dies is started again, and goes on behind the last utterance;
   * no word is told twice. Only the embedded engine hears so: for every other endpoint there are no events.
   *
   * @throws the audio's failure; MinutesError `engineFailed`, `languageUnsupported`, or the codes for the engine's files and model; the
   * signal's reason when aborted
   */
  hearLive(
    audio: GrowingAudio,
    endpoint: Endpoint,
    wishes: LiveWishes,
    signal: AbortSignal,
  ): AsyncIterable<LiveWordsEvent>;
}
