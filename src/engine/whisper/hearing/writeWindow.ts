import type { WireSegment, WireWord } from '../../api/recogniser';
import type { TokenSegment } from '../decode/cutSegments';
import type { Attempt } from '../decode/decodeWindow';
import { FRAMES_PER_S } from '../features/logMel';
import type { FrameRange } from '../guards/uncoveredSpeech';
import type { LoadedModel } from '../network/loadedModel';
import type { TimedWord } from '../words/limitDurations';

/** The text of a window. Frames and seconds count from the window's start. */
export interface WindowText {
  /** Where the window begins, counted from the recording's start. */
  readonly startFrame: number;
  /** Frames of audio, without the silence behind it. */
  readonly frames: number;
  readonly noSpeechProbability: number;
  readonly attempt: Pick<Attempt, 'tokens' | 'temperature' | 'averageLogProbability' | 'compressionRatio'>;
  /** The segments that are kept of the tokens. */
  readonly segments: readonly TokenSegment[];
  /** The words of these segments, in order. */
  readonly words: readonly TimedWord[];
}

/** Text in the API's own shape; times in seconds from the recording's start. */
export interface WrittenWindow {
  readonly segments: readonly Omit<WireSegment, 'id'>[];
  readonly words: readonly WireWord[];
}

/** Segments and words of a window. */
export function writeWindow({ facts, vocabulary }: LoadedModel, window: WindowText): WrittenWindow {
  const { startFrame: offsetFrames, frames, attempt, noSpeechProbability } = window;
  const offsetS = offsetFrames / FRAMES_PER_S;
  const segments = window.segments.map(({ startFrame, endFrame, from, to }) => {
    const tokens = attempt.tokens.slice(from, to).filter((token) => token < facts.tokens.end);
    return {
      seek: offsetFrames,
      start: rounded(offsetS + startFrame / FRAMES_PER_S),
      end: rounded(offsetS + Math.min(frames, endFrame) / FRAMES_PER_S),
      text: vocabulary.decode(tokens),
      tokens,
      temperature: attempt.temperature,
      avg_logprob: rounded(attempt.averageLogProbability),
      compression_ratio: rounded(attempt.compressionRatio),
      no_speech_prob: rounded(noSpeechProbability),
    };
  });
  const words = window.words.map(({ text, startS, endS, probability }) => ({
    // As in cloud endpoints' answers, the word has no blank before it.
    word: text.trim(),
    start: rounded(offsetS + startS),
    end: rounded(offsetS + endS),
    probability: rounded(probability),
  }));
  return { segments, words };
}

/**
 * Cuts segments in two where a hole lies between two of their words, so that the text of a second hearing can stand between the halves.
 *
 * @param holes frames from the recording's start
 */
export function splitAtHoles(window: WindowText, holes: readonly FrameRange[]): WindowText {
  let { segments } = window;
  for (const hole of holes) {
    const startS = (hole.startFrame - window.startFrame) / FRAMES_PER_S;
    const next = window.words.findIndex((word) => word.startS >= startS);
    const [before, behind] = [window.words[next - 1], window.words[next]];
    if (!before || !behind) continue;
    segments = segments.flatMap((segment) => splitAt(segment, before, behind));
  }
  return { ...window, segments };
}

/** Cuts at the first token of the word behind the hole. A segment that does not hold this token stays whole. */
function splitAt(segment: TokenSegment, before: TimedWord, behind: TimedWord): readonly TokenSegment[] {
  const { from, to, startFrame, endFrame } = segment;
  if (behind.token <= from || behind.token >= to || before.token < from) return [segment];
  const [lastEnd, nextStart] = [before.endS, behind.startS].map((timeS) => Math.round(timeS * FRAMES_PER_S));
  return [
    { from, to: behind.token, startFrame, endFrame: Math.max(startFrame, lastEnd ?? startFrame) },
    { from: behind.token, to, startFrame: Math.min(endFrame, nextStart ?? endFrame), endFrame },
  ];
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
