/** Keys for when-clauses of package.json, spelled here only; `test/unit/contributions.test.ts` holds both against each other. */
export const CONTEXT_KEYS = {
  /** A dictation is recorded or transcribed: Escape discards it. */
  dictating: 'minutes.isDictating',
} as const;
