import type { Clock } from '../../src/core/async/clock';

interface Timer {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Time that passes only when nobody has anything else to do: hours in milliseconds, the same in every run. */
export class SimulatedClock implements Clock {
  /** In the order in which they are due; those of one moment in the order in which they were set. */
  private readonly timers: Timer[] = [];

  constructor(private timeMs = Date.UTC(2026, 10, 23)) {}

  nowMs(): number {
    return this.timeMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!Number.isFinite(ms)) throw new Error(`sleep(${ms})`);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(reasonOf(signal));
        return;
      }
      const timer: Timer = {
        dueMs: this.timeMs + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener('abort', cancel);
          resolve();
        },
      };
      const cancel = (): void => {
        this.timers.splice(this.timers.indexOf(timer), 1);
        if (signal) reject(reasonOf(signal));
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const later = this.timers.findIndex(({ dueMs }) => dueMs > timer.dueMs);
      this.timers.splice(later < 0 ? this.timers.length : later, 0, timer);
    });
  }

  /** Time passes while nobody wakes, as while a machine sleeps: what was due meanwhile comes late. */
  jump(ms: number): void {
    this.timeMs += ms;
  }

  /** Lets time pass until the work is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    const state = { isDone: false };
    const end = (): void => {
      state.isDone = true;
    };
    work.then(end, end);
    for (;;) {
      await settled();
      if (state.isDone) return work;
      const next = this.timers.shift();
      if (!next) throw new Error('The work waits for something that never comes.');
      this.timeMs = Math.max(this.timeMs, next.dueMs);
      next.wake();
    }
  }
}

/** Everything that can go on without time passing has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error(String(reason));
}
