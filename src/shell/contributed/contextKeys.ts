/** Keys for when-clauses of package.json. No other code spells them; `test/unit/contributions.test.ts` compares both files. */
export const CONTEXT_KEYS = {
  /** Set while a dictation is recorded or transcribed: Escape then discards the latest. */
  dictating: 'minutes.isDictating',
  /** What is recorded: `dictation` or `meeting`; empty where nothing is. */
  recording: 'minutes.recording',
  /** Set while a meeting is paused. */
  paused: 'minutes.isPaused',
  /** Set while the active editor shows a note that is being filled. */
  liveNote: 'minutes.isLiveNote',
} as const;
