import { samplesToSeconds } from '../audio/pcm';
import type { TranscriptSegment } from '../model';
import { answeredChunk } from './foldChunks';
import type { AnsweredEntry } from './logEntries';
import { mergeOverlap } from './mergeOverlap';
import { placeAnswer } from './placeAnswer';

/** All segments. Where two neighbouring chunks overlap, each word is taken from one of the two answers. */
export function joinAnswers(answers: readonly AnsweredEntry[]): TranscriptSegment[] {
  const lists: (readonly TranscriptSegment[])[] = [];
  /** The answer of each track that reaches furthest, and where its segments lie. */
  const last = new Map<number, { readonly index: number; readonly endSample: number }>();
  for (const answer of answers) {
    let later = placeAnswer({ ...answer, chunk: answeredChunk(answer) }, answer.track).segments;
    const before = last.get(answer.track);
    if (before && answer.startSample < before.endSample && answer.endSample > before.endSample) {
      const overlap = { startS: samplesToSeconds(answer.startSample), endS: samplesToSeconds(before.endSample) };
      const merged = mergeOverlap({ earlier: lists[before.index] ?? [], later }, overlap);
      lists[before.index] = merged.earlier;
      later = merged.later;
    }
    const index = lists.push(later) - 1;
    // A stretch that was asked for again lies within another answer.
    if (!before || answer.endSample > before.endSample) last.set(answer.track, { index, endSample: answer.endSample });
  }
  return lists.flat();
}
