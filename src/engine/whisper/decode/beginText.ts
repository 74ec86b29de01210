import type { SpeechTask } from '../../../core/model';
import type { ModelFacts } from '../network/whisperFacts';
import type { DecoderStep, EncodedWindow, Network } from '../network/network';
import type { TextStart } from './decodeWindow';
import { probabilityOf } from './pickToken';

/** What is known of a window's language before it is heard. */
export interface LanguageHint {
  /** Told by the request: nothing else is written. */
  readonly told?: string;
  /** What was spoken before. Another language must be clearly heard. */
  readonly before?: string;
}

/** Everything before a window's first word. */
export interface BegunText {
  readonly start: TextStart;
  readonly language: string;
  /** Among all languages that the model knows; 1 where the language was told. */
  readonly languageProbability: number;
  /** Probability of the token that stands for silence, from a step without prompt: a prompt makes it meaningless. */
  readonly noSpeechProbability: number;
}

/**
 * A window in another language than the one before begins with at least this probability. Half-understood far-field speech is taken for some other
 * language with less.
 */
const CHANGED_LANGUAGE = 0.7;

/**
 * Has the decoder read prompt and start sequence; finds out the language, and whether anybody speaks.
 *
 * @param prompt tokens; none: no prompt
 */
export async function beginText(
  network: Network,
  facts: ModelFacts,
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
    // Behind the first token stands what it says about silence.
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
  // Read anew and as one, as where the language is told: rows that are read together share the steps of their 8 bits, and the text must not depend
  // on who found the language out.
  const before = prompt.length > 0 ? [tokens.previous, ...prompt] : [];
  const sequence = [...before, tokens.start, ...steered];
  return begun(await network.read(window, sequence), language, silence);
}

/** Language and task, as multilingual models take them; the English ones have neither. */
function steering({ isMultilingual, tokens }: ModelFacts, language: string, task: SpeechTask): number[] {
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
