import type { Gap, Segment, Transcript, UnheardStretch } from '../../../../src/core/model';

/** Stretches as gaps of the kind that an engine reports. */
export function unheardGaps(...stretches: readonly UnheardStretch[]): Gap[] {
  return stretches.map(({ startS, endS }) => ({
    kind: 'unheard',
    id: `gap-0-${startS * 16_000}`,
    track: 0,
    chunk: { startSample: startS * 16_000, endSample: endS * 16_000 },
    startS,
    endS,
  }));
}

/** A transcript of these segments, which get ids by their order. */
export function transcriptOf(segments: readonly Segment[], gaps: readonly Gap[] = []): Transcript {
  return {
    segments: segments.map((segment, i) => ({ ...segment, id: `0-0-${i}`, track: 0, words: [] })),
    gaps,
    writers: segments.length === 0 ? [] : [{ model: 'whisper-1' }],
  };
}
