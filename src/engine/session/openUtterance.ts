import type { Draft, DraftWord } from '../api/recogniser';
import { agreement, firstNewWord, type HeardWord } from './agreement';

/** Words of an utterance. Times count from its start. */
export interface NewWords {
  readonly settled: readonly HeardWord[];
  readonly tentative: readonly HeardWord[];
}

/** Below this a draft's language may be another one, and its words are not told. As for a request's first hearing. */
const LIKELY_LANGUAGE = 0.6;
/** Below this no word is settled, since all that follow would be in the same language. Two seconds of German were English with 0.84. */
const CERTAIN_LANGUAGE = 0.9;

/**
 * Words that end later before what was heard are not told: their sound may not be complete. Measured on meetings and reading: with all
 * words 24 % of those seen were others soon after, with this 9 %; the median until a word is seen grew from 0.3 to 0.6 s.
 */
const SHOWN_BEHIND_S = 0.25;
/** The same for settled words. With 0.25 s more of them were others in the whole utterance's text, 8 instead of 6 %; with 0.8 s no fewer were. */
const SETTLED_BEHIND_S = 0.5;

/** How many words at the start end before a time. */
function completeWords(words: readonly HeardWord[], beforeS: number): number {
  const open = words.findIndex(({ endS }) => endS > beforeS);
  return open < 0 ? words.length : open;
}

/**
 * The words of the utterance that is being spoken. What two drafts in a row agree on is settled. Where a draft contradicts tentative words that
 * were told, these stay until the next draft says the same: mumbled words would change with every draft.
 */
export class OpenUtterance {
  /** See `DraftJob`. */
  written: readonly number[] = [];
  /** The language of the settled words. */
  language: string | undefined;
  /** Up to where the last draft heard. */
  heardSample: number;
  private readonly settled: HeardWord[] = [];
  /** The last draft's words behind the settled ones. */
  private open: readonly DraftWord[] = [];
  /** The tentative words that were told. */
  private told: readonly HeardWord[] = [];

  constructor(readonly startSample: number) {
    this.heardSample = startSample;
  }

  /** When the last settled word ends. */
  get writtenS(): number {
    return this.settled.at(-1)?.endS ?? 0;
  }

  /**
   * @param heardS how much of the utterance the draft heard
   * @returns undefined where the draft has no words, or perhaps those of another language: what was told stays
   */
  take(draft: Draft, heardS: number): NewWords | undefined {
    const { words, tokens, language, languageProbability } = draft;
    if (words.length === 0 || languageProbability < LIKELY_LANGUAGE) return undefined;
    const shownCount = completeWords(words, heardS - SHOWN_BEHIND_S);
    const agreed = Math.min(agreement(this.open, words), completeWords(words, heardS - SETTLED_BEHIND_S));
    const count = languageProbability >= CERTAIN_LANGUAGE ? agreed : 0;
    const last = words[count - 1];
    const settled = words.slice(0, count);
    if (last) {
      this.written = [...this.written, ...tokens.slice(0, last.tokenEnd)];
      this.language = language;
      this.settled.push(...settled);
    }
    const before = this.open.slice(count);
    this.open = words.slice(count);
    const isContradicted = agreement(this.told, words) < Math.min(count, this.told.length);
    const told = isContradicted ? [] : this.told.slice(count);
    this.told = newerOf(told, before, words.slice(count, shownCount));
    return { settled, tentative: this.told };
  }

  /** @param all the words of the last hearing. @returns those behind the settled ones */
  finish(all: readonly HeardWord[]): readonly HeardWord[] {
    return all.slice(firstNewWord(this.settled, all));
  }
}

/** What is told instead of the words that were told before. */
function newerOf(
  told: readonly HeardWord[],
  before: readonly HeardWord[],
  now: readonly HeardWord[],
): readonly HeardWord[] {
  const same = agreement(told, now);
  const isContinued = same === told.length;
  const isSaidTwice = same < now.length && agreement(before, now) > same;
  return isContinued || isSaidTwice ? now : told;
}
