import type { Segment, Word } from '../model';
import { WITHOUT_BLANKS } from './blanks';

/** Shorter segments stay whole, in seconds. Whisper's own are seldom longer. */
const LONG_S = 12;
/** A paragraph has at least so many seconds before it ends with a sentence. */
const PARAGRAPH_S = 5;
/** Nothing shorter than this stands alone at the end, in seconds. */
const REST_S = 2;

const SPOKEN = /[\p{L}\p{N}]/u;

/** As many signs on both sides tell whether a sentence ends. */
const NEAR = 16;

/** Where a sentence may end: a mark of its end in any script, and the quotation marks and brackets that close behind it. */
const END = /[\p{Sentence_Terminal}…](["'”’»)\]」』]*)$/u;
/** A short word with a full stop may be a title, an initial or a number: "Dr.", "z.", "3.". No sentence is cut there. */
const SHORT = /(^|[^\p{L}\p{N}])(\p{Lu}\p{L}{0,2}|\p{L}|\p{N}{1,2})\.$/u;
/** What a sentence does not begin with: "i.e. the letter". Georgian has small letters only. */
const SMALL = /^[^\p{L}\p{N}]*(?!\p{Script=Georgian})\p{Ll}/u;

/**
 * Segments of which no long one holds several sentences, where the words' times tell when each of them was said. Some servers hear up to 30 s
 * at once and answer one segment for it. A segment whose words are not those of its text stays whole.
 *
 * @param words in the order of time, of all segments
 */
export function cutAtSentences(segments: readonly Segment[], words: readonly Word[]): readonly Segment[] {
  if (words.length === 0) return segments;
  let at = 0;
  return segments.flatMap((segment, i) => {
    const from = at;
    const nextS = segments[i + 1]?.startS ?? Infinity;
    for (let word = words[at]; word && (word.startS + word.endS) / 2 < nextS; word = words[at]) at++;
    return segment.endS - segment.startS < LONG_S ? [segment] : cut(segment, words.slice(from, at));
  });
}

function cut(segment: Segment, words: readonly Word[]): Segment[] {
  const ends = wordEnds(segment.text, words);
  const parts: Segment[] = [];
  let [from, startS] = [0, segment.startS];
  for (const [i, word] of words.entries()) {
    const next = words[i + 1];
    const to = ends?.[i];
    if (!next || to === undefined) break;
    const nextS = Math.max(word.endS, next.startS);
    // A full stop may be a word of its own: the sentence ends behind it.
    if (!SPOKEN.test(next.text)) continue;
    const isLong = word.endS - startS >= PARAGRAPH_S && segment.endS - nextS >= REST_S;
    if (!isLong || !endsSentence(segment.text, to)) continue;
    parts.push({ ...segment, startS, endS: word.endS, text: segment.text.slice(from, to).trim() });
    [from, startS] = [to, nextS];
  }
  return [...parts, { ...segment, startS, text: segment.text.slice(from).trim() }];
}

/** Where each word ends in the text, with the punctuation behind it; undefined where the words are others than the text's. */
function wordEnds(text: string, words: readonly Word[]): number[] | undefined {
  const ends: number[] = [];
  let at = 0;
  for (const word of words) {
    const start = text.indexOf(word.text, at);
    if (start < 0 || SPOKEN.test(text.slice(at, start))) return undefined;
    at = start + word.text.length;
    // Some servers tell words without their punctuation.
    ends.push(at + (/^[^\p{L}\p{N}\s]*/u.exec(text.slice(at, at + NEAR))?.[0].length ?? 0));
  }
  return SPOKEN.test(text.slice(at)) ? undefined : ends;
}

function endsSentence(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - NEAR), at);
  const behind = text.slice(at, at + NEAR);
  if (!END.test(before) || SHORT.test(before) || SMALL.test(behind)) return false;
  return /^\s/.test(behind) || WITHOUT_BLANKS.test(before.slice(-1)) || WITHOUT_BLANKS.test(behind.slice(0, 1));
}
