import type { SpeechTask } from '../../core/model';
import { beginText } from './decode/beginText';
import { decodeWindow, type Attempt } from './decode/decodeWindow';
import { judge, lessBad, temperatures } from './decode/fallback';
import { lengthWithoutLoop } from './decode/loops';
import { encoderInput, type LogMel } from './features/logMel';
import { isEcho } from './guards/isEcho';
import type { LoadedModel } from './loadedModel';

/** A window of a recording: frames `[startFrame, startFrame + frames)` of its features. */
export interface AudioWindow {
  readonly features: LogMel;
  /** See `loudest`. */
  readonly loudestValue: number;
  readonly startFrame: number;
  readonly frames: number;
}

/** What is asked of every window of a request. */
export interface HearOptions {
  readonly task: SpeechTask;
  readonly prompt: { readonly text: string; readonly tokens: readonly number[] } | undefined;
  /** Tokens that are never written. */
  readonly suppressed: readonly number[];
  readonly temperature: number;
  readonly seed: number;
  readonly isUrgent: boolean;
  /** See `RecognitionJob`. */
  readonly isUngated: boolean;
  /** Throws when the request was aborted. */
  readonly check: () => void;
}

export interface HeardWindow {
  readonly language: string;
  readonly noSpeechProbability: number;
  /** Encoder positions, the filled-up silence among them: 20 ms each. */
  readonly positions: number;
  /** Absent where there is nothing to be heard. */
  readonly attempt?: Attempt;
}

/** An encoder position is two frames. */
export const FRAMES_PER_POSITION = 2;
/**
 * The encoder gets the audio and this much silence behind it, 1 s, not 30 s as in training: measured with whisper-base, clips of 1 to 3 s
 * took 0.21 s in place of 0.85 s, with as many errors in 244 words. One clip in 24 fell into retries.
 */
const SILENCE_FRAMES = 100;
/** Clear speech has less; somebody who reads out listed words, say. Noise had 0.4 and more on 47 clips. */
const ECHO_NO_SPEECH = 0.3;
/** Lengths come in whole seconds, so that memory is laid out for few different ones. */
const LENGTH_STEP_FRAMES = 100;

/** Writes what is said in a window, at rising temperatures as long as the text looks wrong. */
export async function hearWindow(
  { facts, network, vocabulary }: LoadedModel,
  { features, loudestValue, startFrame, frames }: AudioWindow,
  knownLanguage: string | undefined,
  { task, prompt, suppressed, temperature: first, seed, isUrgent, isUngated, check }: HearOptions,
): Promise<HeardWindow> {
  const filled = Math.ceil((frames + SILENCE_FRAMES) / LENGTH_STEP_FRAMES) * LENGTH_STEP_FRAMES;
  const totalFrames = Math.min(facts.windowFrames, filled);
  const window = await network.encode(encoderInput(features, loudestValue, startFrame, frames, totalFrames));
  const begin = (promptTokens: readonly number[]): ReturnType<typeof beginText> => {
    check();
    return beginText(network, facts, window, task, knownLanguage, promptTokens);
  };
  const { start, language, noSpeechProbability } = await begin(prompt?.tokens ?? []);
  const nothing = { language, noSpeechProbability, positions: totalFrames / FRAMES_PER_POSITION };
  // Only the best so far is kept: what the decoder looked at takes megabytes.
  let best: Attempt | undefined;
  for (const [i, temperature] of temperatures(first, isUrgent).entries()) {
    const options = { temperature, seed: seed + i, suppressed, check };
    const attempt = await decodeWindow(network, facts, vocabulary, start, options);
    const verdict = judge(attempt, noSpeechProbability, isUngated);
    if (verdict === 'silent') return nothing;
    best = best && verdict === 'again' ? lessBad(best, attempt) : attempt;
    if (verdict === 'good') break;
  }
  if (!best) return nothing;
  if (prompt && noSpeechProbability > ECHO_NO_SPEECH && isEcho(best.text, prompt.text)) {
    // The prompt itself, word for word, where perhaps nobody speaks: what is heard without it counts.
    const { start: bareStart } = await begin([]);
    const options = { temperature: first, seed, suppressed, check };
    const bare = await decodeWindow(network, facts, vocabulary, bareStart, options);
    const isSilent = bare.text === '' || judge(bare, noSpeechProbability, isUngated) === 'silent';
    return isSilent ? nothing : { ...nothing, attempt: withoutLoop(bare) };
  }
  return { ...nothing, attempt: withoutLoop(best) };
}

/** A loop is said once. */
function withoutLoop(attempt: Attempt): Attempt {
  if (!attempt.isLoop) return attempt;
  const length = lengthWithoutLoop(attempt.tokens);
  return {
    ...attempt,
    tokens: attempt.tokens.slice(0, length),
    logProbabilities: attempt.logProbabilities.slice(0, length),
    attention: attempt.attention.slice(0, length + 1),
  };
}
