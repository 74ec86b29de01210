import assert from 'node:assert/strict';
import path from 'node:path';
import type { Answer } from '../../../../src/core/model';
import type { Clock } from '../../../../src/core/async/clock';
import type { RequestEvent } from '../../../../src/core/transcription/transcriber';
import type { LogEntry, RequestLog } from '../../../../src/core/transcription/requestLog';
import { UNKNOWN_BUDGET, type RateBudget } from '../../../../src/core/pacing/rateLimit';
import { RateLimiter, type Lease } from '../../../../src/core/pacing/rateLimiter';
import { FetchTransport } from '../../../../src/node/http/fetchTransport';
import { TRANSPORT_TIMEOUTS, type HttpTransport, type TransportTimeouts } from '../../../../src/node/http/transport';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import type { RequestParts } from '../../../../src/node/speech/httpTranscriber';
import type { OpenServer } from '../../../../src/node/speech/openServer';
import { LearnedShapes } from '../../../../src/node/speech/learnedShapes';

/** Parts of requests for tests: real transports and real servers, but a clock that waits for nobody. */

/** So short that no test waits long for them, so long that a busy machine keeps them. */
export const SHORT_TIMEOUTS: TransportTimeouts = { connectMs: 2000, answerMs: 1000, bodyMs: 1000 };

/** Both ways to a server. */
export const TRANSPORTS: Readonly<Record<string, (timeouts?: TransportTimeouts) => HttpTransport>> = {
  UndiciTransport: (timeouts = TRANSPORT_TIMEOUTS) => new UndiciTransport(timeouts),
  FetchTransport: (timeouts = TRANSPORT_TIMEOUTS) => new FetchTransport(timeouts),
};

/** Sleeps take no time: they are written down, and the clock says that they are over. */
export class ImpatientClock implements Clock {
  readonly sleepsMs: number[] = [];

  /** @param onSleep what happens during a sleep, told by its number, from 1 */
  constructor(
    private timeMs = Date.UTC(2026, 10, 23),
    private readonly onSleep: (count: number) => Promise<void> = () => Promise.resolve(),
  ) {}

  nowMs(): number {
    return this.timeMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleepsMs.push(ms);
    this.timeMs += Math.ceil(ms);
    await this.onSleep(this.sleepsMs.length);
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}

/** Time stands still: every sleep lasts until it is aborted. */
export class FrozenClock implements Clock {
  private sleepers = 0;
  private readonly watchers = new Set<() => void>();

  nowMs(): number {
    return Date.UTC(2026, 10, 23);
  }

  sleep(_ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((_, reject) => {
      const stop = (): void => {
        reject(signal.reason as Error);
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      this.sleepers++;
      for (const watcher of this.watchers) watcher();
    });
  }

  /** Waits until so many sleeps have begun. */
  async sleeping(count: number): Promise<void> {
    while (this.sleepers < count) {
      await new Promise<void>((resolve) => {
        const watcher = (): void => {
          this.watchers.delete(watcher);
          resolve();
        };
        this.watchers.add(watcher);
      });
    }
  }
}

export class KeptLog implements RequestLog {
  readonly entries: LogEntry[] = [];

  write(entry: LogEntry): void {
    this.entries.push(entry);
  }

  of<Kind extends LogEntry['kind']>(kind: Kind): Extract<LogEntry, { readonly kind: Kind }>[] {
    return this.entries.filter((entry): entry is Extract<LogEntry, { readonly kind: Kind }> => entry.kind === kind);
  }
}

/** A limiter that tells what became of every lease. */
export class WatchedLimiter extends RateLimiter {
  /** The first word of each lease, in the order of words. */
  readonly words: string[] = [];
  leaseCount = 0;

  constructor(clock: Clock, budget: RateBudget = UNKNOWN_BUDGET) {
    super(clock, budget);
  }

  override async acquire(audioS: number, signal: AbortSignal): Promise<Lease> {
    const lease = await super.acquire(audioS, signal);
    this.leaseCount++;
    let isOver = false;
    const say = (word: string): void => {
      if (!isOver) this.words.push(word);
      isOver = true;
    };
    return {
      answered: (headers) => {
        say('answered');
        lease.answered(headers);
      },
      refused: (refusal) => {
        say('refused');
        lease.refused(refusal);
      },
      failed: () => {
        say('failed');
        lease.failed();
      },
      release: () => {
        say('release');
        lease.release();
      },
    };
  }
}

export interface TestParts extends RequestParts {
  readonly clock: Clock;
  readonly log: KeptLog;
  readonly limiter: WatchedLimiter;
}

/** @param folder where what is learned of servers is kept */
export function testParts(
  transport: HttpTransport,
  folder: string,
  {
    clock = new ImpatientClock(),
    budget = UNKNOWN_BUDGET,
  }: { readonly clock?: Clock; readonly budget?: RateBudget } = {},
): TestParts {
  const limiter = new WatchedLimiter(clock, budget);
  let count = 0;
  return {
    transport,
    clock,
    limiter,
    log: new KeptLog(),
    userAgent: 'Minutes/1.2.3',
    knownAddresses: new Set<string>(),
    answeredModels: new Set<string>(),
    shapes: new LearnedShapes(path.join(folder, 'servers.json'), () => clock.nowMs()),
    limiterFor: () => limiter,
    nextNumber: () => ++count,
  };
}

/** How often servers were opened and given back. */
export class OpenCount {
  opened = 0;
  released = 0;

  /** A server as the client opens it for every attempt. */
  opener(facts: Omit<OpenServer, 'release'>): () => Promise<OpenServer> {
    return () => {
      this.opened++;
      return Promise.resolve({ ...facts, release: () => this.released++ });
    };
  }

  assertEven(): void {
    assert.equal(this.released, this.opened, 'every server that was opened was given back once');
  }
}

/** Reads what happens to a request until its answer. */
export async function answerOf(events: AsyncIterable<RequestEvent>, told: RequestEvent[] = []): Promise<Answer> {
  let answer: Answer | undefined;
  for await (const event of events) {
    told.push(event);
    if (event.kind === 'answered') answer = event.answer;
  }
  assert.ok(answer, 'the last event is the answer');
  return answer;
}
