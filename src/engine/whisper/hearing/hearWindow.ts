import type { SpeechTask } from '../../../core/model';
import { beginText, type BegunText, type LanguageHint } from '../decode/beginText';
import { decodeWindow, type Attempt } from '../decode/decodeWindow';
import { judge, lessBad, temperatures } from '../decode/fallback';
import { lengthWithoutLoop } from '../decode/loops';
import { encoderInput, FRAMES_PER_POSITION, type LogMel } from '../features/logMel';
import { isEcho } from '../guards/isEcho';
import type { LoadedModel } from '../network/loadedModel';

/** A window of a recording: frames `[startFrame, startFrame + frames)` of its features. */
export interface AudioWindow {
  readonly features: LogMel;
  /** See `loudest`. */
  readonly loudestValue: number;
  readonly startFrame: number;
  readonly frames: number;
}

/** Words that may be said, as the request gave them. */
export interface Prompt {
  readonly text: string;
  readonly tokens: readonly number[];
}

/** `first`: with the request's prompt; `second`: what the first hearing passed over. */
export type HearingKind = 'first' | 'second';

/** What is asked of every window of a request. */
export interface HearOptions {
  readonly task: SpeechTask;
  readonly prompt: Prompt | undefined;
  /** Tokens that are never written. */
  readonly suppressed: readonly number[];
  readonly temperature: number;
  readonly seed: number;
  readonly isUrgent: boolean;
  /** See `RecognitionJob`. */
  readonly isUngated: boolean;
  readonly kind: HearingKind;
  /** Throws when the request was aborted. */
  readonly check: () => void;
}

/** What was heard in a window. */
export interface HeardWindow {
  readonly language: string;
  readonly noSpeechProbability: number;
  /** Encoder positions, the filled-up silence among them: 20 ms each. */
  readonly positions: number;
  /** Absent where there is nothing to be heard. */
  readonly attempt?: Attempt;
}

/** Silence behind the audio for a window's first hearing, 1 s; see {@link hearWindow}. */
const SILENCE_FRAMES = 100;
/** Below this a short window's language is looked for at full length. */
const CERTAIN_LANGUAGE = 0.6;
/**
 * Text of a second hearing that is less probable is none, on average over its tokens. On the ten far-field meetings, errors fell from 39.5 to
 * 37.3 % with this and without retries; 37.4 % without any second hearing. Each run once; other values were not tried.
 */
const CLEAR_LOG_PROBABILITY = -0.8;
/** Clear speech has less; somebody who reads out listed words, say. Noise had 0.4 and more on 47 clips. */
const ECHO_NO_SPEECH = 0.3;
/** Noise had 0.4 and more on 47 clips. There a prompt makes invented text likely enough to pass: "Thank you." on two clips with a list. */
const PROMPTED_NO_SPEECH = 0.4;
/** Lengths come in whole seconds, so that memory is laid out for few different ones. */
const LENGTH_STEP_FRAMES = 100;

/**
 * Writes what is said in a window.
 *
 * The encoder first gets the audio and a little silence behind it, not 30 s as in training, which is several times quicker for short audio. What
 * such a hearing finds uncertain (no speech, a doubtful language, improbable or repeated text) counts for nothing: the window is
 * then heard at full length, at rising temperatures as long as the text looks wrong. Only there can a window be found silent.
 */
export async function hearWindow(
  model: LoadedModel,
  window: AudioWindow,
  language: LanguageHint,
  options: HearOptions,
): Promise<HeardWindow> {
  const { windowFrames } = model.facts;
  if (options.kind === 'second') return hearClearText(model, window, language, options);
  const filled = Math.ceil((window.frames + SILENCE_FRAMES) / LENGTH_STEP_FRAMES) * LENGTH_STEP_FRAMES;
  if (filled >= windowFrames) return hearAtFullLength(model, window, language, options);
  const heard = await hearBriefly(model, window, filled, language, options);
  if (typeof heard !== 'string') return heard;
  // Where perhaps nobody speaks a prompt makes text likely that nobody said.
  const isSilent = heard === 'silent';
  return hearAtFullLength(model, window, language, isSilent ? { ...options, prompt: undefined } : options);
}

/** What a first hearing passed over, at full length and once: most of it is noise, and at higher temperatures noise becomes words. */
async function hearClearText(
  model: LoadedModel,
  window: AudioWindow,
  language: LanguageHint,
  options: HearOptions,
): Promise<HeardWindow> {
  const hearing = await Hearing.begin(model, window, model.facts.windowFrames, language, options);
  const attempt = await hearing.write(options.temperature);
  const isClear =
    attempt.text !== '' &&
    attempt.averageLogProbability >= CLEAR_LOG_PROBABILITY &&
    judge(attempt, hearing.begun.noSpeechProbability, options.isUngated) === 'good';
  return hearing.heard(isClear ? attempt : undefined);
}

