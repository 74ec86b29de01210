import type { Segment } from '../model';
import { WITHOUT_BLANKS } from '../text/blanks';

/** Letters and digits. The rest may differ between an answer's text and its segments: line breaks, punctuation. */
const SIGN = /[\p{L}\p{N}]/gu;
/** What may stand within a word, between two of its letters: an accent, an apostrophe. */
const WITHIN_WORD = /^[\p{M}\p{Cf}'’]*$/u;
/** What belongs to the word behind it. French puts a blank of its own behind a quotation mark. */
const OPENING = /[\p{Ps}\p{Pi}¿¡\u00a0\u202f]/u;

/**
 * An answer's segments, and what its text has beyond them as segments of their own: servers have lost a segment, such as the last one,
 * whose words were in the text. Each segment's letters are looked for in the text, in order; what lies between two of them was said at the
 * time between them. Where one of the segments is not found, the two are of different words, and the segments stay as they are. So does
 * an answer without segments, whose times are not known.
 *
 * @param endS the audio's end
 */
export function completeSegments(text: string, segments: readonly Segment[], endS: number): readonly Segment[] {
  const whole = new Signs(text);
  const places: { readonly segment: Segment; readonly from: number; readonly to: number }[] = [];
  let at = 0;
  for (const segment of segments) {
    const { codes } = new Signs(segment.text);
    const to = whole.endOf(codes, at);
    if (to === undefined) return segments;
    places.push({ segment, from: to - codes.length, to });
    at = to;
  }
  if (places.length === 0) return segments;
  const completed: Segment[] = [];
  let [done, doneS] = [0, 0];
  for (const { segment, from, to } of places) {
    if (from > done) completed.push(whole.segment(done, from, doneS, segment.startS));
    completed.push(segment);
    [done, doneS] = [to, segment.endS];
  }
  if (done < whole.codes.length) completed.push(whole.segment(done, whole.codes.length, doneS, endS));
  return completed;
}

/** The letters and digits of a text, one after the other, whether they are capitals or not. */
class Signs {
  /** A number for each sign, and for whether a word begins with it: "no no" is not found in "nono". */
  readonly codes: number[] = [];
  private readonly starts: number[] = [];

  constructor(private readonly text: string) {
    let last = '';
    for (const { 0: sign, index } of text.matchAll(SIGN)) {
      this.starts.push(index);
      const gap = this.gap(this.codes.length);
      const beginsWord =
        last === '' || !WITHIN_WORD.test(gap) || WITHOUT_BLANKS.test(last) || WITHOUT_BLANKS.test(sign);
      this.codes.push(2 * (sign.toLowerCase().codePointAt(0) ?? 0) + (beginsWord ? 1 : 0));
      last = sign;
    }
  }

  /**
   * The end of the first place where these signs stand as whole words. The time is linear: Knuth, Morris and Pratt's search never steps back.
   *
   * @param from the first sign that may be part of it
   */
  endOf(part: readonly number[], from: number): number | undefined {
    if (part.length === 0) return from;
    const shorter = shorterMatches(part);
    let matched = 0;
    for (let at = from; at < this.codes.length; at++) {
      while (matched > 0 && part[matched] !== this.codes[at]) matched = shorter[matched - 1] ?? 0;
      if (part[matched] === this.codes[at]) matched++;
      if (matched < part.length) continue;
      // The next sign has to begin a word. Behind the last one is the end.
      if ((this.codes[at + 1] ?? 1) % 2 === 1) return at + 1;
      matched = shorter[matched - 1] ?? 0;
    }
    return undefined;
  }

  /** What lies between two signs, as a segment, with the punctuation that belongs to it. */
  segment(from: number, to: number, startS: number, endS: number): Segment {
    const before = this.gap(from);
    const behind = this.gap(to);
    const start = this.start(from) - (from === 0 ? before.length : before.length - borderIn(before));
    const end = this.end(to - 1) + (to === this.codes.length ? behind.length : borderIn(behind));
    return { startS, endS: Math.max(startS, endS), text: this.text.slice(start, end).trim() };
  }

  /** What stands between a sign and the one before. */
  private gap(at: number): string {
    return this.text.slice(at === 0 ? 0 : this.end(at - 1), this.start(at));
  }

  private start(at: number): number {
    return this.starts[at] ?? this.text.length;
  }

  private end(at: number): number {
    const start = this.start(at);
    return start + ((this.text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
  }
}

/** For each beginning of a part: the length of the longest shorter beginning that it ends with. */
function shorterMatches(part: readonly number[]): number[] {
  const shorter = [0];
  for (let at = 1, matched = 0; at < part.length; at++) {
    while (matched > 0 && part[matched] !== part[at]) matched = shorter[matched - 1] ?? 0;
    if (part[matched] === part[at]) matched++;
    shorter.push(matched);
  }
  return shorter;
}

/** Where, between two words, the punctuation of the first one ends and that of the second one begins. */
function borderIn(gap: string): number {
  let at = gap.length;
  while (at > 0 && OPENING.test(gap.charAt(at - 1))) at--;
  if (at < gap.length) return at;
  while (at > 0 && gap.charAt(at - 1).trim() !== '') at--;
  return at === 0 ? gap.length : at;
}
