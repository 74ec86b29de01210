import type { Word } from '../model';

/** Whisper hears 30 s at once. The times of a shorter audio may go beyond its end by so much. */
const WINDOW_S = 30;

/**
 * The same, in seconds. Some servers tell milliseconds: then most times lie far behind the end of the audio that was sent, and a thousandth
 * of each does not.
 */
export function inSeconds<Timed extends Pick<Word, 'startS' | 'endS'>>(
  timed: readonly Timed[],
  lengthS = Infinity,
): readonly Timed[] {
  const latestS = lengthS + WINDOW_S;
  const far = timed.filter(({ endS }) => endS > latestS);
  if (far.length * 2 <= timed.length || far.some(({ endS }) => endS / 1000 > latestS)) return timed;
  return timed.map((one) => ({ ...one, startS: one.startS / 1000, endS: one.endS / 1000 }));
}
