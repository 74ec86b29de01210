/** The recordings that are becoming text. Any number may be under way, whatever the microphone does. */
export interface Work {
  /** How many transcriptions are under way. */
  readonly underWay: number;
  /** Whether one has failed since the last one began. */
  readonly hasFailed: boolean;
  /** How much of the one that is furthest behind is done, in [0, 1]; absent where nobody knows. */
  readonly share?: number;
}

/** What changes {@link Work}: one transcription begins, or ends. One that the user discards is done. */
export type WorkEvent = 'begin' | 'done' | 'fail';

/** Nothing is under way, and nothing has failed. */
export const NO_WORK: Work = { underWay: 0, hasFailed: false };

/** The work after an event. How much of it is done is then unknown. */
export function nextWork(work: Work, event: WorkEvent): Work {
  if (event === 'begin') return { underWay: work.underWay + 1, hasFailed: false };
  return { underWay: Math.max(0, work.underWay - 1), hasFailed: work.hasFailed || event === 'fail' };
}

/** The work with what is known of each transcription that tells how much of it is done. */
export function withShares({ underWay, hasFailed }: Work, shares: readonly number[]): Work {
  return shares.length === 0 ? { underWay, hasFailed } : { underWay, hasFailed, share: Math.min(...shares) };
}
