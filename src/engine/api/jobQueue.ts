/** One task that waits for its turn. */
interface Waiting {
  readonly isUrgent: boolean;
  readonly start: () => void;
}

/**
 * Runs one task at a time: those first that somebody waits for at a cursor, in order of arrival among their like. What runs is not
 * interrupted. Who is aborted while waiting leaves the queue at once.
 */
export class JobQueue {
  private readonly waiting: Waiting[] = [];
  private isBusy = false;

  /** @throws what the task throws; the signal's reason when aborted, at once, though the next begins only when the task has ended */
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
