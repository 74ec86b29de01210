/** What the workspace's words are read from. */
export type VocabularySourceKind = 'manifest' | 'fileName' | 'source' | 'gitLog' | 'mailmap';

/** One text of the workspace. Order matters: of two equally good words, the one that was read first comes first. */
export interface VocabularySourceText {
  readonly kind: VocabularySourceKind;
  /** Path below the workspace's folder, as the user knows it. */
  readonly name: string;
  /** Empty for `fileName`: there only the name is read. */
  readonly text: string;
  /** Whether the user is working on this text now. Its words come before others. */
  readonly isAtHand?: boolean;
}

/** What a term is the name of. */
export type TermKind = 'dependency' | 'file' | 'identifier' | 'person';

/** A word as one source has it. */
export interface FoundTerm {
  readonly text: string;
  readonly kind: TermKind;
}

/** A word of the workspace that may be said, and that Whisper may misspell without knowing it. */
export interface Term {
  readonly text: string;
  readonly kind: TermKind;
  /** Names of the sources that have it, each once. */
  readonly from: readonly string[];
  /** How often it was met. */
  readonly count: number;
  readonly isAtHand: boolean;
}
