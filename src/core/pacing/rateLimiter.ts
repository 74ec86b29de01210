import type { Clock } from '../async/clock';
import { learnFromHeaders, learnFromRefusal, type Refusal } from './learnLimits';
import { earliestStartMs, planStartsMs, send, settle, withdraw, type RateBudget } from './rateLimit';
import type { AnswerHeaders } from './retryAfter';

/**
 * Leave to send one request now. Whoever holds it says how the request ended, or others wait for ever; the first word counts, so that a
 * `finally` may say `failed` after all.
 */
export interface Lease {
  /** There was an answer of any status but 429. */
  answered(headers: AnswerHeaders): void;
  /** The answer was 429: all that wait wait with this one. */
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
 * A laptop may sleep while a timer runs, which stands still meanwhile on some systems while the buckets fill: look at the clock again
 * after a minute at the latest. Also well below the 2^31 ms that timers can hold.
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
    // An abort in the very moment of leave: nobody will send this one.
    if (signal.aborted) lease?.release();
    signal.throwIfAborted();
    if (!lease) throw new Error('a request left the queue without an abort');
    return lease;
  }

  /** When a request would start if it were asked for now, behind all that wait. An estimate: answers and aborts move it. */
  estimateStartMs(audioS: number): number {
    const nowMs = this.clock.nowMs();
    const waitingS = this.waiters.map((waiter) => waiter.audioS);
    return planStartsMs(this.budget, [...waitingS, audioS], nowMs).at(-1) ?? nowMs;
  }

  /** Resolves when anything was learned, so that what waits may start at another time than was told. */
  nextNews(): Promise<void> {
    return new Promise((resolve) => this.listeners.push(resolve));
  }

  /** When the next of those that wait will start, as known now; undefined where nobody waits. What a countdown shows. */
  nextStartMs(): number | undefined {
    const waitingS = this.waiters.slice(0, 1).map((waiter) => waiter.audioS);
    return planStartsMs(this.budget, waitingS, this.clock.nowMs())[0];
  }

  /** Lets start whoever may, and sets the alarm for the first who may not yet. Called whenever anything has changed. */
  private serve(): void {
    this.alarm.abort();
    for (let first = this.waiters[0]; first; first = this.waiters[0]) {
      const nowMs = this.clock.nowMs();
      const startMs = earliestStartMs(this.budget, first.audioS, nowMs);
      // The end of a request under way comes back here.
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
    // A request that has ended is known no more, so a second word changes nothing.
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
