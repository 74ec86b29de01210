/** What the workspace's words are read from. */
export type VocabularySourceKind = 'manifest' | 'fileName' | 'source' | 'gitLog' | 'mailmap';

/** One text of the workspace. Order counts: of two words that are as good, the one read first comes first. */
export interface VocabularySourceText {
  readonly kind: VocabularySourceKind;
  /** Path below the workspace's folder, as the user knows it. */
  readonly name: string;
  /** Empty for `fileName`: there the name is all that is read. */
  readonly text: string;
  /** What the user is working on now: its words come before others'. */
  readonly isAtHand?: boolean;
}

/** What a term is the name of. */
export type TermKind = 'dependency' | 'file' | 'identifier' | 'person';

/** A word as one source has it. */
export interface FoundTerm {
  readonly text: string;
  readonly kind: TermKind;
}

/** A word of the workspace that may be said, and may be misspelled by whoever does not know it. */
export interface Term {
  readonly text: string;
  readonly kind: TermKind;
  /** Names of the sources that have it, each once. */
  readonly from: readonly string[];
  /** How often it was met. */
  readonly count: number;
  readonly isAtHand: boolean;
}