/** One hearing of a short window. @returns what is wrong where anything about it is doubtful */
async function hearBriefly(
  model: LoadedModel,
  window: AudioWindow,
  totalFrames: number,
  language: LanguageHint,
  options: HearOptions,
): Promise<HeardWindow | 'silent' | 'doubtful'> {
  const { prompt, isUngated } = options;
  const hearing = await Hearing.begin(model, window, totalFrames, language, options);
  const { noSpeechProbability, languageProbability } = hearing.begun;
  if (prompt !== undefined && noSpeechProbability > PROMPTED_NO_SPEECH) return 'silent';
  if (languageProbability < CERTAIN_LANGUAGE) return 'doubtful';
  const attempt = await hearing.write(options.temperature);
  const verdict = judge(attempt, noSpeechProbability, isUngated);
  const mayBeSilent = noSpeechProbability > ECHO_NO_SPEECH;
  if (verdict === 'silent' || attempt.text === '') return 'silent';
  if (prompt !== undefined && mayBeSilent && isEcho(attempt.text, prompt.text)) return 'silent';
  return verdict === 'good' ? hearing.heard(attempt) : mayBeSilent ? 'silent' : 'doubtful';
}

/** With as much silence behind the audio as the model was trained with. */
async function hearAtFullLength(
  model: LoadedModel,
  window: AudioWindow,
  language: LanguageHint,
  options: HearOptions,
): Promise<HeardWindow> {
  const { prompt, isUrgent, isUngated } = options;
  const hearing = await Hearing.begin(model, window, model.facts.windowFrames, language, options);
  const { noSpeechProbability } = hearing.begun;
  // Only the best so far is kept: what the decoder looked at takes megabytes.
  let best: Attempt | undefined;
  for (const [retry, temperature] of temperatures(options.temperature, isUrgent).entries()) {
    if (retry > 0) model.network.freeMemory();
    const attempt = await hearing.write(temperature, retry);
    const verdict = judge(attempt, noSpeechProbability, isUngated);
    if (verdict === 'silent') return hearing.heard(undefined);
    best = best && verdict === 'again' ? lessBad(best, attempt) : attempt;
    if (verdict === 'good') break;
  }
  if (!best) return hearing.heard(undefined);
  if (prompt && noSpeechProbability > ECHO_NO_SPEECH && isEcho(best.text, prompt.text)) {
    // The prompt itself, word for word, where perhaps nobody speaks: what is heard without it counts.
    const bare = await hearing.writeWithoutPrompt();
    const isSilent = bare.text === '' || judge(bare, noSpeechProbability, isUngated) === 'silent';
    return hearing.heard(isSilent ? undefined : bare);
  }
  return hearing.heard(best);
}

/** A window in the decoder's hands: encoded at some length, prompt and start sequence read. */
class Hearing {
  private constructor(
    private readonly model: LoadedModel,
    private readonly options: HearOptions,
    private readonly totalFrames: number,
    readonly begun: BegunText,
  ) {}

  /** @param totalFrames with the silence behind the audio */
  static async begin(
    model: LoadedModel,
    { features, loudestValue, startFrame, frames }: AudioWindow,
    totalFrames: number,
    language: LanguageHint,
    options: HearOptions,
  ): Promise<Hearing> {
    const { facts, network } = model;
    options.check();
    const window = await network.encode(encoderInput(features, loudestValue, startFrame, frames, totalFrames));
    options.check();
    const begun = await beginText(network, facts, window, options.task, language, options.prompt?.tokens ?? []);
    return new Hearing(model, options, totalFrames, begun);
  }

  /** @param retry changes what chance gives */
  async write(temperature: number, retry = 0): Promise<Attempt> {
    const { network, facts, vocabulary } = this.model;
    const { suppressed, check, seed } = this.options;
    const options = { temperature, seed: seed + retry, suppressed, check };
    return decodeWindow(network, facts, vocabulary, this.begun.start, options);
  }

  async writeWithoutPrompt(): Promise<Attempt> {
    const { network, facts, vocabulary } = this.model;
    const { suppressed, check, seed, task, temperature } = this.options;
    const told = { told: this.begun.language };
    check();
    const { start } = await beginText(network, facts, this.begun.start.window, task, told, []);
    return decodeWindow(network, facts, vocabulary, start, { temperature, seed, suppressed, check });
  }

  heard(attempt: Attempt | undefined): HeardWindow {
    const { language, noSpeechProbability } = this.begun;
    const window = { language, noSpeechProbability, positions: this.totalFrames / FRAMES_PER_POSITION };
    return attempt ? { ...window, attempt: withoutLoop(attempt) } : window;
  }
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
