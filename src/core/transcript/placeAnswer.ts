import { defined } from '../async/defined';
import { samplesToSeconds, secondsToSamples } from '../audio/pcm';
import type { ChunkTranscription, Gap, Segment, TranscriptSegment, Word } from '../model';

/** A chunk's answer with its times counted from the recording's start. */
export interface PlacedAnswer {
  readonly segments: readonly TranscriptSegment[];
  /** The unheard stretches, as gaps. */
  readonly gaps: readonly Gap[];
}

/**
 * Moves an answer's times by its chunk's start and keeps them inside the chunk, so that the transcript's times rise whatever the endpoint
 * says. The ids depend only on track, chunk and position. A chunk may begin where another does: a stretch that was asked for again.
 */
export function placeAnswer(piece: ChunkTranscription, track: number): PlacedAnswer {
  const segments = placedSegments(piece);
  const words = wordsOf(segments, placedWords(piece));
  return {
    segments: segments.map((segment, i) => ({
      ...segment,
      id: `${track}-${piece.chunk.startSample}-${piece.chunk.endSample}-${i}`,
      track,
      words: words[i] ?? [],
    })),
    gaps: unheardGaps(piece, track),
  };
}

function placedSegments(piece: ChunkTranscription): Segment[] {
  const offsetS = samplesToSeconds(piece.chunk.startSample);
  const endS = samplesToSeconds(piece.chunk.endSample);
  // Without segments only the chunk's own time is known.
  const heard: readonly Segment[] =
    piece.segments.length > 0
      ? piece.segments
      : piece.text === ''
        ? []
        : [
            defined({
              startS: 0,
              endS: endS - offsetS,
              text: piece.text,
              averageLogProbability: piece.averageLogProbability,
            }),
          ];
  let lastS = offsetS;
  return heard.map((segment) => {
    const startS = Math.min(endS, Math.max(lastS, offsetS + segment.startS));
    lastS = startS;
    return { ...segment, startS, endS: Math.min(endS, Math.max(startS, offsetS + segment.endS)) };
  });
}

function placedWords({ chunk, words }: ChunkTranscription): Word[] {
  const offsetS = samplesToSeconds(chunk.startSample);
  const chunkEndS = samplesToSeconds(chunk.endSample);
  let lastS = offsetS;
  return words.map((word) => {
    const startS = Math.min(chunkEndS, Math.max(lastS, offsetS + word.startS));
    lastS = startS;
    return { ...word, startS, endS: Math.min(chunkEndS, Math.max(startS, offsetS + word.endS)) };
  });
}

/** The words of each segment. A word belongs to the last segment that begins before the word's middle. Words and segments rise in time. */
function wordsOf(segments: readonly Segment[], words: readonly Word[]): Word[][] {
  const lists = segments.map((): Word[] => []);
  let at = 0;
  for (const word of words) {
    const middleS = (word.startS + word.endS) / 2;
    while ((segments[at + 1]?.startS ?? Infinity) <= middleS) at++;
    lists[at]?.push(word);
  }
  return lists;
}

/**
 * The stretches inside the chunk that an answer left unheard, in order of time. One that overlaps the one before it begins where that one
 * ends. They cost no copy of the words.
 */
export function unheardGaps(
  { chunk, unheard = [] }: Pick<ChunkTranscription, 'chunk' | 'unheard'>,
  track: number,
): Gap[] {
  const offsetS = samplesToSeconds(chunk.startSample);
  const gaps: Gap[] = [];
  let lastSample = chunk.startSample;
  for (const { startS, endS } of unheard.toSorted((a, b) => a.startS - b.startS)) {
    const startSample = Math.max(lastSample, secondsToSamples(offsetS + startS));
    const endSample = Math.min(chunk.endSample, secondsToSamples(offsetS + endS));
    if (endSample <= startSample) continue;
    lastSample = endSample;
    gaps.push({
      kind: 'unheard',
      id: gapId(track, startSample),
      track,
      chunk: { startSample, endSample },
      startS: samplesToSeconds(startSample),
      endS: samplesToSeconds(endSample),
    });
  }
  return gaps;
}

/** The id of the gap that begins there. */
export function gapId(track: number, startSample: number): string {
  return `gap-${track}-${startSample}`;
}
