import type { SpeechTask } from '../../../core/model';
import type { ModelFacts } from '../modelFacts';
import type { DecoderStep, EncodedWindow, Network } from '../network';
import type { TextStart } from './decodeWindow';
import { probabilityOf } from './pickToken';

/** Everything before a window's first word. */
export interface BegunText {
  readonly start: TextStart;
  readonly language: string;
  /** Probability of the token that stands for silence, from a step without prompt: a prompt makes it meaningless. */
  readonly noSpeechProbability: number;
}

/**
 * Has the decoder read prompt and start sequence; finds out the language, and whether anybody speaks.
 *
 * @param knownLanguage code; absent: the likeliest is taken
 * @param prompt tokens; none: no prompt
 */
export async function beginText(
  network: Network,
  facts: ModelFacts,
  window: EncodedWindow,
  task: SpeechTask,
  knownLanguage: string | undefined,
  prompt: readonly number[],
): Promise<BegunText> {
  const { tokens, vocabularySize } = facts;
  const begun = (step: DecoderStep, language: string, noSpeechProbability: number): BegunText => {
    const { state, logits, attention } = step;
    const last = logits.slice(logits.length - vocabularySize);
    return { start: { window, state, logits: last, attention }, language, noSpeechProbability };
  };
  if (prompt.length === 0 && knownLanguage !== undefined) {
    const sequence = [tokens.start, ...steering(facts, knownLanguage, task)];
    // Behind the first token stands what it says about silence.
    const rows = sequence.length === 1 ? [0] : [0, sequence.length - 1];
    const step = await network.read(window, sequence, undefined, rows);
    const silence = probabilityOf(step.logits.subarray(0, vocabularySize), tokens.noSpeech);
    return begun(step, knownLanguage, silence);
  }
  const probe = await network.read(window, [tokens.start]);
  const silence = probabilityOf(probe.logits, tokens.noSpeech);
  const language = knownLanguage ?? likeliestLanguage(probe.logits, tokens.languages);
  const steered = steering(facts, language, task);
  if (prompt.length > 0) {
    const step = await network.read(window, [tokens.previous, ...prompt, tokens.start, ...steered]);
    return begun(step, language, silence);
  }
  return begun(steered.length > 0 ? await network.read(window, steered, probe.state) : probe, language, silence);
}

/** Language and task, as multilingual models take them; the English ones have neither. */
function steering({ isMultilingual, tokens }: ModelFacts, language: string, task: SpeechTask): number[] {
  const ids = [tokens.languages.get(language), task === 'translate' ? tokens.translate : tokens.transcribe];
  return isMultilingual ? ids.filter((id) => id !== undefined) : [];
}

function likeliestLanguage(logits: Float32Array, languages: ReadonlyMap<string, number>): string {
  let best = 'en';
  let most = -Infinity;
  for (const [code, id] of languages) {
    const logit = logits[id] ?? -Infinity;
    if (logit > most) [best, most] = [code, logit];
  }
  return best;
}
