import type { Provider } from './endpoint';

/** What a provider says of a model. */
export interface KnownModel {
  readonly name: string;
  /** US dollars for an hour of audio. */
  readonly usdPerHour?: number;
  /** How many seconds of audio are done in one second. */
  readonly speedFactor?: number;
  readonly wordErrorPercent?: number;
  /** The last day on which the provider serves it, as `YYYY-MM-DD`. */
  readonly lastDay?: string;
}

/** Groq bills at least this much for every request, however short its audio is (its documentation). */
export const BILLED_AT_LEAST_S = 10;

/** Groq's documentation of speech to text; OpenAI's list of models and their last days. */
const KNOWN: Readonly<Partial<Record<Provider, readonly KnownModel[]>>> = {
  groq: [
    { name: 'whisper-large-v3-turbo', usdPerHour: 0.04, speedFactor: 216, wordErrorPercent: 12 },
    { name: 'whisper-large-v3', usdPerHour: 0.111, speedFactor: 189, wordErrorPercent: 10.3 },
  ],
  openai: [
    { name: 'whisper-1', lastDay: '2027-02-26' },
    { name: 'gpt-transcribe' },
    { name: 'gpt-4o-transcribe', lastDay: '2027-02-26' },
    { name: 'gpt-4o-mini-transcribe', lastDay: '2027-02-26' },
  ],
  mistral: [{ name: 'voxtral-mini-latest' }],
};

/** The models that a provider documents; empty where it is not known. */
export function knownModels(provider: Provider): readonly KnownModel[] {
  return KNOWN[provider] ?? [];
}

/**
 * Whether a model can translate into English. Turbo and the distilled models were trained on transcription alone, English-only models
 * know no other language, and of OpenAI's and Mistral's models only Whisper translates.
 */
export function canTranslate(model: string): boolean {
  return !/turbo|distil|\.en\b|\bgpt-|voxtral/i.test(model);
}

/** What a request costs, in US dollars; undefined where the price is not known. */
export function priceUsd(provider: Provider, model: string, requestS: readonly number[]): number | undefined {
  const perHour = knownModels(provider).find(({ name }) => name === model)?.usdPerHour;
  if (perHour === undefined) return undefined;
  const billedS = requestS.reduce((sum, seconds) => sum + Math.max(BILLED_AT_LEAST_S, seconds), 0);
  return (billedS / 3600) * perHour;
}
