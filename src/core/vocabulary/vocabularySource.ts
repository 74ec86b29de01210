import type { Term } from './term';

/** Knows the words of what the user works on. */
export interface VocabularySource {
  /** The most important first; none where they may not be read. What cannot be read in a moment is left out. */
  collect(signal: AbortSignal): Promise<readonly Term[]>;
}
