/** The right to be one of a number at work. */
export interface Place {
  /** Whether the work may begin. */
  readonly isFree: boolean;
  /** Resolves when the work may begin. @throws the signal's reason when aborted */
  readonly come: (signal: AbortSignal) => Promise<void>;
  /** Lets the next one begin; to be called in any case. A second call changes nothing. */
  readonly leave: () => void;
}

interface Waiter {
  isFree: boolean;
  begin: () => void;
}

/** Places for work that may go on at the same time, given out in the order in which they were asked for. */
export class Places {
  private readonly working = new Set<Waiter>();
  private readonly waiting: Waiter[] = [];

  /** @param count how many may work at once; after it has grown, {@link fill} lets more begin */
  constructor(private readonly count: () => number) {}

  take(): Place {
    const waiter: Waiter = { isFree: false, begin: () => undefined };
    this.waiting.push(waiter);
    this.fill();
    return {
      get isFree() {
        return waiter.isFree;
      },
      come: async (signal) => {
        signal.throwIfAborted();
        if (!waiter.isFree) {
          await new Promise<void>((resolve) => {
            waiter.begin = resolve;
            signal.addEventListener('abort', () => {
              resolve();
            });
          });
        }
        signal.throwIfAborted();
      },
      leave: () => {
        const at = this.waiting.indexOf(waiter);
        if (at >= 0) this.waiting.splice(at, 1);
        if (this.working.delete(waiter)) this.fill();
      },
    };
  }

  /** Lets as many begin as there are places. */
  fill(): void {
    while (this.working.size < this.count()) {
      const next = this.waiting.shift();
      if (!next) return;
      this.working.add(next);
      next.isFree = true;
      next.begin();
    }
  }
}
