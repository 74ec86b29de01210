import { PRIORITIES, type Priority } from '../api/recogniser';

/** The place of one job among the worker's. */
export interface WorkerTurn {
  /** Undefined where it is this job's turn; else resolves when it is. */
  readonly come: () => Promise<void> | undefined;
  /** The job is done: the next one goes on. */
  readonly end: () => void;
}

/** Lets one of the worker's jobs go on at a time, the most urgent one. */
export class WorkerTurns {
  private readonly ranks: { readonly rank: number }[] = [];
  private waiting: (() => void)[] = [];

  /** The job counts from now on: less urgent ones stop at their next question. */
  enter(priority: Priority): WorkerTurn {
    const mine = { rank: PRIORITIES.indexOf(priority) };
    this.ranks.push(mine);
    const isFirst = (): boolean => this.ranks.every(({ rank }) => rank >= mine.rank);
    const wait = async (): Promise<void> => {
      while (!isFirst()) await new Promise<void>((resolve) => this.waiting.push(resolve));
    };
    return {
      come: () => (isFirst() ? undefined : wait()),
      end: () => {
        this.ranks.splice(this.ranks.indexOf(mine), 1);
        const { waiting } = this;
        this.waiting = [];
        for (const wake of waiting) wake();
      },
    };
  }
}
