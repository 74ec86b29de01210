import { countTokens } from './countTokens';
import type { Term } from './term';

/** How long a prompt may be. */
export interface PromptLimits {
  readonly sizeBytes: number;
  readonly tokens: number;
}

/** Groq refuses prompts above 896 bytes (seen live; 16 bytes are kept free). Whisper reads only the last 223 tokens (reference code). */
export const PROMPT_LIMITS: PromptLimits = { sizeBytes: 880, tokens: 223 };

/** A prompt, and what it was written from. */
export interface Prompt {
  /** Empty where there is no term. */
  readonly text: string;
  readonly sizeBytes: number;
  /** An estimate that is never too low. */
  readonly tokens: number;
  /** The terms in the order and spelling of the text, the most important last. */
  readonly used: readonly Term[];
  /** How many terms did not fit. */
  readonly leftOut: number;
}

/** After this many terms in a row that did not fit, the room that is left is not worth a further search. */
const MISFITS_ENOUGH = 20;

/**
 * The prompt of a request: as many of the most important terms as fit, each complete, with commas between them and a full stop at the end.
 * It is a list because Whisper would write a sentence where there is silence. The most important term comes last because a prompt that is
 * too long is cut off at its head (study of the prompt: 82 % of terms right when last, 33 % when cut off).
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
 * A term in a form that can stand in the list: without commas, control characters such as line breaks, signs that an endpoint refuses
 * (OpenAI: `<`, `>`) or that would end a quotation, and without a full stop at its end.
 */
function writable(text: string): string {
  return text
    .replace(/[\p{C}\p{Z},，、<>`"]+/gu, ' ')
    .replace(/[\s.]+$/, '')
    .trimStart();
}
