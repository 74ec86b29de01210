/** One task that waits for its turn. */
interface Waiting {
  readonly isUrgent: boolean;
  readonly start: () => void;
}

/**
 * Runs one task at a time. Urgent tasks, for whose text the user waits at a cursor, come first; otherwise tasks run in order of arrival. A
 * running task is not interrupted. A task that is aborted while it waits leaves the queue at once.
 */
export class JobQueue {
  private readonly waiting: Waiting[] = [];
  private isBusy = false;

  /** @throws what the task throws; the signal's reason at once when aborted, but the next task begins only when this one has ended */
  run<Result>(task: () => Promise<Result>, isUrgent: boolean, signal: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = (): void => {
        const at = this.waiting.indexOf(entry);
        if (at >= 0) this.waiting.splice(at, 1);
        reject(signal.reason as Error);
      };
      const start = (): void => {
        this.isBusy = true;
        task()
          .then(resolve, reject)
          .finally(() => {
            signal.removeEventListener('abort', onAbort);
            this.isBusy = false;
            this.startNext();
          });
      };
      const entry = { isUrgent, start };
      signal.addEventListener('abort', onAbort, { once: true });
      const behind = isUrgent ? this.waiting.findIndex((other) => !other.isUrgent) : -1;
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, entry);
      this.startNext();
    });
  }

  private startNext(): void {
    if (!this.isBusy) this.waiting.shift()?.start();
  }
}
