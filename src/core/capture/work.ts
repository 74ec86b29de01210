/** The recordings that are becoming text. Any number may be under way, whatever the microphone does. */
export interface Work {
  /** How many transcriptions are under way. */
  readonly underWay: number;
  /** Whether one has failed since the last one began. */
  readonly hasFailed: boolean;
}

/** What changes {@link Work}: one transcription begins, or ends. One that the user discards is done. */
export type WorkEvent = 'begin' | 'done' | 'fail';

/** Nothing is under way, and nothing has failed. */
export const NO_WORK: Work = { underWay: 0, hasFailed: false };

/** The work after an event. */
export function nextWork(work: Work, event: WorkEvent): Work {
  if (event === 'begin') return { underWay: work.underWay + 1, hasFailed: false };
  return { underWay: Math.max(0, work.underWay - 1), hasFailed: work.hasFailed || event === 'fail' };
}
