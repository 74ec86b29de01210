import { defined } from '../async/defined';
import { samplesToSeconds } from '../audio/pcm';
import type { ChunkTranscription, Segment, Transcript, UnheardStretch } from '../model';

/** The transcript before the first answer. */
export const EMPTY_TRANSCRIPT: Transcript = { segments: [], models: [] };

/**
 * Adds the next chunk's answer to the transcript. Its times are moved by the chunk's start and kept inside the chunk, so that the
 * transcript's times rise whatever the endpoint says. Chunks come in order and do not overlap.
 */
export function appendChunk(transcript: Transcript, piece: ChunkTranscription): Transcript {
  const language = transcript.language ?? piece.language;
  const unheard = [...(transcript.unheard ?? []), ...placedUnheard(piece)];
  return defined({
    segments: [...transcript.segments, ...placedSegments(piece)],
    models: transcript.models.includes(piece.model) ? transcript.models : [...transcript.models, piece.model],
    language,
    unheard: unheard.length === 0 ? undefined : unheard,
  });
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
        : [{ startS: 0, endS: endS - offsetS, text: piece.text, ...quality(piece) }];
  let lastS = offsetS;
  return heard.map((segment) => {
    const startS = Math.min(endS, Math.max(lastS, offsetS + segment.startS));
    lastS = startS;
    return { ...segment, startS, endS: Math.min(endS, Math.max(startS, offsetS + segment.endS)) };
  });
}

/** What lies inside the chunk, in order of time. */
function placedUnheard({ chunk, unheard = [] }: ChunkTranscription): UnheardStretch[] {
  const offsetS = samplesToSeconds(chunk.startSample);
  const chunkEndS = samplesToSeconds(chunk.endSample);
  return unheard
    .map(({ startS, endS }) => ({ startS: offsetS + startS, endS: Math.min(chunkEndS, offsetS + endS) }))
    .filter(({ startS, endS }) => startS < endS)
    .toSorted((a, b) => a.startS - b.startS);
}

/** The quality figure of an answer without segments, which holds for its whole text. */
function quality({ averageLogProbability }: ChunkTranscription): Pick<Segment, 'averageLogProbability'> {
  return averageLogProbability === undefined ? {} : { averageLogProbability };
}
