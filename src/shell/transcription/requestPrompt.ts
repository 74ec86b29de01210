import type { TranscriptionWishes } from '../../core/transcription/fileTranscriber';
import type { VocabularySource } from '../../core/vocabulary/vocabularySource';
import { buildPrompt } from '../../core/vocabulary/buildPrompt';
import { withoutName } from '../../core/vocabulary/withoutName';

/**
 * The wishes with the workspace's words, where there are any.
 *
 * @param recordingName the recording's file name, which is not among them
 */
export async function withPrompt(
  wishes: TranscriptionWishes,
  vocabulary: VocabularySource,
  recordingName: string,
  signal: AbortSignal,
): Promise<TranscriptionWishes> {
  const { text, used } = buildPrompt(withoutName(await vocabulary.collect(signal), recordingName));
  return text === '' ? wishes : { ...wishes, prompt: { text, terms: used.map((term) => term.text) } };
}
