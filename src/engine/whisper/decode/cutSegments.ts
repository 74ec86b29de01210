import type { SpecialTokens } from '../network/whisperFacts';

/** Features have 100 frames a second; a timestamp counts in steps of two. */
const FRAMES_PER_TIMESTAMP = 2;

/** A stretch of a window's tokens between two timestamps. Frames count from the window's start. */
export interface TokenSegment {
  readonly startFrame: number;
  readonly endFrame: number;
  /** Tokens `[from, to)`, including timestamps. */
  readonly from: number;
  readonly to: number;
}

/** A window's tokens as segments, and how much of the window they cover. */
export interface CutTokens {
  readonly segments: readonly TokenSegment[];
  /** Where the next window begins. */
  readonly advanceFrames: number;
}

/**
 * Cuts a window's tokens at their timestamps, as the reference does (openai/whisper, transcribe.py). The next window begins at the last
 * pair of timestamps, so that a sentence that the window's end cut is heard completely. Without a pair all text is one segment.
 *
 * @param windowFrames how much audio the window has
 * @param isLast whether no window follows this one. Then text behind the last pair is a segment as well
 */
export function cutSegments(
  tokens: readonly number[],
  windowFrames: number,
  special: SpecialTokens,
  isLast = false,
): CutTokens {
  const isTimestamp = (token: number | undefined): boolean => token !== undefined && token >= special.firstTimestamp;
  const frameOf = (token: number | undefined): number =>
    ((token ?? special.firstTimestamp) - special.firstTimestamp) * FRAMES_PER_TIMESTAMP;
  const cuts = tokens.flatMap((token, i) => (i > 0 && isTimestamp(token) && isTimestamp(tokens[i - 1]) ? [i] : []));
  const endsWithOne = tokens.length > 1 && isTimestamp(tokens.at(-1)) && !isTimestamp(tokens.at(-2));
  if (cuts.length === 0) {
    const last = tokens.findLast(isTimestamp);
    const isTimed = last !== undefined && last !== special.firstTimestamp;
    const startFrame = isTimestamp(tokens[0]) ? frameOf(tokens[0]) : 0;
    const endFrame = isTimed && tokens.length > 1 && endsWithOne ? frameOf(last) : windowFrames;
    return {
      segments: [{ startFrame, endFrame: Math.max(startFrame, endFrame), from: 0, to: tokens.length }],
      advanceFrames: windowFrames,
    };
  }
  if (endsWithOne) cuts.push(tokens.length);
  const segments: TokenSegment[] = [];
  let from = 0;
  for (const to of cuts) {
    segments.push({ startFrame: frameOf(tokens[from]), endFrame: frameOf(tokens[to - 1]), from, to });
    from = to;
  }
  if (isLast && tokens.slice(from).some((token) => token < special.end)) {
    segments.push({ startFrame: frameOf(tokens[from]), endFrame: windowFrames, from, to: tokens.length });
    return { segments, advanceFrames: windowFrames };
  }
  // A single timestamp at the end means that nobody speaks behind it.
  return { segments, advanceFrames: endsWithOne ? windowFrames : frameOf(tokens[from - 1]) };
}
