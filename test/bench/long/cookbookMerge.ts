/**
 * How Groq's cookbook joins the answers of chunks that overlap, written anew from its public tutorial on long audio, quirks included: it
 * compares times that count from a chunk's start with times that count from the recording's, moves no time, and writes the
 * first segment of each later chunk twice.
 */

/** A segment of an answer: its times count from its chunk's start, in seconds. */
export interface CookbookSegment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An answer, and where its chunk begins in the recording, in milliseconds. */
export interface CookbookAnswer<Segment extends CookbookSegment> {
  readonly segments: readonly Segment[];
  readonly startMs: number;
}

/** All segments in the order of the text. */
export function mergeAsCookbook<Segment extends CookbookSegment>(
  answers: readonly CookbookAnswer<Segment>[],
): Segment[] {
  const chunks = answers.map(({ segments }, i) => withOneOverlap(segments, answers[i + 1]?.startMs));
  const merged: Segment[] = [];
  for (const [i, segments] of chunks.entries()) {
    const [last, next] = [segments.at(-1), chunks[i + 1]?.[0]];
    if (!last || !next) {
      merged.push(...segments);
      continue;
    }
    merged.push(...segments.slice(0, -1));
    merged.push({ ...last, text: alignTexts(last.text, next.text), end: next.end });
  }
  return merged;
}

/** The segments that end behind the next chunk's start become one. */
function withOneOverlap<Segment extends CookbookSegment>(
  segments: readonly Segment[],
  nextStartMs: number | undefined,
): readonly Segment[] {
  if (nextStartMs === undefined) return segments;
  const before = segments.filter(({ end }) => end * 1000 <= nextStartMs);
  const overlap = segments.filter(({ end }) => end * 1000 > nextStartMs);
  const [first, last] = [overlap[0], overlap.at(-1)];
  if (!first || !last) return before;
  return [...before, { ...first, text: overlap.map(({ text }) => text).join(' '), end: last.end }];
}

/** Slides one text along the other, takes the place where most words agree, and cuts both in its middle. */
function alignTexts(left: string, right: string): string {
  const [ours, theirs] = [wordsOf(left), wordsOf(right)];
  let best = 0;
  let cut = { left: ours.length, right: 0 };
  for (let i = 1; i <= ours.length + theirs.length; i++) {
    const leftStart = Math.max(0, ours.length - i);
    const leftEnd = Math.min(ours.length, ours.length + theirs.length - i);
    const rightStart = Math.max(0, i - ours.length);
    const rightEnd = Math.min(theirs.length, i);
    let matches = 0;
    for (let k = 0; k < leftEnd - leftStart; k++) if (ours[leftStart + k] === theirs[rightStart + k]) matches++;
    const share = matches / i + i / 10_000;
    if (matches <= 1 || share <= best) continue;
    best = share;
    cut = { left: Math.floor((leftStart + leftEnd) / 2), right: Math.floor((rightStart + rightEnd) / 2) };
  }
  return [...ours.slice(0, cut.left), ...theirs.slice(cut.right)].join('');
}

/** Words with the blanks before them, and what stands between. */
function wordsOf(text: string): string[] {
  return text.split(/(\s+[\p{L}\p{N}_]+)/u).filter((part) => part !== '');
}
