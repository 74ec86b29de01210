import type { Draft, DraftWord } from '../api/recogniser';
import { agreement, firstNewWord, type HeardWord } from './agreement';

/** Words of an utterance. Times count from its start. */
export interface NewWords {
  readonly settled: readonly HeardWord[];
  readonly tentative: readonly HeardWord[];
}

/** Below this a draft's language may be another one, and its words are not settled. As for a request's first hearing. */
const CERTAIN_LANGUAGE = 0.6;

const SHOWN_AGE_S = Number(process.env['SHOWN'] ?? 0.3);
const SETTLED_AGE_S = Number(process.env['SETTLED'] ?? 0.3);

/** How many words at the start end before a time. */
function completeWords(words: readonly HeardWord[], beforeS: number): number {
  const open = words.findIndex(({ endS }) => endS > beforeS);
  return open < 0 ? words.length : open;
}

/** The words of the utterance that is being spoken: what two drafts in a row agree on is settled. */
export class OpenUtterance {
  /** See `DraftJob`. */
  written: readonly number[] = [];
  /** The language of the settled words. */
  language: string | undefined;
  /** Up to where the last draft heard. */
  heardSample: number;
  private readonly settled: HeardWord[] = [];
  private tentative: readonly DraftWord[] = [];

  constructor(readonly startSample: number) {
    this.heardSample = startSample;
  }

  /** When the last settled word ends. */
  get writtenS(): number {
    return this.settled.at(-1)?.endS ?? 0;
  }

  /**
   * @param heardS how much of the utterance the draft heard
   * @returns undefined where the draft has no words, and what was told stays
   */
  take(draft: Draft, heardS: number): NewWords | undefined {
    const { words, tokens, language, languageProbability } = draft;
    if (words.length === 0) return undefined;
    const isCertain = languageProbability >= CERTAIN_LANGUAGE;
    const count = isCertain
      ? Math.min(agreement(this.tentative, words), completeWords(words, heardS - SETTLED_AGE_S))
      : 0;
    const last = words[count - 1];
    const settled = words.slice(0, count);
    if (last) {
      this.written = [...this.written, ...tokens.slice(0, last.tokenEnd)];
      this.language = language;
      this.settled.push(...settled);
    }
    this.tentative = words.slice(count);
    return { settled, tentative: this.tentative.slice(0, completeWords(this.tentative, heardS - SHOWN_AGE_S)) };
  }

  /** @param all the words of the last hearing. @returns those behind the settled ones */
  finish(all: readonly HeardWord[]): readonly HeardWord[] {
    return all.slice(firstNewWord(this.settled, all));
  }
}
