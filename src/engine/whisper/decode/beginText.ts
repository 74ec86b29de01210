import type { SpeechTask } from '../../../core/model';
import type { WhisperFacts } from '../network/whisperFacts';
import type { DecoderStep, EncodedWindow, Network } from '../network/network';
import type { TextStart } from './decodeWindow';
import { probabilityOf } from './pickToken';

/** What is known of a window's language before it is heard. */
export interface LanguageHint {
  /** The language that the request names. No other language is written. */
  readonly told?: string;
  /** The language that was spoken before. The model must be certain of another one to change it. */
  readonly before?: string;
}

/** The decoder's state before a window's first word. */
export interface BegunText {
  readonly start: TextStart;
  readonly language: string;
  /** Probability of the language among all that the model knows; 1 where the request named it. */
  readonly languageProbability: number;
  /** Probability of the token that stands for silence, from a step without prompt: a prompt makes it meaningless. */
  readonly noSpeechProbability: number;
}

/**
 * The language changes from one window to the next only where the new one has at least this probability. With less, half-understood
 * far-field speech is often taken for another language.
 */
const CHANGED_LANGUAGE = 0.7;

/**
 * Lets the decoder read the prompt and the start sequence. Finds out the language, and whether anybody speaks.
 *
 * @param prompt tokens; empty: no prompt
 */
export async function beginText(
  network: Network,
  facts: WhisperFacts,
  window: EncodedWindow,
  task: SpeechTask,
  { told, before: spokenBefore }: LanguageHint,
  prompt: readonly number[],
): Promise<BegunText> {
  const { tokens, vocabularySize } = facts;
  const begun = (step: DecoderStep, language: HeardLanguage, noSpeechProbability: number): BegunText => {
    const { state, logits, attention } = step;
    const last = logits.slice(logits.length - vocabularySize);
    const start = { window, state, logits: last, attention };
    return { start, language: language.code, languageProbability: language.probability, noSpeechProbability };
  };
  if (prompt.length === 0 && told !== undefined) {
    const sequence = [tokens.start, ...steering(facts, told, task)];
    // The scores behind the first token tell about silence.
    const rows = sequence.length === 1 ? [0] : [0, sequence.length - 1];
    const step = await network.read(window, sequence, undefined, rows);
    const silence = probabilityOf(step.logits.subarray(0, vocabularySize), tokens.noSpeech);
    return begun(step, { code: told, probability: 1 }, silence);
  }
  const probe = await network.read(window, [tokens.start]);
  const silence = probabilityOf(probe.logits, tokens.noSpeech);
  const language =
    told === undefined ? heardLanguage(probe.logits, tokens.languages, spokenBefore) : { code: told, probability: 1 };
  const steered = steering(facts, language.code, task);
  if (prompt.length === 0 && steered.length === 0) return begun(probe, language, silence);
  // The whole sequence is read again in one step, as where the request names the language. Rows that are read together share one 8-bit
  // scale, and the text must be the same whether the language was given or found out.
  const before = prompt.length > 0 ? [tokens.previous, ...prompt] : [];
  const sequence = [...before, tokens.start, ...steered];
  return begun(await network.read(window, sequence), language, silence);
}

/** The tokens of language and task for a multilingual model. English models take neither. */
function steering({ isMultilingual, tokens }: WhisperFacts, language: string, task: SpeechTask): number[] {
  const ids = [tokens.languages.get(language), task === 'translate' ? tokens.translate : tokens.transcribe];
  return isMultilingual ? ids.filter((id) => id !== undefined) : [];
}

interface HeardLanguage {
  readonly code: string;
  readonly probability: number;
}

function heardLanguage(
  logits: Float32Array,
  languages: ReadonlyMap<string, number>,
  before: string | undefined,
): HeardLanguage {
  const heard = [...languages].map(([code, id]) => ({ code, logit: logits[id] ?? -Infinity }));
  const most = heard.reduce((best, one) => (one.logit > best.logit ? one : best), { code: 'en', logit: -Infinity });
  const sum = heard.reduce((total, { logit }) => total + Math.exp(logit - most.logit), 0);
  const probability = 1 / sum;
  if (before === undefined || before === most.code || probability >= CHANGED_LANGUAGE) {
    return { code: most.code, probability };
  }
  const kept = logits[languages.get(before) ?? -1] ?? -Infinity;
  return { code: before, probability: Math.exp(kept - most.logit) / sum };
}
