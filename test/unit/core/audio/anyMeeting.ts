import fc from 'fast-check';
import { silence, speech, type Part } from './syntheticSpeech';

/** Hundredths between two whole numbers' hundredths, such as seconds. */
export function hundredths(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((value) => value / 100);
}

/** Meetings of every rhythm: words alone, talks without a pause, silence of any length, at the edges too. */
export const anyMeeting: fc.Arbitrary<Part[]> = fc
  .array(
    fc.tuple(
      fc.oneof(hundredths(0.15, 0.4), hundredths(0.3, 2), hundredths(1, 12), hundredths(20, 60)).map(speech),
      fc.oneof(hundredths(0.05, 1), hundredths(0.5, 2.9), hundredths(2.9, 8)).map(silence),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .chain((pairs) =>
    fc.record({ before: fc.oneof(fc.constant(0), hundredths(0.1, 8)), isOpenEnd: fc.boolean() }).map((edges) => {
      const parts: Part[] = [silence(edges.before), ...pairs.flat()];
      return edges.isOpenEnd ? parts.slice(0, -1) : parts;
    }),
  );
