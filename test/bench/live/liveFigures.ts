import { SAMPLE_RATE_HZ } from '../../../src/core/model';
import type { LiveWord, LiveWordsEvent } from '../../../src/core/transcription/liveWords';

/** An event, and when it came: seconds after the recording's first sample was spoken. */
export interface TimedEvent {
  readonly atS: number;
  readonly event: LiveWordsEvent;
}

/** A word of the reference, with its time in the recording. */
export interface SaidWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
}

/** How late the words of recordings were seen. All lists have one figure a word or utterance. */
export interface LiveFigures {
  /** From a word's end to where it was first seen. */
  readonly shownS: number[];
  /** From a word's end to where it was settled. */
  readonly settledS: number[];
  /** From the last word of an utterance to its whole text. */
  readonly pauseS: number[];
  /** Words that were settled. */
  settledCount: number;
  /** Words that were seen as tentative and then were others, or gone. */
  changedCount: number;
  /** Settled words that the whole utterance's text does not have. */
  correctedCount: number;
  /** Hearings that told something. */
  eventCount: number;
}

export function noFigures(): LiveFigures {
  return { shownS: [], settledS: [], pauseS: [], settledCount: 0, changedCount: 0, correctedCount: 0, eventCount: 0 };
}

/** The same word is at most so far apart in two hearings, and from the reference. */
const SAME_WORD_S = 1;
/** How much silence an utterance keeps behind its last word. */
const EDGE_S = 0.3;

/**
 * Adds one recording's events.
 *
 * @param said absent: the words of the whole utterances' texts, with the times that the engine gives them
 */
export function addFigures(figures: LiveFigures, events: readonly TimedEvent[], said?: readonly SaidWord[]): void {
  const settled: { readonly word: LiveWord; readonly atS: number }[] = [];
  const whole: SaidWord[] = [];
  let tentative: readonly LiveWord[] = [];
  for (const { atS, event } of events) {
    if (event.kind === 'words') {
      figures.eventCount++;
      const seen = [...event.settled, ...event.tentative];
      figures.changedCount += tentative.filter((word) => !seen.some((other) => isSame(word, other))).length;
      ({ tentative } = event);
      settled.push(...event.settled.map((word) => ({ word, atS })));
    } else if (event.kind === 'utterance') {
      const { chunk, answer, endS } = event;
      const fromS = chunk.startSample / SAMPLE_RATE_HZ;
      whole.push(...answer.words.map((w) => ({ text: w.text, startS: fromS + w.startS, endS: fromS + w.endS })));
      if (answer.words.length > 0) figures.pauseS.push(atS - (endS - EDGE_S));
    }
  }
  figures.settledCount += settled.length;
  figures.correctedCount += settled.filter(({ word }) => !whole.some((other) => isSame(word, other))).length;
  for (const word of said ?? whole) {
    const end = settled.find((one) => isSame(word, one.word));
    const first = events.find(
      ({ event }) =>
        event.kind === 'words' && [...event.settled, ...event.tentative].some((other) => isSame(word, other)),
    );
    if (!end || !first) continue;
    figures.shownS.push(first.atS - word.endS);
    figures.settledS.push(end.atS - word.endS);
  }
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function isSame(one: SaidWord, other: SaidWord): boolean {
  const key = keyOf(one.text);
  return key !== '' && key === keyOf(other.text) && Math.abs(one.startS - other.startS) < SAME_WORD_S;
}

function keyOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
