import type { Term } from './term';

/** Knows the words of what the user works on. */
export interface VocabularySource {
  /** The terms, the most important first; empty where they may not be read. Texts that cannot be read in a moment are left out. */
  collect(signal: AbortSignal): Promise<readonly Term[]>;
}
