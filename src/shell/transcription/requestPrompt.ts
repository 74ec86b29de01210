import type { TranscriptionWishes } from '../../core/transcription/fileTranscriber';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { buildPrompt } from '../../core/vocabulary/buildPrompt';

/** The wishes with the workspace's words, where there are any. */
export async function withPrompt(
  wishes: TranscriptionWishes,
  vocabulary: VocabularySource,
  signal: AbortSignal,
): Promise<TranscriptionWishes> {
  const { text, used } = buildPrompt(await vocabulary.collect(signal));
  return text === '' ? wishes : { ...wishes, prompt: { text, terms: used.map((term) => term.text) } };
}
