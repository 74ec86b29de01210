import type { SpeechJob } from '../core/model';
import type { TranscriptionOptions, VocabularySource } from '../core/ports';
import type { Endpoint } from '../core/speech/endpoint';
import { buildPrompt } from '../core/vocabulary/buildPrompt';
import { takesPrompt, type EmbeddedModels } from './embeddedModels';

/** The options with the workspace's words, where the model listens to them and there are any. */
export async function withPrompt(
  options: TranscriptionOptions,
  { endpoint, job }: { readonly endpoint: Endpoint; readonly job: SpeechJob },
  { vocabulary, models }: { readonly vocabulary: VocabularySource; readonly models: EmbeddedModels },
  signal: AbortSignal,
): Promise<TranscriptionOptions> {
  const embedded = await models.inForceAt(endpoint, job);
  if (embedded && !takesPrompt(embedded)) return options;
  const { text, used } = buildPrompt(await vocabulary.collect(signal));
  return text === '' ? options : { ...options, prompt: { text, terms: used.map((term) => term.text) } };
}
