import { wordKey } from '../text/wordKey';
import type { TranscriptSegment } from '../model';

/** A stretch of the recording that two chunks hold, in seconds from its start: `[startS, endS)`. */
export interface Overlap {
  readonly startS: number;
  readonly endS: number;
}

/** The segments of two neighbouring chunks, in order. Their times count from the recording's start and rise. */
export interface Neighbours {
  readonly earlier: readonly TranscriptSegment[];
  readonly later: readonly TranscriptSegment[];
}

/** The same word in two answers is at most so far apart. In simulated meetings this bound left no merge error (anchor merge). */
const SAME_WORD_S = 1;
/** How far a time may be off that is only estimated from a longer text. It is capped, since far matches are chance. */
const MAXIMUM_ESTIMATE_ERROR_S = 3;
/** A single word is found too easily by chance where its time is only estimated. */
const SHORTEST_ESTIMATED_RUN = 2;

/** A piece of a segment's text between blanks, with its time. */
interface Token {
  /** As it is compared: letters and digits in lower case. */
  readonly key: string;
  readonly segment: number;
  /** Where it begins in the segment's text. */
  readonly offset: number;
  /** Its place in the segment's words; where the segment has none, in its text. */
  readonly place: number;
  readonly startS: number;
  readonly endS: number;
  /** How far its time may be off: 0 where the endpoint told it. */
  readonly errorS: number;
}

/** A stretch of words that both answers have. */
interface Run {
  readonly earlierStart: number;
  readonly laterStart: number;
  readonly length: number;
  /** The sum of the differences in time. */
  readonly apartS: number;
}

/**
 * Gives every word of an overlap to one of its two chunks: the longest run of words that both have at about the same time is cut in its
 * middle, because words near a chunk's edge are the least certain. Where no words agree, the cut is the middle of the overlap. Where one
 * chunk has no words in the overlap, both stay as they are.
 *
 * Words have the times that the endpoint told. A segment without words has them spread over its length, and a chunk without segments is one
 * segment. Segments that lose a part keep their ids.
 */
export function mergeOverlap({ earlier, later }: Neighbours, overlap: Overlap): Neighbours {
  const [before, behind] = [tokensOf(earlier), tokensOf(later)];
  const isNear = ({ startS, endS, errorS }: Token): boolean =>
    endS + errorS > overlap.startS && startS - errorS < overlap.endS;
  const firstNear = before.findIndex(isNear);
  const tail = firstNear < 0 ? [] : before.slice(firstNear);
  const head = behind.slice(0, behind.findLastIndex(isNear) + 1);
  // Where only one of them heard anything, nothing is said twice.
  if (tail.length === 0 || head.length === 0) return { earlier, later };
  const run = longestRun(tail, head);
  if (run) {
    const kept = Math.ceil(run.length / 2);
    return {
      earlier: keepUntil(earlier, before, before.length - tail.length + run.earlierStart + kept),
      later: keepFrom(later, behind, run.laterStart + kept),
    };
  }
  const middleS = (overlap.startS + overlap.endS) / 2;
  const isBehind = ({ startS, endS }: Token): boolean => (startS + endS) / 2 >= middleS;
  return {
    earlier: keepUntil(earlier, before, indexOrEnd(before, isBehind)),
    later: keepFrom(later, behind, indexOrEnd(behind, isBehind)),
  };
}

function indexOrEnd(tokens: readonly Token[], isIt: (token: Token) => boolean): number {
  const index = tokens.findIndex(isIt);
  return index < 0 ? tokens.length : index;
}

/** The longest run of equal words; of several the one whose times agree best. */
function longestRun(earlier: readonly Token[], later: readonly Token[]): Run | undefined {
  let best: Run | undefined;
  /** The runs that end with the word before in `earlier`, by where they end in `later`. */
  let open: (Run | undefined)[] = [];
  for (const [i, one] of earlier.entries()) {
    const next: (Run | undefined)[] = [];
    for (const [j, other] of later.entries()) {
      if (!isSame(one, other)) continue;
      const apartS = Math.abs(one.startS - other.startS);
      const longer = open[j - 1];
      const run: Run = longer
        ? { ...longer, length: longer.length + 1, apartS: longer.apartS + apartS }
        : { earlierStart: i, laterStart: j, length: 1, apartS };
      next[j] = run;
      const isLongEnough = one.errorS + other.errorS === 0 || run.length >= SHORTEST_ESTIMATED_RUN;
      if (isLongEnough && (!best || isBetter(run, best))) best = run;
    }
    open = next;
  }
  return best;
}

function isBetter(run: Run, best: Run): boolean {
  return run.length > best.length || (run.length === best.length && run.apartS < best.apartS);
}

function isSame(one: Token, other: Token): boolean {
  const tolerance = SAME_WORD_S + Math.max(one.errorS, other.errorS);
  return one.key !== '' && one.key === other.key && Math.abs(one.startS - other.startS) <= tolerance;
}

function tokensOf(segments: readonly TranscriptSegment[]): Token[] {
  return segments.flatMap((segment, index) =>
    segment.words.length > 0 ? toldTokens(segment, index) : spreadTokens(segment, index),
  );
}

/** The segment's words, each with where it stands in the text. A word that the text lacks stands where the one before it ended. */
function toldTokens({ text, words }: TranscriptSegment, segment: number): Token[] {
  let end = 0;
  return words.map((word, place) => {
    const written = word.text.trim();
    const found = text.indexOf(written, end);
    const offset = found < 0 ? end : found;
    if (found >= 0) end = found + written.length;
    return { key: wordKey(written), segment, offset, place, startS: word.startS, endS: word.endS, errorS: 0 };
  });
}

/** What stands between blanks, as if all letters took equally long. */
function spreadTokens({ text, startS, endS }: TranscriptSegment, segment: number): Token[] {
  const lengthS = endS - startS;
  const timeAt = (offset: number): number => startS + (lengthS * offset) / text.length;
  const errorS = Math.min(MAXIMUM_ESTIMATE_ERROR_S, lengthS / 2);
  return [...text.matchAll(/\S+/g)].map(({ 0: written, index }, place) => ({
    key: wordKey(written),
    segment,
    offset: index,
    place,
    startS: timeAt(index),
    endS: timeAt(index + written.length),
    errorS,
  }));
}

/** The segments up to the token with this number, which is not kept. */
function keepUntil(
  segments: readonly TranscriptSegment[],
  tokens: readonly Token[],
  count: number,
): readonly TranscriptSegment[] {
  const cut = tokens[count];
  if (!cut) return segments;
  const last = tokens[count - 1];
  return segments.slice(0, cut.segment + 1).flatMap((segment, index) => {
    if (index < cut.segment) return [segment];
    if (last?.segment !== index) return [];
    const text = segment.text.slice(0, cut.offset).trimEnd();
    return [{ ...segment, text, endS: last.endS, words: segment.words.slice(0, cut.place) }];
  });
}

/** The segments from the token with this number on. */
function keepFrom(
  segments: readonly TranscriptSegment[],
  tokens: readonly Token[],
  count: number,
): readonly TranscriptSegment[] {
  if (count === 0) return segments;
  const first = tokens[count];
  if (!first) return [];
  return segments.slice(first.segment).map((segment, index) => {
    if (index > 0 || first.place === 0) return segment;
    const text = segment.text.slice(first.offset);
    return { ...segment, text, startS: first.startS, words: segment.words.slice(first.place) };
  });
}
