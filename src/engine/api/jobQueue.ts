import { PRIORITIES, type Priority } from './recogniser';

/** Who a task is for. */
export interface Urgency {
  readonly priority: Priority;
  /** Whether a more urgent task ends this one, instead of making it wait in its middle; absent: no. */
  readonly isDropped?: boolean;
}

/** Why a task was dropped. Asked for again, it takes its turn behind the more urgent one. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

interface Waiting {
  readonly rank: number;
  /** Never rejects. */
  readonly start: () => Promise<void>;
  readonly drop?: () => void;
}

/**
 * Runs tasks by priority, and in order of arrival among those of one priority. A task begins when no other of the same or a higher priority
 * runs; less urgent ones that run wait for it (`WorkerTurns`), or are dropped. A task that is aborted while it waits leaves the queue at once.
 */
export class JobQueue {
  private readonly waiting: Waiting[] = [];
  private readonly running = new Set<Waiting>();

  /**
   * @throws what the task throws; the signal's reason or {@link Overtaken} at once, but the next task of the priority begins only when this
   * one has ended
   */
  run<Result>(
    task: (signal: AbortSignal) => Promise<Result>,
    { priority, isDropped = false }: Urgency,
    signal: AbortSignal,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const ending = new AbortController();
      const end = (reason: Error): void => {
        const at = this.waiting.indexOf(entry);
        if (at >= 0) this.waiting.splice(at, 1);
        ending.abort(reason);
        reject(reason);
      };
      const onAbort = (): void => {
        end(signal.reason as Error);
      };
      const entry: Waiting = {
        rank: PRIORITIES.indexOf(priority),
        start: () =>
          task(ending.signal)
            .then(resolve, reject)
            .finally(() => {
              signal.removeEventListener('abort', onAbort);
            }),
        ...(isDropped
          ? {
              drop: () => {
                end(new Overtaken());
              },
            }
          : {}),
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const behind = this.waiting.findIndex(({ rank }) => rank > entry.rank);
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, entry);
      this.startNext();
    });
  }

  private startNext(): void {
    const [next] = this.waiting;
    if (!next || [...this.running].some(({ rank }) => rank <= next.rank)) return;
    this.waiting.shift();
    for (const other of this.running) other.drop?.();
    this.running.add(next);
    void next.start().finally(() => {
      this.running.delete(next);
      this.startNext();
    });
  }
}
