import { wordKey } from '../text/wordKey';
import type { TranscriptSegment } from '../model';

/** A word, or what stands between blanks, with its time in seconds from the recording's start. */
interface TimedWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
}

/** The microphone's track. Only it hears what a loudspeaker says. */
const MICROPHONE = 0;
/** Sound is late by the loudspeaker's buffer and the room, and both hearings tell their own times. */
const APART_S = 1.5;
/** Shorter answers are said by two people at once: "yes", "thank you". */
const FEWEST_WORDS = 3;
const SHARE = 0.75;
/** More words in a row that the other track lacks are somebody else's. */
const MOST_ALONE = 2;

/**
 * The segments without those of the microphone in which it heard the loudspeaker: nearly all their words are said on another track at the
 * same time. Where the first or the last word is another one, somebody may have spoken beside it, and the segment stays.
 */
export function withoutEchoes(segments: readonly TranscriptSegment[]): TranscriptSegment[] {
  const others = segments
    .filter(({ track }) => track !== MICROPHONE)
    .flatMap(wordsOf)
    .sort((a, b) => a.startS - b.startS);
  if (others.length === 0) return [...segments];
  return segments.filter((segment) => segment.track !== MICROPHONE || !isEcho(wordsOf(segment), others));
}

/**
 * Whether all of these words are what the other track says at the same time.
 *
 * @param others in the order of time
 */
export function isEcho(words: readonly TimedWord[], others: readonly TimedWord[]): boolean {
  const mine = words.map((word) => ({ ...word, key: wordKey(word.text) })).filter(({ key }) => key !== '');
  if (mine.length < FEWEST_WORDS) return false;
  const used = new Set<TimedWord>();
  const found = mine.map((word) => {
    const same = near(word, others).find((other) => !used.has(other) && wordKey(other.text) === word.key);
    if (same) used.add(same);
    return same !== undefined;
  });
  if (found[0] !== true || found.at(-1) !== true) return false;
  let alone = 0;
  for (const isFound of found) {
    alone = isFound ? 0 : alone + 1;
    if (alone > MOST_ALONE) return false;
  }
  return found.filter(Boolean).length >= SHARE * found.length;
}

/** The words that begin about when this one does. */
function near({ startS }: TimedWord, others: readonly TimedWord[]): TimedWord[] {
  let [low, high] = [0, others.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((others[middle]?.startS ?? Infinity) < startS - APART_S) low = middle + 1;
    else high = middle;
  }
  const found: TimedWord[] = [];
  for (let at = low; ; at++) {
    const other = others[at];
    if (!other || other.startS > startS + APART_S) return found;
    found.push(other);
  }
}

/** A segment's words. Where the endpoint told none, its text is spread over its time. */
function wordsOf({ text, startS, endS, words }: TranscriptSegment): readonly TimedWord[] {
  if (words.length > 0) return words;
  const timeAt = (offset: number): number => startS + ((endS - startS) * offset) / Math.max(1, text.length);
  return [...text.matchAll(/\S+/g)].map(({ 0: written, index }) => ({
    text: written,
    startS: timeAt(index),
    endS: timeAt(index + written.length),
  }));
}
