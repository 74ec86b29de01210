import type { SpeechTask } from '../../../core/model';
import { beginText, type BegunText, type LanguageHint } from '../decode/beginText';
import { decodeWindow, type Attempt, type Check } from '../decode/decodeWindow';
import { judge, lessBad, temperatures } from '../decode/fallback';
import { lengthWithoutLoop } from '../decode/loops';
import { encoderInput, FRAMES_PER_POSITION, type LogMel } from '../features/logMel';
import { endsTwice } from '../guards/endsTwice';
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

/** The request's prompt: words that may be said. */
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
  readonly check: Check;
}

/** What was heard in a window. */
export interface HeardWindow {
  readonly language: string;
  readonly noSpeechProbability: number;
  /** Number of encoder positions of 20 ms, the added silence included. */
  readonly positions: number;
  /** Absent where the window is silent. */
  readonly attempt?: Attempt;
}

/** Silence behind the audio for a window's first hearing, 1 s; see {@link hearWindow}. */
const SILENCE_FRAMES = 100;
/** If a short window's language has less than this probability, the window is heard again at full length. */
const CERTAIN_LANGUAGE = 0.6;
/**
 * Text of a second hearing is dropped where its mean log-probability is lower. On the ten far-field meetings, errors fell from 39.5 to
 * 37.3 % with this limit and without retries; they were 37.4 % without any second hearing. One run each; other values were not tried.
 */
const CLEAR_LOG_PROBABILITY = -0.8;
/** Above this, text that repeats the prompt is an echo. Clear speech has less (somebody who reads a list); 47 clips of noise had 0.4 and more. */
const ECHO_NO_SPEECH = 0.3;
/** Above this a hearing with a prompt is not trusted. 47 clips of noise had 0.4 and more. There a prompt makes invented text likely enough to
 * pass: "Thank you." on two clips with a list. */
const PROMPTED_NO_SPEECH = 0.4;
/** Lengths are rounded to whole seconds, so that memory is allocated for few different lengths. */
const LENGTH_STEP_FRAMES = 100;

/**
 * Writes what is said in a window.
 *
 * The encoder first gets the audio with a little silence behind it, instead of 30 s as in training. For short audio this is several times
 * quicker. If the result is doubtful (no speech, an uncertain language, improbable or repeated text), it is dropped, and the window is heard
 * at full length, with rising temperatures as long as the text looks wrong. Only a hearing at full length can find a window silent.
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
  // Where perhaps nobody speaks, a prompt makes invented text likely.
  const isSilent = heard === 'silent';
  return hearAtFullLength(model, window, language, isSilent ? { ...options, prompt: undefined } : options);
}

/** A second hearing: one attempt at full length. Most holes are noise, and at higher temperatures the model writes words for noise. */
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

/** One hearing with little silence behind the audio. @returns `silent` or `doubtful` where the result is not certain */
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
  if (prompt !== undefined && endsTwice(attempt.text)) return 'doubtful';
  return verdict === 'good' ? hearing.heard(attempt) : mayBeSilent ? 'silent' : 'doubtful';
}

/** A hearing with as much silence behind the audio as in the model's training. */
async function hearAtFullLength(
  model: LoadedModel,
  window: AudioWindow,
  language: LanguageHint,
  options: HearOptions,
): Promise<HeardWindow> {
  const { prompt, isUrgent, isUngated } = options;
  const hearing = await Hearing.begin(model, window, model.facts.windowFrames, language, options);
  const { noSpeechProbability } = hearing.begun;
  // Only the best attempt is kept, since its `attention` takes megabytes.
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
    // The text repeats the prompt where perhaps nobody speaks. So the text of a hearing without the prompt is used.
    const bare = await hearing.writeWithoutPrompt();
    const isSilent = bare.text === '' || judge(bare, noSpeechProbability, isUngated) === 'silent';
    return hearing.heard(isSilent ? undefined : bare);
  }
  if (prompt && endsTwice(best.text)) {
    // The prompt may have caused the repetition. What was really said twice is heard twice without a prompt as well.
    const bare = await hearing.writeWithoutPrompt();
    const isBetter =
      bare.text !== '' && judge(bare, noSpeechProbability, isUngated) === 'good' && !endsTwice(bare.text);
    return hearing.heard(isBetter ? bare : best);
  }
  return hearing.heard(best);
}

/** A window that is ready to be written: it is encoded, and the decoder has read the prompt and the start sequence. */
class Hearing {
  private constructor(
    private readonly model: LoadedModel,
    private readonly options: HearOptions,
    private readonly totalFrames: number,
    readonly begun: BegunText,
  ) {}

  /** @param totalFrames the length with the silence behind the audio */
  static async begin(
    model: LoadedModel,
    { features, loudestValue, startFrame, frames }: AudioWindow,
    totalFrames: number,
    language: LanguageHint,
    options: HearOptions,
  ): Promise<Hearing> {
    const { facts, network } = model;
    await options.check();
    const window = await network.encode(encoderInput(features, loudestValue, startFrame, frames, totalFrames));
    await options.check();
    const begun = await beginText(network, facts, window, options.task, language, options.prompt?.tokens ?? []);
    return new Hearing(model, options, totalFrames, begun);
  }

  /** @param retry the number of the retry; it changes the random numbers */
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
    await check();
    const { start } = await beginText(network, facts, this.begun.start.window, task, told, []);
    return decodeWindow(network, facts, vocabulary, start, { temperature, seed, suppressed, check });
  }

  heard(attempt: Attempt | undefined): HeardWindow {
    const { language, noSpeechProbability } = this.begun;
    const window = { language, noSpeechProbability, positions: this.totalFrames / FRAMES_PER_POSITION };
    return attempt ? { ...window, attempt: withoutLoop(attempt) } : window;
  }
}

/** The attempt with a loop at its end written only once. */
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
