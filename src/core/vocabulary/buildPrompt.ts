import { countTokens } from './countTokens';
import type { Term } from './term';

/** How long a prompt may be. */
export interface PromptLimits {
  readonly sizeBytes: number;
  readonly tokens: number;
}

/** Groq refuses prompts above 896 bytes (seen live; some are kept free), and Whisper reads the last 223 tokens (reference code). */
export const PROMPT_LIMITS: PromptLimits = { sizeBytes: 880, tokens: 223 };

/** A prompt, and what it was written from. */
export interface Prompt {
  /** Empty where there is no term. */
  readonly text: string;
  readonly sizeBytes: number;
  /** Estimated, never too few. */
  readonly tokens: number;
  /** In the order written, each as it is written: the most important last. */
  readonly used: readonly Term[];
  /** How many terms found no place. */
  readonly leftOut: number;
}

/** So many terms in a row that did not fit: what is left has room for nothing worth looking for. */
const MISFITS_ENOUGH = 20;

/**
 * The list of terms that goes with a request: as many of the most important as fit, whole, with commas between and a full stop behind. A list and
 * no sentence, because a sentence is what Whisper writes for silence; the most important last, because what is too much is cut off at
 * the head (study of the prompt: 82 % of terms right when last, 33 % when cut off).
 *
 * @param ranked the most important first
 */
export function buildPrompt(ranked: readonly Term[], limits: PromptLimits = PROMPT_LIMITS): Prompt {
  let used: readonly Term[] = [];
  let misfits = 0;
  for (const term of ranked) {
    const text = writable(term.text);
    if (text === '' || used.some((other) => other.text.toLowerCase() === text.toLowerCase())) continue;
    const longer = [{ ...term, text }, ...used];
    if (fits(write(longer), limits)) {
      used = longer;
      misfits = 0;
    } else if (++misfits >= MISFITS_ENOUGH) break;
  }
  const text = write(used);
  return { text, sizeBytes: sizeBytes(text), tokens: countTokens(text), used, leftOut: ranked.length - used.length };
}

function write(terms: readonly Term[]): string {
  return terms.length === 0 ? '' : `${terms.map(({ text }) => text).join(', ')}.`;
}

function fits(text: string, limits: PromptLimits): boolean {
  return sizeBytes(text) <= limits.sizeBytes && countTokens(text) <= limits.tokens;
}

function sizeBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * A term as it can stand in the list: no comma, no line break or other control character, none of the signs that an endpoint refuses
 * (OpenAI: `<`, `>`) or that would end a quotation, no full stop at its end.
 */
function writable(text: string): string {
  return text
    .replace(/[\p{C}\p{Z},，、<>`"]+/gu, ' ')
    .replace(/[\s.]+$/, '')
    .trimStart();
}
