import type { Clock } from '../async/clock';
import { learnFromHeaders, learnFromRefusal, type Refusal } from './learnLimits';
import { earliestStartMs, planStartsMs, send, settle, withdraw, type RateBudget } from './rateLimit';
import type { AnswerHeaders } from './retryAfter';

/**
 * The right to send one request now. The holder must call one of these methods when the request has ended; otherwise other requests wait
 * for ever. Only the first call counts, so that a `finally` may always call `failed`.
 */
export interface Lease {
  /** The server answered with a status other than 429. */
  answered(headers: AnswerHeaders): void;
  /** The server answered with 429: all waiting requests wait as well. */
  refused(refusal: Refusal): void;
  /** There was no answer; the request may have reached the server. */
  failed(): void;
  /** The request never reached the server. */
  release(): void;
}

interface Waiter {
  readonly audioS: number;
  readonly grant: (lease: Lease) => void;
}

/**
 * While a laptop sleeps, timers stand still on some systems, but the buckets fill. So the limiter looks at the clock again after a minute
 * at the latest. The value is also well below the 2^31 ms that timers can hold.
 */
const LONGEST_SLEEP_MS = 60_000;

/** Lets requests start as soon as the limits allow, in the order in which they were asked for. One for each endpoint and key. */
export class RateLimiter {
  private readonly waiters: Waiter[] = [];
  private alarm = new AbortController();
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private budget: RateBudget,
  ) {}

  /** Resolves when the request may be sent. @throws the signal's reason when aborted; others move up at once */
  async acquire(audioS: number, signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    let leave = (): void => undefined;
    const lease = await new Promise<Lease | undefined>((resolve) => {
      const waiter: Waiter = { audioS, grant: resolve };
      leave = () => {
        const place = this.waiters.indexOf(waiter);
        if (place >= 0) this.waiters.splice(place, 1);
        resolve(undefined);
        this.serve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiters.push(waiter);
      this.serve();
    });
    signal.removeEventListener('abort', leave);
    // An abort in the moment in which the lease was given: nobody will send this request.
    if (signal.aborted) lease?.release();
    signal.throwIfAborted();
    if (!lease) throw new Error('a request left the queue without an abort');
    return lease;
  }

  /**
   * An estimate of when the last of these requests would start if they were asked for now, behind all that wait. Answers and aborts change
   * it.
   *
   * @param audioS the seconds of audio of each
   */
  estimateStartMs(...audioS: readonly number[]): number {
    const nowMs = this.clock.nowMs();
    const waitingS = this.waiters.map((waiter) => waiter.audioS);
    return planStartsMs(this.budget, waitingS.concat(audioS), nowMs).at(-1) ?? nowMs;
  }

  /** Resolves when something was learned, so that waiting requests may start at other times than estimated. */
  nextNews(): Promise<void> {
    return new Promise((resolve) => this.listeners.push(resolve));
  }

  /** When the next waiting request will start, as known now, for a countdown; undefined where none waits. */
  nextStartMs(): number | undefined {
    const waitingS = this.waiters.slice(0, 1).map((waiter) => waiter.audioS);
    return planStartsMs(this.budget, waitingS, this.clock.nowMs())[0];
  }

  /** Starts the waiting requests that may start, and sets a timer for the first that may not. Called whenever something has changed. */
  private serve(): void {
    this.alarm.abort();
    for (let first = this.waiters[0]; first; first = this.waiters[0]) {
      const nowMs = this.clock.nowMs();
      const startMs = earliestStartMs(this.budget, first.audioS, nowMs);
      // When a request under way ends, this method is called again.
      if (startMs === undefined) return;
      if (startMs > nowMs) {
        this.serveAfter(startMs - nowMs);
        return;
      }
      this.waiters.shift();
      const { budget, id } = send(this.budget, first.audioS, nowMs);
      this.budget = budget;
      first.grant(this.leaseOf(id));
    }
  }

  private serveAfter(waitMs: number): void {
    const alarm = new AbortController();
    this.alarm = alarm;
    this.clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS), alarm.signal).then(
      () => {
        if (this.alarm === alarm && !alarm.signal.aborted) this.serve();
      },
      () => undefined,
    );
  }

  private leaseOf(id: number): Lease {
    // A request that has ended is no longer under way, so a second call changes nothing.
    const learn = (after: (budget: RateBudget, nowMs: number) => RateBudget): void => {
      this.budget = after(this.budget, this.clock.nowMs());
      this.serve();
      for (const tell of this.listeners.splice(0)) tell();
    };
    return {
      answered: (headers) => {
        learn((budget, nowMs) => learnFromHeaders(budget, id, headers, nowMs));
      },
      refused: (refusal) => {
        learn((budget, nowMs) => learnFromRefusal(budget, id, refusal, nowMs));
      },
      failed: () => {
        learn((budget, nowMs) => settle(budget, id, nowMs));
      },
      release: () => {
        learn((budget) => withdraw(budget, id));
      },
    };
  }
}
