import type { TranscriptionOptions } from '../../core/transcription/fileTranscriber';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { buildPrompt } from '../../core/vocabulary/buildPrompt';

/** The options with the workspace's words, where there are any. */
export async function withPrompt(
  options: TranscriptionOptions,
  vocabulary: VocabularySource,
  signal: AbortSignal,
): Promise<TranscriptionOptions> {
  const { text, used } = buildPrompt(await vocabulary.collect(signal));
  return text === '' ? options : { ...options, prompt: { text, terms: used.map((term) => term.text) } };
}
