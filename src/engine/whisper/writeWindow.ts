import type { WireSegment, WireWord } from '../recogniser';
import type { TokenSegment } from './decode/cutSegments';
import type { Attempt } from './decode/decodeWindow';
import { FRAMES_PER_S } from './features/logMel';
import { FRAMES_PER_POSITION, type HeardWindow } from './hearWindow';
import type { LoadedModel } from './loadedModel';
import { alignTokens } from './words/alignTokens';
import { startBehindPause } from './words/startBehindPause';
import { splitWords } from './words/splitWords';
import { limitDurations, type TimedWord } from './words/limitDurations';

/** Text of one window; times in seconds from the recording's start. */
export interface WindowText {
  readonly segments: readonly WireSegment[];
  readonly words: readonly WireWord[];
}

/** Where a window lies, and how it is to be written. */
export interface WindowPlace {
  readonly offsetS: number;
  /** Of audio; what the encoder was given beyond is silence. */
  readonly frames: number;
  /** Loudness of each frame. */
  readonly levelsDb: readonly number[];
  /** The text's language, which is English for a translation. */
  readonly language: string;
  readonly firstId: number;
  readonly wantsWords: boolean;
}

const POSITIONS_PER_S = FRAMES_PER_S / FRAMES_PER_POSITION;

/** Segments and words of a window in the API's own shape. */
export function writeWindow(
  model: LoadedModel,
  heard: HeardWindow,
  attempt: Attempt,
  cut: readonly TokenSegment[],
  place: WindowPlace,
): WindowText {
  const { facts, vocabulary } = model;
  const { offsetS, frames, firstId, wantsWords } = place;
  const timed = wantsWords ? timeWords(model, attempt, heard.positions, place) : [];
  const segments: WireSegment[] = [];
  const words: WireWord[] = [];
  for (const { startFrame, endFrame, from, to } of cut) {
    const tokens = attempt.tokens.slice(from, to).filter((token) => token < facts.tokens.end);
    const text = vocabulary.decode(tokens);
    // What is said to begin behind the audio's end is invented.
    if (text.trim() === '' || startFrame === endFrame || startFrame >= frames) continue;
    segments.push({
      id: firstId + segments.length,
      seek: Math.round(offsetS * FRAMES_PER_S),
      start: rounded(offsetS + startFrame / FRAMES_PER_S),
      end: rounded(offsetS + Math.min(frames, endFrame) / FRAMES_PER_S),
      text,
      tokens,
      temperature: attempt.temperature,
      avg_logprob: rounded(attempt.averageLogProbability),
      compression_ratio: rounded(attempt.compressionRatio),
      no_speech_prob: rounded(heard.noSpeechProbability),
    });
    for (const word of timed) {
      if (word.token < from || word.token >= to) continue;
      words.push({
        // As the cloud answers: without the blank.
        word: word.text.trim(),
        start: rounded(offsetS + word.startS),
        end: rounded(offsetS + word.endS),
        probability: rounded(word.probability),
      });
    }
  }
  return { segments, words };
}

function timeWords(
  { facts, vocabulary }: LoadedModel,
  { tokens, logProbabilities, attention }: Attempt,
  positions: number,
  { frames, levelsDb, language }: WindowPlace,
): TimedWord[] {
  const places = tokens.flatMap((token, place) => (token < facts.tokens.end ? [place] : []));
  const last = places.at(-1);
  if (last === undefined) return [];
  // One row more than tokens: what was looked at behind the last tells where it ends.
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

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
