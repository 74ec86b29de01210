import type { TranscriptionOptions, VocabularySource } from '../core/ports';
import type { Endpoint } from '../core/speech/endpoint';
import { buildPrompt } from '../core/vocabulary/buildPrompt';

/** Whether an endpoint listens to a prompt. The embedded engine knows its own words and no others. */
export function takesPrompt(endpoint: Endpoint): boolean {
  return endpoint.kind === 'remote';
}

/** The options with the workspace's words, where the endpoint listens to them and there are any. */
export async function withPrompt(
  options: TranscriptionOptions,
  endpoint: Endpoint,
  vocabulary: VocabularySource,
  signal: AbortSignal,
): Promise<TranscriptionOptions> {
  if (!takesPrompt(endpoint)) return options;
  const { text, used } = buildPrompt(await vocabulary.collect(signal));
  return text === '' ? options : { ...options, prompt: { text, terms: used.map((term) => term.text) } };
}
