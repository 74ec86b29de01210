import type { Attempt } from '../decode/decodeWindow';
import { FRAMES_PER_POSITION, FRAMES_PER_S } from '../features/logMel';
import type { LoadedModel } from '../network/loadedModel';
import { alignTokens } from './alignTokens';
import { limitDurations, type TimedWord } from './limitDurations';
import { splitWords } from './splitWords';
import { startBehindPause } from './startBehindPause';

const POSITIONS_PER_S = FRAMES_PER_S / FRAMES_PER_POSITION;

/** The audio that a text was written from. */
export interface HeardAudio {
  /** Number of encoder positions, the added silence included. */
  readonly positions: number;
  /** Frames of audio, 10 ms each. */
  readonly frames: number;
  /** Loudness of each frame. */
  readonly levelsDb: readonly number[];
}

/**
 * When each word of a window is said.
 *
 * @param language code of the text's language
 * @returns the words in order, with times in seconds from the window's start
 */
export function timeWords(
  { facts, vocabulary }: LoadedModel,
  { tokens, logProbabilities, attention }: Attempt,
  { positions, frames, levelsDb }: HeardAudio,
  language: string,
): TimedWord[] {
  const places = tokens.flatMap((token, place) => (token < facts.tokens.end ? [place] : []));
  const last = places.at(-1);
  if (last === undefined) return [];
  // There is one row more than tokens: the attention behind the last token tells where it ends.
  const rows = [...places, last + 1].flatMap((place) => attention[place] ?? []);
  const starts = alignTokens(rows, positions, Math.ceil(frames / FRAMES_PER_POSITION));
  const secondsAt = (row: number): number => (starts[row] ?? starts.at(-1) ?? 0) / POSITIONS_PER_S;
  const text = places.map((place) => tokens[place] ?? 0);
  const words = splitWords(text, (ids) => vocabulary.decode(ids), language);
  const timed = words.map(({ text: word, from, to }) => ({
    text: word,
    startS: secondsAt(from),
    endS: secondsAt(to),
    probability: Math.exp(Math.min(...places.slice(from, to).map((place) => logProbabilities[place] ?? 0))),
    token: places[from] ?? 0,
  }));
  return limitDurations(startBehindPause(timed, levelsDb));
}
